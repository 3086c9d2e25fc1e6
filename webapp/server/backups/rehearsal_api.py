"""The routes of rehearsals and reminders (docs/api.md, "Later")."""

from typing import Any

from django.utils import timezone
from ninja import Router

from . import selectors
from .entrance import FETCHING, AccountRequest
from .errors import InvalidRequest
from .models import Rehearsal, Safe
from .reminding import Answer, Kind
from .services import expiry, reminders
from .wire_types import Id, RehearsalBody, ReminderBody, iso_time

router = Router()
COUNT_LIMIT = 2**31 - 1


def rehearsal_state(safe: Safe) -> dict[str, Any] | None:
    """The newest rehearsal, null where there was none."""
    last = reminders.last_rehearsal(safe)
    return None if last is None else _told(last)


def _told(row: Rehearsal) -> dict[str, Any]:
    return {
        "snapshot": bytes(row.snapshot_id).hex(),
        "made": iso_time(row.made),
        "passed": row.passed,
        "chunks": row.chunks,
        "missing": row.missing,
        "sampled": row.sampled,
        "failure": row.failure or None,
    }


def reminder_state(safe: Safe) -> dict[str, str | None]:
    """When each is due next, null for never."""
    return {kind.value: iso_time(reminders.schedule(safe, kind).due) for kind in Kind}


@router.post("safes/{safe}/rehearsals", auth=FETCHING)
def note_rehearsal(request: AccountRequest, safe: Id, body: RehearsalBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """What the owner's own check found. The site believes it: it is there for the owner alone."""
    own = selectors.own_safe(request.auth, safe)
    numbers = (body.chunks, body.missing, body.sampled)
    if not all(0 <= number <= COUNT_LIMIT for number in numbers):
        raise InvalidRequest({"fields": ["chunks", "missing", "sampled"]})
    now = timezone.now()
    found = Rehearsal(
        snapshot_id=body.snapshot,
        passed=body.passed,
        chunks=body.chunks,
        missing=body.missing,
        sampled=body.sampled,
        failure=body.failure or "",
    )
    reminders.record(own, found, now)
    expiry.touch(own, now)
    return _told(found)


@router.post("safes/{safe}/reminders")
def answer_reminder(request: AccountRequest, safe: Id, body: ReminderBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """How a reminder was met; → when it comes next."""
    own = selectors.own_safe(request.auth, safe)
    try:
        kind, given = Kind(body.kind), Answer(body.answer)
    except ValueError:
        raise InvalidRequest({"fields": ["kind", "answer"]}) from None
    return {"due": iso_time(reminders.answer(own, kind, given, timezone.now()).due)}
