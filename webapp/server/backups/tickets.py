"""Account tickets for the vault: signed by the site, for one safe and one purpose, good for a minute."""

import hashlib
import secrets
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from vault.wire.ticket import (
    ID_BYTES,
    LIFETIME_SECONDS,
    TICKET_ID_BYTES,
    AccountTicket,
    Purpose,
    encode,
)
from webapp.server import signing
from webapp.server.accounts.models import Account

from .limits import TICKETS_PER_MINUTE
from .models import Safe
from .rate import take_turn

_SESSION_DOMAIN = b"coffer/v1/ticket-session"


def session_name(session_key: str) -> bytes:
    """16 bytes that name a session to the vault and do not lead back to its key."""
    return hashlib.sha256(_SESSION_DOMAIN + session_key.encode()).digest()[:ID_BYTES]


def issue_ticket(account: Account, safe: Safe, purpose: Purpose, session_key: str) -> str:
    """The text for the header Coffer-Ticket. Raises RateLimited, signing.TicketKeyUnusable."""
    take_turn("ticket", account, per_minute=TICKETS_PER_MINUTE)
    ticket = AccountTicket(
        ticket_id=secrets.token_bytes(TICKET_ID_BYTES),
        account=bytes(account.public_id),
        safe=bytes(safe.safe_id),
        session=session_name(session_key),
        expiry=int(timezone.now().timestamp()) + LIFETIME_SECONDS,
        purpose=purpose,
    )
    signature = signing.sign_with_ticket_key(Path(settings.SITE_TICKET_KEY_PATH), ticket.signed_message())
    return encode(ticket, signature)
