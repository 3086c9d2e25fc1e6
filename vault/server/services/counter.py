"""A record's counter in the database: read only with its custody MAC, written only by a conditional UPDATE.

The MAC covers everything the lockout rule decides on, so an edit in SQL closes the record.
"""

from datetime import datetime
from typing import Any

from vault.lockout import Event, GuessRecord, State
from vault.server import rows
from vault.server.models import LoginState, Record, Safe
from vault.server.router import ALIAS
from vault.wire.encoding import field
from vault.wire.errors import ErrorCode, VaultError

from . import events, sealing

_DOMAIN = b"coffer/v1/vault/counter"


def locked(record_pk: int) -> Record | None:
    """The row, held against other writers until the transaction ends; None where it is gone."""
    return Record.objects.using(ALIAS).select_for_update().filter(pk=record_pk).first()


def named(safe: Safe, record_id: bytes) -> Record | None:
    """The safe's record of that id (16 bytes), held as by `locked`."""
    pk = Record.objects.using(ALIAS).filter(safe=safe, record_id=record_id).values_list("pk", flat=True).first()
    return None if pk is None else locked(pk)


def read(record: Record, *, alive: int | None = None) -> GuessRecord:
    """The rule's view of a row. alive: see `sealing.verify_mac`. Raises VaultError record_closed where the row does
    not match its MAC, custody_down."""
    found = _view(record)
    sealing.verify_mac(record.epoch, _message(record, found), record.counter_mac, alive=alive)
    return found


def create(record: Record, counter: GuessRecord, event: Event | None, at: datetime) -> None:
    """Store a new row with this counter, and what made it."""
    link = events.link(record, event, at, counter.guesses_left)
    for name, value in _columns(record, counter).items():
        setattr(record, name, value)
    record.save(using=ALIAS, force_insert=True)
    events.store(link)


def write(record: Record, counter: GuessRecord, event: Event | None, at: datetime, **changes: Any) -> None:
    """The one conditional UPDATE: it takes effect only on the row exactly as it was read.

    A destroyed record loses its sealed columns in the same statement, and its login states in the same transaction; it
    was destroyed `at`.
    The event commits with it. changes: other columns (epoch included, for a record that is sealed anew). Raises
    VaultError busy where another writer was first.
    """
    before = record.counter_mac
    for name, value in changes.items():
        setattr(record, name, value)
    link = events.link(record, event, at, counter.guesses_left)
    chain = {"event_count": record.event_count, "event_head": record.event_head}
    columns = changes | chain | _columns(record, counter)
    if counter.state is State.DESTROYED:
        columns["destroyed"] = at
        columns |= {"sealed_evaluation": None, "sealed_wrapped_key": None, "content": None}
        LoginState.objects.using(ALIAS).filter(record_id=record.pk).delete()
    if rows.table(Record).update(columns, {"id": record.pk, "counter_mac": before}) != 1:
        raise VaultError(ErrorCode.BUSY)
    for name, value in columns.items():
        setattr(record, name, value)
    events.store(link)


def vouch(record: Record) -> bytes:
    """The MAC over the row as it is, under the epoch it names: for a record that is sealed anew. Raises VaultError."""
    return sealing.mac(record.epoch, _message(record, _view(record)))


def _view(record: Record) -> GuessRecord:
    return GuessRecord(
        state=State(record.state),
        version=record.version,
        guesses_left=record.guesses_left,
        failures=record.failures,
        charges=record.charges,
        locked_until=record.locked_until,
        pending_until=record.pending_until,
        paused=record.paused,
    )


def _columns(record: Record, counter: GuessRecord) -> dict[str, Any]:
    return {
        "state": counter.state.value,
        "guesses_left": counter.guesses_left,
        "failures": counter.failures,
        "charges": counter.charges,
        "locked_until": counter.locked_until,
        "pending_until": counter.pending_until,
        "paused": counter.paused,
        "counter_mac": sealing.mac(record.epoch, _message(record, counter)),
    }


def _message(record: Record, counter: GuessRecord) -> bytes:
    parts = (
        _DOMAIN,
        record.record_id,
        record.safe_id.to_bytes(8, "big"),
        counter.version.to_bytes(4, "big"),
        counter.state.value.encode("ascii"),
        counter.guesses_left.to_bytes(2, "big"),
        counter.failures.to_bytes(4, "big"),
        counter.charges.to_bytes(8, "big"),
        _moment(counter.locked_until),
        _moment(counter.pending_until),
        record.event_count.to_bytes(8, "big"),
        record.event_head or b"",
        # One field more while paused, so that what was vouched for before there were pauses stays so.
        *([b"paused"] if counter.paused else []),
    )
    return b"".join(map(field, parts))


def _moment(value: datetime | None) -> bytes:
    return b"" if value is None else value.isoformat().encode("ascii")
