"""The leaving room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeavingConfig(AppConfig):
    """Taking one's data along, and deleting the account."""

    name = "webapp.server.leaving"
    label = "leaving"
    verbose_name = _("Leaving")

    def ready(self) -> None:
        from . import receivers

        receivers.connect()
