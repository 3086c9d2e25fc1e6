"""What the owner may read of a safe's history: every event of every record, signed where the chain ends."""

from vault.lockout import State
from vault.server import crypto, selectors, tickets
from vault.server.clock import database_now
from vault.server.models import Event, Record, Safe
from vault.server.router import ALIAS
from vault.wire import messages
from vault.wire.event_chain import ChainEnd
from vault.wire.limits import EVENTS_PAGE
from vault.wire.ticket import AccountTicket

from . import counter, events, identity, safes, sealing
from .ending import end_spent_record
from .transactions import durable


@sealing.across_rotation
def read(ticket: AccountTicket, request: messages.ReadEvents) -> messages.EventsPage:
    """The first record of at least the version asked for, and a page of its events.

    Registrations that were never finished are left out: they vanish by themselves. Raises VaultError safe_unknown,
    record_closed (its counter or chain head was edited), custody_down.
    """
    end_spent_record(ticket)
    found: list[Event] = []
    following = None
    with durable():
        tickets.spend(ticket, database_now())
        safe = safes.held(ticket)
        record = _from(safe, request.version)
        if record is not None:
            counter.read(record)
            following = _from(safe, record.version + 1)
            rows = Event.objects.using(ALIAS).filter(record=record, number__gt=request.after)
            found = list(rows.order_by("number")[:EVENTS_PAGE])
    end = ChainEnd(
        nonce=ticket.ticket_id,
        account=ticket.account,
        safe=ticket.safe,
        asked=request.version,
        record=None if record is None else record.record_id,
        version=None if record is None else record.version,
        state="none" if record is None else record.state,
        count=0 if record is None else record.event_count,
        head=None if record is None else record.event_head,
        next_version=None if following is None else following.version,
    )
    return messages.EventsPage(
        record=end.record,
        version=end.version,
        state=end.state,
        count=end.count,
        head=end.head,
        next_version=end.next_version,
        events=tuple(
            messages.Event(event.number, event.kind, events.time_of(event), event.guesses_left, event.head)
            for event in found
        ),
        signature=crypto.sign(identity.opened().signing_seed, end.message()),
    )


def _from(safe: Safe, version: int) -> Record | None:
    finished = selectors.records_of(safe).exclude(state=State.PENDING.value)
    return finished.filter(version__gte=version).order_by("version").first()
