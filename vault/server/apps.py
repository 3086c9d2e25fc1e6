"""The vault as a Django app.

Settings it needs:

    DATABASES["vault"]       its own database; ATOMIC_REQUESTS off. SQLite: OPTIONS transaction_mode "IMMEDIATE" and
                             an init_command with "PRAGMA synchronous=FULL"; PostgreSQL: fsync and synchronous_commit
                             not off. So a charge that returned is on disk
    DATABASE_ROUTERS         ["vault.server.router.VaultRouter"]
    VAULT_TICKET_PUBLIC_KEY  32 bytes, or a callable that returns them: whose account tickets count
    VAULT_CUSTODY            {"kind": "software", "path": folder of the epoch keys}, or
                             {"kind": "pkcs11", "module": library, "token": label, "pin_file": path, mode 0600}
    VAULT_ROTATE_DAYS        optional: days between rotations by the worker (30); 0: by command only
    VAULT_DUMPS              folder for the dump that each rotation writes and verifies
    VAULT_BACKOFF            optional: pairs of failure number and seconds until the next guess. Unset: the table of
                             vault/lockout.py. [] switches waits off, for tests only: the budget of ten stays

On SQLite every connection also gets PRAGMA secure_delete (erasure.py), which needs no setting.
`checks.py` refuses to start where the database settings would let a charge be lost.
"""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Records, guesses and custody: on the database alias "vault"."""

    name = "vault.server"
    label = "vault"
    verbose_name = "Key vault"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, erasure

        checks.register_all()
        erasure.connect()
