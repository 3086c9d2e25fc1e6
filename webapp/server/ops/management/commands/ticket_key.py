"""`manage.py ticket_key`: what a vault on a host of its own must know of this site."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from vault.wire.encoding import to_text
from webapp.server.signing import ensure_ticket_key


class Command(BaseCommand):
    help = "Print the public half of the key that signs account tickets, for the vault's COFFER_VAULT_TICKET_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(to_text(ensure_ticket_key(settings.SITE_TICKET_KEY_PATH)))
