"""A record's hash chain of events: each head covers the one before, the newest stands in the record under its MAC."""

from datetime import UTC, datetime

from vault import lockout
from vault.server import rows
from vault.server.models import Event, Record
from vault.server.router import ALIAS
from vault.wire.event_chain import event_head


def link(record: Record, kind: lockout.Event | None, at: datetime, guesses_left: int) -> Event | None:
    """Move the record's chain on by one event (neither is saved). None: nothing happened that is told."""
    if kind is None:
        return None
    event = Event(
        record=record, number=record.event_count + 1, kind=kind.value, at=at.astimezone(UTC), guesses_left=guesses_left
    )
    event.head = head(record.record_id, record.event_head or b"", event)
    record.event_count, record.event_head = event.number, event.head
    return event


def store(event: Event | None) -> None:
    """In the transaction of the change it describes."""
    if event is not None:
        event.record_id = event.record.pk
        rows.table(Event).insert(event)


def time_of(event: Event) -> str:
    """When it happened, as it is hashed: ISO 8601, UTC, to the microsecond."""
    return event.at.astimezone(UTC).isoformat(timespec="microseconds")


def head(record_id: bytes, before: bytes, event: Event) -> bytes:
    """The head after this event (vault/wire/event_chain.py)."""
    return event_head(record_id, before, event.number, event.kind, time_of(event), event.guesses_left)


def chain_holds(record: Record) -> bool:
    """Whether the stored events lead to the record's own head (whose MAC the caller has verified)."""
    before, count = b"", 0
    for event in Event.objects.using(ALIAS).filter(record=record).order_by("number").iterator():
        count += 1
        before = head(record.record_id, before, event)
        if (event.number, event.head) != (count, before):
            return False
    return (count, before) == (record.event_count, record.event_head or b"")
