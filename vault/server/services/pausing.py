"""Guessing paused for all safes of an account, because its owner said "this wasn't me", and resumed at their sign-in.

The site decides both, as it decides who gets a ticket at all: a pause gives it no power it lacks. No guess is given
back, no wait is shortened or prolonged, and a proof of a guess that was charged before still counts.
"""

from vault import lockout
from vault.lockout import ANSWERING, Granted
from vault.server import tickets
from vault.server.clock import database_now
from vault.server.models import Record
from vault.server.router import ALIAS
from vault.wire import messages
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.ticket import NOBODY, AccountTicket

from . import counter, sealing
from .transactions import durable


@sealing.across_rotation
def pause(ticket: AccountTicket) -> messages.Paused:
    """No guess from now on. Repeating it is fine. Raises VaultError custody_down."""
    return _each(ticket, lockout.Pause())


@sealing.across_rotation
def resume(ticket: AccountTicket) -> messages.Paused:
    """Guesses count and cost as before. Repeating it is fine. Raises VaultError custody_down."""
    return _each(ticket, lockout.Resume())


def _each(ticket: AccountTicket, request: lockout.Pause | lockout.Resume) -> messages.Paused:
    changed = 0
    with durable():
        tickets.spend(ticket, database_now())
        rows = Record.objects.using(ALIAS).filter(
            safe__account_id=ticket.account, state__in=[state.value for state in ANSWERING]
        )
        if ticket.safe != NOBODY:
            rows = rows.filter(safe__safe_id=ticket.safe)
        for record_pk in list(rows.order_by("pk").values_list("pk", flat=True)):
            changed += _change(record_pk, request)
    return messages.Paused(changed)


def _change(record_pk: int, request: lockout.Pause | lockout.Resume) -> bool:
    record = counter.locked(record_pk)
    if record is None:
        return False
    try:
        current = counter.read(record)
    except VaultError as error:
        # A record that does not match its MAC answers no guess anyway.
        if error.code is not ErrorCode.RECORD_CLOSED:
            raise
        return False
    now = database_now()
    after, reply, event = lockout.decide(current, request, now)
    if not isinstance(reply, Granted):
        return False
    counter.write(record, after, event, now)
    return True
