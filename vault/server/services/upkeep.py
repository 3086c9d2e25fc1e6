"""What the rule is asked about stored records that no guess is at: one transaction each, or inside the caller's."""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import QuerySet

from vault import lockout
from vault.lockout import Granted
from vault.server import configuration
from vault.server.clock import database_now
from vault.server.models import Record
from vault.wire.errors import ErrorCode, VaultError

from . import counter
from .transactions import durable

_BATCH = 500


def ask(record_pk: int, request: lockout.Request) -> bool:
    """In a transaction: hold the record, ask, store what is granted; → whether it was (not where the row is gone).

    Raises VaultError record_closed, custody_down, busy.
    """
    record = counter.locked(record_pk)
    if record is None:
        return False
    now = database_now()
    after, reply, event = lockout.decide(counter.read(record), request, now, configuration.back_off())
    if not isinstance(reply, Granted):
        return False
    counter.write(record, after, event, now)
    return True


def ask_alone(record_pk: int, request: lockout.Request) -> bool:
    """`ask` in a transaction of its own."""
    with durable():
        return ask(record_pk, request)


def each(record_pks: Iterable[int], act: Callable[[int], bool]) -> tuple[int, int]:
    """→ for how many `act` was true, and how many records are left alone because they do not match their MAC.

    Raises VaultError custody_down.
    """
    done = closed = 0
    for record_pk in record_pks:
        try:
            done += act(record_pk)
        except VaultError as error:
            if error.code is not ErrorCode.RECORD_CLOSED:
                raise
            closed += 1
    return done, closed


def keys(records: QuerySet[Record]) -> Iterator[int]:
    """Every record's key, upwards, read a batch at a time: outside transactions, and whatever changes meanwhile."""
    after = 0
    while batch := list(records.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        yield from batch
        after = batch[-1]
