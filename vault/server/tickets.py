"""Account tickets as the vault sees them: signed by the site, for one purpose, for a minute, once."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError

from vault.wire.encoding import EncodingError
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.limits import TICKET_HEADER_BYTES
from vault.wire.ticket import LIFETIME_SECONDS, AccountTicket, Purpose, decode

from . import configuration, crypto, rows
from .models import SpentTicket
from .router import ALIAS

# A database clock set back by less than this cannot revive a spent ticket.
KEPT_AFTER_EXPIRY = timedelta(hours=1)


def authentic(text: str | None, purpose: Purpose) -> AccountTicket:
    """The header's text → the ticket, if the site signed it for this purpose; its time and use are not judged here.

    Raises VaultError ticket_missing, ticket_refused.
    """
    if not text:
        raise VaultError(ErrorCode.TICKET_MISSING)
    if len(text) > TICKET_HEADER_BYTES:
        raise VaultError(ErrorCode.TICKET_REFUSED)
    try:
        ticket, signature = decode(text)
        crypto.verify(configuration.ticket_public_key(), ticket.signed_message(), signature)
    except (EncodingError, crypto.SignatureInvalid) as error:
        raise VaultError(ErrorCode.TICKET_REFUSED) from error
    if ticket.purpose is not purpose:
        raise VaultError(ErrorCode.TICKET_REFUSED)
    return ticket


def spend(ticket: AccountTicket, now: datetime) -> None:
    """Once for each ticket, in the transaction of what it allows. Raises VaultError ticket_expired, ticket_refused
    (it claims to live longer than a minute), ticket_spent."""
    check(ticket, now)
    store_spent(ticket)


def check(ticket: AccountTicket, now: datetime, *, spent: bool = False) -> None:
    """Its time, and what was read of its use. Raises VaultError ticket_expired, ticket_refused, ticket_spent."""
    seconds_left = ticket.expiry - now.timestamp()
    if seconds_left <= 0:
        raise VaultError(ErrorCode.TICKET_EXPIRED)
    if seconds_left > LIFETIME_SECONDS:
        raise VaultError(ErrorCode.TICKET_REFUSED)
    if spent:
        raise VaultError(ErrorCode.TICKET_SPENT)


def store_spent(ticket: AccountTicket) -> None:
    """The database lets one of any number at once do this. Raises VaultError ticket_spent."""
    spent = SpentTicket(ticket_id=ticket.ticket_id, expires=datetime.fromtimestamp(ticket.expiry, UTC))
    try:
        rows.table(SpentTicket).insert(spent)
    except IntegrityError as error:
        raise VaultError(ErrorCode.TICKET_SPENT) from error


def forget_spent(now: datetime) -> int:
    """Delete spent tickets that can never be valid again; → how many."""
    deleted, _ = SpentTicket.objects.using(ALIAS).filter(expires__lt=now - KEPT_AFTER_EXPIRY).delete()
    return deleted
