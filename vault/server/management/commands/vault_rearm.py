"""`manage.py vault_rearm`: after the database's clock went backwards and is right again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vault.server.services import clock_mark
from vault.wire.errors import VaultError


class Command(BaseCommand):
    help = "Begin every wait between guesses again, in full, and let the vault go on after its clock went backwards."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            waiting = clock_mark.rearm()
        except VaultError as error:
            raise CommandError(f"The waits could not be begun again: {error.message} {error.next}") from error
        self.stdout.write(f"The vault goes on. Records that wait: {waiting}.")
