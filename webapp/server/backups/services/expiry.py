"""Backups that nobody has used for a long time: warned by mail at 30, 7 and 1 days, then into the trash.

"Used" means backed up, restored, unlocked with the password, or told to stay. A safe expires only once its last
warning is a day old: a worker that slept for a month warns first.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from webapp.server.notices.events import mail_account

from ..limits import expiry_days
from ..models import Safe
from .deleting import trash_safe

WARNINGS = (30, 7, 1)
_DAY = timedelta(days=1)
_SALT = "coffer/v1/keep-safe"
KEEP_LINK_SECONDS = 60 * 24 * 3600


def touch(safe: Safe, now: datetime) -> None:
    """The safe is in use. Written at most once a day, and at once where a warning stands."""
    stale = Q(touched__lt=now - _DAY) | Q(warned_days__isnull=False)
    Safe.objects.filter(stale, pk=safe.pk).update(touched=now, warned_days=None, warned=None)


def expires(safe: Safe) -> datetime | None:
    """When it goes into the trash if nobody uses it; None where this site lets nothing expire."""
    days = expiry_days()
    return safe.touched + timedelta(days=days) if days else None


def keep_token(safe: Safe) -> str:
    """What the link in a warning carries: good for this safe for 60 days. Keeping twice is no harm."""
    return signing.dumps([safe.safe_id.hex(), safe.touched.isoformat()], salt=_SALT)


def safe_of_token(token: str) -> Safe | None:
    """The safe that a warning's link is about; None for anything else, and for a safe that is gone."""
    try:
        safe_id, _ = signing.loads(token, salt=_SALT, max_age=KEEP_LINK_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Safe.objects.filter(safe_id=bytes.fromhex(safe_id), purge_after=None).first()


def warn_and_expire(now: datetime | None = None, batch: int = 500) -> tuple[int, int]:
    """One sweep; → (warnings sent, safes trashed). Twice, or late, it does nothing twice and skips no warning."""
    days = expiry_days()
    if not days:
        return 0, 0
    now = now or timezone.now()
    due = Safe.objects.filter(purge_after=None, touched__lt=now - timedelta(days=days - WARNINGS[0]))
    # What has nothing in it takes no room, and nobody misses it.
    due = due.filter(head__isnull=False).order_by("touched", "pk")
    warned = trashed = 0
    for safe in due[:batch].iterator():
        left = safe.touched + timedelta(days=days) - now
        if left <= timedelta(0) and safe.warned_days == WARNINGS[-1] and safe.warned and safe.warned <= now - _DAY:
            trash_safe(safe.account, safe)
            trashed += 1
        else:
            warned += _warn(safe, left, now)
    return warned, trashed


def _warn(safe: Safe, left: timedelta, now: datetime) -> int:
    threshold = min((days for days in WARNINGS if left <= timedelta(days=days)), default=None)
    if threshold is None or (safe.warned_days is not None and safe.warned_days <= threshold):
        return 0
    with transaction.atomic():
        unchanged = Safe.objects.filter(pk=safe.pk, touched=safe.touched, warned_days=safe.warned_days)
        if not unchanged.update(warned_days=threshold, warned=now):
            return 0
        expiry = max(safe.touched + timedelta(days=expiry_days()), now + _DAY)
        mail_account(
            safe.account,
            "backup_expires",
            {"made": safe.created, "touched": safe.touched, "expires": expiry, "keep": keep_token(safe)},
        )
    return 1
