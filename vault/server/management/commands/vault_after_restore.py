"""`manage.py vault_after_restore`: to be run once, before the vault serves again, after its database was restored."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vault.server.services import dump, restoring, rotation
from vault.wire.errors import ErrorCode, VaultError

from .vault_rotate import CLOSED

GONE = (
    "This database was sealed under an epoch whose key is not here any more: a dump from before the last rotation, or "
    "one that was restored before. It opens nothing. Restore a newer dump."
)


class Command(BaseCommand):
    help = "After a restore: at most three guesses are left everywhere, owners are told, and the epoch is rotated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--leave-closed", action="store_true", help="give up rows that do not match their MAC")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restoring.after_restore(leave_closed=options["leave_closed"])
        except rotation.RowsClosed as error:
            raise CommandError(CLOSED.format(rows=error.rows)) from error
        except dump.DumpRefused as error:
            raise CommandError(f"The old key was kept: {error}. Run it again.") from error
        except VaultError as error:
            raise CommandError(GONE if error.code is ErrorCode.CUSTODY_DOWN else error.message) from error
        self.stdout.write(
            f"Records with at most three guesses now: {done.cut}. Epoch {done.rotated.epoch} is current, older keys "
            f"are destroyed. The vault may serve."
        )
