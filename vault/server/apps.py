"""The vault as a Django app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Records, guesses and custody: on the database alias "vault"."""

    name = "vault.server"
    label = "vault"
    verbose_name = "Key vault"
    default_auto_field = "django.db.models.BigAutoField"
