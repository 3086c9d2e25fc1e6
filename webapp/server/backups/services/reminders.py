"""Reminders of a safe, and the rehearsals that its owner reported."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from webapp.server.notices.events import mail_account

from ..models import Rehearsal, Reminder, Safe
from ..reminding import Answer, Kind, Schedule, answered, first

KEPT = 12
"""Rehearsals of a safe that are remembered."""
BATCH = 500


def schedule(safe: Safe, kind: Kind) -> Schedule:
    """As it stands, from the row or from the beginning."""
    row = next((row for row in safe.reminders.all() if row.kind == kind), None)
    return first(kind, safe.created) if row is None else Schedule(row.step, row.due)


def answer(safe: Safe, kind: Kind, given: Answer, now: datetime) -> Schedule:
    """Writes what an answer makes of the schedule. Of two at once the later one counts."""
    with transaction.atomic():
        Safe.objects.select_for_update().get(pk=safe.pk)
        after = answered(kind, schedule(safe, kind), given, now)
        values = {"step": after.step, "due": after.due}
        Reminder.objects.update_or_create(safe=safe, kind=kind, defaults=values)
    return after


def record(safe: Safe, found: Rehearsal, now: datetime) -> Rehearsal:
    """Keeps what a rehearsal found; the monthly mail counts from here."""
    with transaction.atomic():
        found.safe, found.made = safe, now
        found.save()
        old = safe.rehearsals.order_by("-made", "-pk").values_list("pk", flat=True)[KEPT:]
        Rehearsal.objects.filter(pk__in=list(old)).delete()
        answer(safe, Kind.REHEARSAL, Answer.PASSED, now)
    return found


def last_rehearsal(safe: Safe) -> Rehearsal | None:
    """The newest one."""
    return max(safe.rehearsals.all(), key=lambda row: (row.made, row.pk), default=None)


def mail_due(now: datetime | None = None) -> int:
    """The monthly mail to whoever wants it; → how many. Late or twice, each is sent once a month at most."""
    now = now or timezone.now()
    sent = 0
    due = Reminder.objects.filter(kind=Kind.REHEARSAL, due__lte=now, safe__purge_after=None, safe__head__isnull=False)
    for row in due.select_related("safe__account").order_by("due", "pk")[:BATCH].iterator():
        after = answered(Kind.REHEARSAL, Schedule(row.step, row.due), Answer.LATER, now)
        with transaction.atomic():
            if not Reminder.objects.filter(pk=row.pk, due=row.due).update(due=after.due):
                continue
            last = last_rehearsal(row.safe)
            context = {"made": row.safe.created, "last": last.made if last else None, "safe": row.safe.safe_id.hex()}
            mail_account(row.safe.account, "rehearsal_due", context)
        sent += 1
    return sent
