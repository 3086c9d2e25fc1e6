"""A site beside the vault: accounts with addresses, the ticket key that the vault trusts, and what it owes by mail."""

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from webapp.server.accounts.models import Account
from webapp.server.notices import feed
from webapp.server.notices.models import Mail

ADDRESS = "ana@example.org"


def site_of(person: Any, settings: Any, folder: Any) -> Account:
    """The site's half of a test: it signs with the key that the vault was given."""
    path = folder / "ticket-key"
    path.write_bytes(person.site.key.private_bytes_raw())
    path.chmod(0o600)
    settings.SITE_TICKET_KEY_PATH = path
    settings.VAULT_URL = None
    return Account.objects.create(email=ADDRESS, public_id=person.account)


def later(**by: float) -> int:
    """A sweep that much later; → how many mails it owes."""
    feed.take()
    return feed.tell(timezone.now() + timedelta(**by))


def subjects() -> list[str]:
    return list(Mail.objects.order_by("id").values_list("subject", flat=True))


def link_in(mail: Mail) -> str:
    """The path and query of the link "this wasn't me"."""
    found = re.search(r"https?://[^/\s]+(/not-me/\?t=\S+)", mail.text)
    assert found, mail.text
    return found.group(1)
