"""After the database was restored from a dump: few guesses are left, owners are told, the dump works once only.

Guesses made after the dump was taken are forgotten by it. Three are left at most, so that nobody gains more than that
from an operator's restore; whoever knows the password needs one. Then the epoch is rotated at once, so that the same
dump, put back a second time, opens nothing.
"""

from dataclasses import dataclass

from vault import lockout
from vault.lockout import ANSWERING, Granted
from vault.server.clock import database_now
from vault.server.models import Record
from vault.server.router import ALIAS
from vault.wire.errors import ErrorCode, VaultError

from . import counter, identity, rotation
from .transactions import durable

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Restored:
    """cut: records whose budget was looked at, each with an event for its owner; closed: records that do not match
    their MAC."""

    cut: int
    closed: int
    rotated: rotation.Rotated


def after_restore(*, leave_closed: bool = False) -> Restored:
    """Cut, tell, rotate. Running it again after a crash is fine.

    Raises VaultError custody_down where the dump's epoch is gone, and what `rotation.rotate` raises.
    """
    identity.opened()
    cut = closed = after = 0
    answering = [state.value for state in ANSWERING]
    while True:
        rows = Record.objects.using(ALIAS).filter(pk__gt=after, state__in=answering).order_by("pk")
        batch = list(rows.values_list("pk", flat=True)[:_BATCH])
        if not batch:
            break
        for record_pk in batch:
            try:
                cut += _cut(record_pk)
            except VaultError as error:
                if error.code is not ErrorCode.RECORD_CLOSED:
                    raise
                closed += 1
        after = batch[-1]
    return Restored(cut, closed, rotation.rotate(leave_closed=leave_closed))


def _cut(record_pk: int) -> bool:
    with durable():
        record = counter.locked(record_pk)
        if record is None:
            return False
        now = database_now()
        few, reply, event = lockout.decide(counter.read(record), lockout.CutBudget(), now)
        if not isinstance(reply, Granted):
            return False
        counter.write(record, few, event, now)
    return True
