"""What is read from the vault's database without changing it."""

from django.db.models import QuerySet

from vault.lockout import State
from vault.wire import messages

from .models import Record, Safe
from .router import ALIAS


def records_of(safe: Safe, *states: State) -> QuerySet[Record]:
    """The safe's records, of these states where any are named."""
    found = Record.objects.using(ALIAS).filter(safe=safe)
    return found.filter(state__in=[state.value for state in states]) if states else found


def newest_record(safe: Safe) -> Record | None:
    """The active record, else the newest of any state."""
    return records_of(safe, State.ACTIVE).first() or records_of(safe).order_by("-version").first()


def status_of(record: Record | None) -> messages.Status:
    """What an account may know of its record: no secret, and nothing that only a proof shows."""
    if record is None:
        return messages.Status(None, "none", None, None, None, None, None, paused=False)
    return messages.Status(
        record=record.record_id,
        state=record.state,
        version=record.version,
        guesses_left=record.guesses_left,
        failures=record.failures,
        created=int(record.created.timestamp()),
        locked_until=None if record.locked_until is None else int(record.locked_until.timestamp()),
        paused=record.paused,
    )
