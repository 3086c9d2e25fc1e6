"""`manage.py vault_dump FILE`: a consistent dump of the vault, verified by opening every row of it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vault.server.services import dump
from vault.wire.errors import VaultError


class Command(BaseCommand):
    help = "Write a verified dump of the vault (a SQLite file, closed to others) while it serves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verified = dump.write(options["file"].absolute())
        except FileExistsError as error:
            raise CommandError("That file is there already; a dump never replaces another.") from error
        except dump.DumpRefused as error:
            raise CommandError(f"No dump was kept: {error}.") from error
        except VaultError as error:
            raise CommandError(f"No dump was kept: {error.message}") from error
        epochs = ", ".join(map(str, sorted(verified.epochs)))
        self.stdout.write(f"{verified.rows} rows opened (epoch {epochs}), {verified.closed} closed.")
