"""Status: what the account may know of its safe's password. It spends a ticket, so it is a write."""

from vault.lockout import State
from vault.server import selectors, tickets
from vault.server.clock import database_now
from vault.wire import messages
from vault.wire.ticket import AccountTicket

from . import counter, safes, sealing
from .ending import end_spent_record
from .transactions import durable


@sealing.across_rotation
def read(ticket: AccountTicket) -> messages.Status:
    """Raises VaultError safe_unknown, record_closed, custody_down."""
    end_spent_record(ticket)
    with durable():
        now = database_now()
        tickets.spend(ticket, now)
        safe = safes.held(ticket)
        record, staged = selectors.newest_record(safe), selectors.staged_record(safe, now)
        if record is not None and record.state != State.DESTROYED.value:
            counter.read(record)
        if staged is not None:
            counter.read(staged)
    return selectors.status_of(record, staged)
