"""Deleting objects, safely beside uploads that may bring the same name again.

Whatever stops counting is noted in the transaction that takes its row away. A sweep later marks a portion as being
deleted, deletes the objects, and removes the notes. An upload that brings a noted name asks `claim` in the transaction
that writes its row: a note that nobody works on is taken back, one that is being deleted makes the upload wait. Both
sides hold the safe's row meanwhile, so no object is ever deleted that a row counts, whoever dies where.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import transaction

from ..bucket import AT_ONCE
from ..models import Removal, Safe
from ..storage import Store

PORTION = 500


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
        names = _take_portion()
        if not names:
            break
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(store.delete, names))
        Removal.objects.filter(name__in=names).delete()
        deleted += len(names)
    return deleted


def _take_portion() -> list[str]:
    """Names that are being deleted from now on: first those that a sweep which died had taken."""
    left = list(Removal.objects.filter(deleting=True).values_list("name", flat=True)[:PORTION])
    if left:
        return left
    first = Removal.objects.order_by("pk").first()
    if first is None:
        return []
    with transaction.atomic():
        # Uploads of this safe wait here, or have written their row and taken the note back.
        Safe.objects.select_for_update().filter(safe_id=first.safe_id).first()
        keys = list(Removal.objects.filter(safe_id=first.safe_id).order_by("pk").values_list("pk", flat=True)[:PORTION])
        Removal.objects.filter(pk__in=keys).update(deleting=True)
        return list(Removal.objects.filter(pk__in=keys).values_list("name", flat=True))
