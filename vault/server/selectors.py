"""What is read from the vault's database without changing it."""

from datetime import datetime

from django.db.models import QuerySet

from vault.lockout import ANSWERING, State
from vault.wire import messages

from .models import Record, Safe
from .router import ALIAS


def records_of(safe: Safe, *states: State) -> QuerySet[Record]:
    """The safe's records, of these states where any are named."""
    found = Record.objects.using(ALIAS).filter(safe=safe)
    return found.filter(state__in=[state.value for state in states]) if states else found


def answering() -> QuerySet[Record]:
    """All safes' records that can be guessed at."""
    return Record.objects.using(ALIAS).filter(state__in=[state.value for state in ANSWERING])


def newest_record(safe: Safe) -> Record | None:
    """The active record, else the newest; a staged one is not meant."""
    others = records_of(safe).exclude(state=State.STAGED.value)
    return records_of(safe, State.ACTIVE).first() or others.order_by("-version").first()


def staged_record(safe: Safe, now: datetime) -> Record | None:
    """The record that waits to replace the active one, while its time lasts."""
    return records_of(safe, State.STAGED).filter(pending_until__gt=now).first()


def status_of(record: Record | None, staged: Record | None) -> messages.Status:
    """What an account may know of its records: no secret, and nothing that only a proof shows."""
    waiting = None if staged is None else staged.record_id
    until = None if staged is None else seconds(staged.pending_until)
    if record is None:
        return messages.Status(
            None, "none", None, None, None, None, None, paused=False, staged=waiting, staged_until=until
        )
    return messages.Status(
        record=record.record_id,
        state=record.state,
        version=record.version,
        guesses_left=record.guesses_left,
        failures=record.failures,
        created=int(record.created.timestamp()),
        locked_until=seconds(record.locked_until),
        paused=record.paused,
        staged=waiting,
        staged_until=until,
    )


def seconds(moment: datetime | None) -> int | None:
    """A time as messages tell it: Unix seconds."""
    return None if moment is None else int(moment.timestamp())
