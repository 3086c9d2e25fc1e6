"""Tickets that the site spends itself: for its feed, to look at a safe's state, to pause or resume guessing."""

import secrets
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from vault.wire.ticket import (
    LIFETIME_SECONDS,
    NOBODY,
    OF_THE_SITE,
    TICKET_ID_BYTES,
    AccountTicket,
    Purpose,
    encode,
)
from webapp.server import signing

ONLY_READS = frozenset({Purpose.STATUS})


def own_ticket(purpose: Purpose, account: bytes = NOBODY) -> str:
    """The header's text. account: 16 bytes, for all safes of whom. Raises signing.TicketKeyUnusable."""
    if purpose not in OF_THE_SITE:
        raise ValueError(f"a {purpose.value} ticket is issued to an account's own session")
    return _signed(purpose, account, NOBODY)


def ticket_about(account: bytes, safe: bytes, purpose: Purpose) -> str:
    """The header's text, to look at what the vault holds for one safe (16 bytes). Raises signing.TicketKeyUnusable."""
    if purpose not in ONLY_READS:
        raise ValueError(f"a {purpose.value} ticket changes something: it is issued to an account's own session")
    return _signed(purpose, account, safe)


def _signed(purpose: Purpose, account: bytes, safe: bytes) -> str:
    ticket = AccountTicket(
        ticket_id=secrets.token_bytes(TICKET_ID_BYTES),
        account=account,
        safe=safe,
        session=NOBODY,
        expiry=int(timezone.now().timestamp()) + LIFETIME_SECONDS,
        purpose=purpose,
    )
    signature = signing.sign_with_ticket_key(Path(settings.SITE_TICKET_KEY_PATH), ticket.signed_message())
    return encode(ticket, signature)
