"""`manage.py vault_setup`: epoch keys and identity, made once. Run it after the migrations of the vault's database."""

from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

from vault.custody import CustodyError
from vault.server.router import ALIAS
from vault.server.services import identity
from vault.wire.errors import VaultError


class Command(BaseCommand):
    help = "Make the vault's epoch keys and identity unless they are there."

    def handle(self, *args: Any, **options: Any) -> None:
        # A vault whose database forgets commits would forget charged guesses: it gets no keys.
        self.check(tags=[Tags.database], databases=[ALIAS])
        try:
            made = identity.set_up()
        except (CustodyError, VaultError) as error:
            raise CommandError(f"The vault cannot be set up: {error}") from error
        if options["verbosity"] > 0:
            self.stdout.write("The vault is ready." if made else "The vault was ready.")
