"""`manage.py vault_identity`: the public keys that the browser bundle pins, as JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vault.server.services import identity
from vault.wire.errors import VaultError


class Command(BaseCommand):
    help = "Print the vault's public keys as JSON (base64url), for the pins of the browser bundle."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            public = identity.public()
        except VaultError as error:
            raise CommandError("There is no identity yet: run vault_setup first.") from error
        self.stdout.write(json.dumps(public.to_json()))
