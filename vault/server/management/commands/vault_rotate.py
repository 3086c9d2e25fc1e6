"""`manage.py vault_rotate`: a new epoch key; the old one, and every older dump with it, ends."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vault.server.services import dump, rotation
from vault.wire.errors import VaultError

CLOSED = (
    "{rows} rows do not match their MAC: they were changed from outside, or are damaged. They cannot be sealed anew. "
    "Look at them first (docs/operations.md); with --leave-closed the rotation goes on, and they open nothing any more."
)


class Command(BaseCommand):
    help = "Rotate the epoch key while the vault serves, or finish a rotation that was interrupted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--leave-closed", action="store_true", help="give up rows that do not match their MAC")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = rotation.rotate(leave_closed=options["leave_closed"])
        except rotation.RowsClosed as error:
            raise CommandError(CLOSED.format(rows=error.rows)) from error
        except dump.DumpRefused as error:
            raise CommandError(f"The old key was kept: {error}. Run it again.") from error
        except VaultError as error:
            raise CommandError(f"{error.message} The rotation stands where it was: run it again.") from error
        self.stdout.write(
            f"Epoch {done.epoch}: {done.resealed} rows sealed anew, {done.closed} left closed, older keys destroyed. "
            f"Verified dump: {done.dump}"
        )
