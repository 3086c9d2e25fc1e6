"""Deleting objects, safely beside uploads that may bring the same name again.

Whatever stops counting is noted in the transaction that takes its row away. A sweep later marks a portion as being
deleted, deletes the objects, and removes the notes. An upload that brings a noted name asks `claim` in the transaction
that writes its row: a note that nobody works on is taken back, one that is being deleted makes the upload wait. Both
sides hold the safe's row meanwhile, so no object is ever deleted that a row counts, whoever dies where.

A name belongs to one sweep at a time: a second one with an old list would delete what was brought again since. What a
sweep took is its own for an hour, and it ends well before; after that it must have died, and the next one goes on.
"""

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ..bucket import AT_ONCE
from ..models import Removal, Safe
from ..storage import Store

PORTION = 500
TAKEN = timedelta(hours=1)
"""How long a portion belongs to the sweep that took it."""
WORK_SECONDS = 1800
"""How long that sweep begins to delete from it: the slowest delete that the store allows ends within the rest."""


def note(safe: Safe, names: Iterable[str]) -> None:
    """These objects count no more. Call it inside the transaction that takes their rows away."""
    rows = [Removal(safe_id=safe.safe_id, name=name) for name in names]
    Removal.objects.bulk_create(rows, batch_size=PORTION, ignore_conflicts=True)


def claim(names: Sequence[str]) -> bool:
    """These objects are about to count (again): inside the transaction that writes their rows, holding the safe's row.
    → False when one of them is being deleted: the caller must not write its row."""
    for start in range(0, len(names), PORTION):
        noted = Removal.objects.filter(name__in=names[start : start + PORTION])
        if noted.filter(deleting=True).exists():
            return False
        noted.delete()
    return True


def sweep(store: Store, portions: int = 200) -> int:
    """Delete what is noted; → how many objects. At most `portions` of 500 a run; the next run goes on."""
    deleted = 0
    for _ in range(portions):
        until, taken = time.monotonic() + WORK_SECONDS, timezone.now()
        names = _take_portion(taken)
        if not names:
            break
        deleted += _delete(store, names, taken, until)
    return deleted


def _take_portion(now: datetime) -> list[str]:
    """Names that are being deleted, by this sweep alone, from `now` on: first those that another one left."""
    free = Removal.objects.filter(Q(taken=None) | Q(taken__lt=now - TAKEN))
    first = free.filter(deleting=True).first() or free.first()
    if first is None:
        return []
    with transaction.atomic():
        # Uploads of this safe wait here, or have written their row and taken the note back.
        Safe.objects.select_for_update().filter(safe_id=first.safe_id).first()
        # The notes are locked too: where the safe is gone, nothing else keeps two sweeps apart.
        alike = free.select_for_update().filter(safe_id=first.safe_id, deleting=first.deleting).order_by("pk")
        rows = list(alike[:PORTION])
        Removal.objects.filter(pk__in=[row.pk for row in rows]).update(deleting=True, taken=now)
    return [row.name for row in rows]


def _delete(store: Store, names: Sequence[str], taken: datetime, until: float) -> int:
    """The objects, then their notes; → how many. What the store refused, or time did not allow, is left for the next
    sweep at once: this one has ended with it."""

    def delete(name: str) -> bool:
        if time.monotonic() >= until:
            return False
        store.delete(name)
        return True

    mine = Removal.objects.filter(taken=taken)
    try:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            gone = [name for name, done in zip(names, threads.map(delete, names), strict=True) if done]
        mine.filter(name__in=gone).delete()
    finally:
        mine.filter(name__in=names).update(taken=None)
    return len(gone)
