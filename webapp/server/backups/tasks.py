"""The clock's work for backups. Each task sweeps the database, so running it twice or late does no harm."""

from celery import shared_task
from django.utils import timezone

from .models import Safe
from .proofs import clear_expired
from .services import collection, expiry, reminders, removals, scrubbing, trash
from .services.deleting import purge_due
from .storage import current_store


@shared_task(name="backups.clear_nonces", ignore_result=True)  # type: ignore[untyped-decorator]
def clear_nonces() -> int:
    """Remove nonces nobody can use any more; → how many."""
    return clear_expired(timezone.now())


@shared_task(name="backups.purge_safes", ignore_result=True)  # type: ignore[untyped-decorator]
def purge_safes() -> int:
    """Remove what deleted safes stored, and safes whose 30 days in the trash are over; → how many are wholly gone."""
    return purge_due(current_store(), timezone.now())


@shared_task(name="backups.empty_trash", ignore_result=True)  # type: ignore[untyped-decorator]
def empty_trash() -> int:
    """Apply keep-rules, and end snapshots that were in the trash for their time; → how many are gone."""
    now = timezone.now()
    trash.apply_rules(now)
    return trash.purge_due(now)


@shared_task(name="backups.warn_and_expire", ignore_result=True)  # type: ignore[untyped-decorator]
def warn_and_expire() -> str:
    """Warn about backups that nobody uses, and put them into the trash at their time."""
    warned, trashed = expiry.warn_and_expire()
    return f"{warned} warned, {trashed} in the trash"


@shared_task(name="backups.remind", ignore_result=True)  # type: ignore[untyped-decorator]
def remind() -> int:
    """Mail whoever wants to be reminded to rehearse a restore; → how many."""
    return reminders.mail_due()


@shared_task(name="backups.collect", ignore_result=True)  # type: ignore[untyped-decorator]
def collect() -> str:
    """Remove chunks that no snapshot lists any more."""
    now, store = timezone.now(), current_store()
    chunks = size = 0
    for safe in Safe.objects.filter(purge_after=None).order_by("pk").iterator():
        done = collection.collect_safe(safe, store, now)
        chunks, size = chunks + done.chunks, size + done.bytes
    deleted = removals.sweep(store)
    return f"{chunks} chunks, {size} bytes; {deleted} objects deleted"


@shared_task(name="backups.collect_strays", ignore_result=True)  # type: ignore[untyped-decorator]
def collect_strays() -> str:
    """Remove objects that no row counts: what a crash in between left."""
    store = current_store()
    noted = collection.collect_objects(store, timezone.now())
    return f"{noted} found, {removals.sweep(store)} deleted"


@shared_task(name="backups.scrub", ignore_result=True)  # type: ignore[untyped-decorator]
def scrub() -> str:
    """Read stored chunks again, the longest unread first."""
    done = scrubbing.scrub(current_store(), timezone.now())
    return f"{done.chunks} chunks, {done.bytes} bytes, {done.damaged} damaged"
