"""Guessing paused for all safes of an account, because its owner said "this wasn't me", and resumed at their sign-in.

The site decides both, as it decides who gets a ticket at all: a pause gives it no power it lacks. No guess is given
back, no wait is shortened or prolonged, and a proof of a guess that was charged before still counts.
"""

from vault import lockout
from vault.server import selectors, tickets
from vault.server.clock import database_now
from vault.wire import messages
from vault.wire.ticket import NOBODY, AccountTicket

from . import sealing, upkeep
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
    with durable():
        tickets.spend(ticket, database_now())
        records = selectors.answering().filter(safe__account_id=ticket.account)
        if ticket.safe != NOBODY:
            records = records.filter(safe__safe_id=ticket.safe)
        held = list(records.order_by("pk").values_list("pk", flat=True))
        # A record that does not match its MAC answers no guess anyway.
        changed, _ = upkeep.each(held, lambda pk: upkeep.ask(pk, request))
    return messages.Paused(changed)
