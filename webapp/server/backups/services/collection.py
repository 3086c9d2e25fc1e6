"""Collecting chunks that no snapshot lists any more, and objects that no row counts.

A safe's chunks come from the index in the order of their ids; the snapshots' id-lists are sorted the same way. So both
are walked side by side, a portion at a time: memory does not grow with their number, and time is linear in it.

Fresh chunks are left alone: their backup may still be on its way. An older one that a running backup counts on, because
it was there when it asked, may go; the commit then says what is missing, and the backup sends it again.
"""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.db.models import F, Q

from ..framing import ID_BYTES
from ..models import Chunk, Removal, Safe, Snapshot
from ..storage import ObjectMissing, Store
from ..storage.names import chunk_name, ids_name, is_object_name, snapshot_names
from . import removals

PORTION = 2000
UPLOADS_END = timedelta(hours=48)
"""A backup on its way is left alone for so long."""


@dataclass(slots=True)
class Collected:
    """What a run took away: chunks and their bytes; objects: those that no row counted."""

    chunks: int = 0
    bytes: int = 0
    objects: int = 0


class _IdList:
    """One snapshot's sorted ids, read forward."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._ids: list[bytes] = []
        self._at = 0

    def up_to(self, last: bytes) -> Iterator[list[bytes]]:
        """Its ids that are not above `last` and were not given yet, in portions."""
        while True:
            end = bisect_right(self._ids, last, self._at)
            if end > self._at:
                yield self._ids[self._at : end]
            self._at = end
            if end < len(self._ids):
                return
            text = self._file.read(PORTION * ID_BYTES)
            if not text:
                return
            self._ids = [text[at : at + ID_BYTES] for at in range(0, len(text), ID_BYTES)]
            self._at = 0


def collect_safe(safe: Safe, store: Store, now: datetime) -> Collected:
    """Chunks of one safe that no snapshot, in the trash or not, lists. Nothing where a list cannot be read."""
    collected = Collected()
    # Read first: a snapshot that is committed meanwhile raises the head, and the portion below is then left alone.
    safe.refresh_from_db(fields=("head",))
    head = safe.head
    with ExitStack() as files:
        try:
            lists = [
                _IdList(files.enter_context(store.open(ids_name(safe.safe_id, snapshot.snapshot_id, snapshot.head))))
                for snapshot in safe.snapshots.order_by("pk")
            ]
        except ObjectMissing:
            return collected
        chunks = Chunk.objects.filter(safe=safe).order_by("chunk_id")
        last: bytes | None = None
        while True:
            rows = list(
                (chunks if last is None else chunks.filter(chunk_id__gt=last)).values_list(
                    "pk", "chunk_id", "sha256", "size", "created"
                )[:PORTION]
            )
            if not rows:
                return collected
            last = bytes(rows[-1][1])
            listed: set[bytes] = set()
            for each in lists:
                for portion in each.up_to(last):
                    listed.update(portion)
            gone = [row for row in rows if bytes(row[1]) not in listed and row[4] < now - UPLOADS_END]
            if gone and not _take_away(safe, head, gone, collected):
                return collected


def _take_away(safe: Safe, head: bytes | None, rows: list[tuple], collected: Collected) -> bool:  # type: ignore[type-arg]
    """The rows, in one transaction with the notes of their objects; → False when a snapshot came in between."""
    with transaction.atomic():
        current = Safe.objects.select_for_update().filter(pk=safe.pk).first()
        if current is None or current.head != head:
            return False
        size = sum(row[3] for row in rows)
        keys = [row[0] for row in rows]
        for start in range(0, len(keys), removals.PORTION):
            Chunk.objects.filter(pk__in=keys[start : start + removals.PORTION]).delete()
        removals.note(safe, (chunk_name(safe.safe_id, bytes(row[1]), bytes(row[2])) for row in rows))
        Safe.objects.filter(pk=safe.pk).update(removals=F("removals") + 1, stored_bytes=F("stored_bytes") - size)
    collected.chunks += len(rows)
    collected.bytes += size
    return True


def collect_objects(store: Store, now: datetime) -> int:
    """Note objects that no row counts and that are older than any upload: a crash between object and row leaves
    them. → how many."""
    noted = 0
    portion: list[str] = []
    for found in store.objects():
        if found.written < now - UPLOADS_END:
            portion.append(found.name)
        if len(portion) == removals.PORTION:
            noted += _note_strays(portion)
            portion = []
    return noted + (_note_strays(portion) if portion else 0)


def _note_strays(names: list[str]) -> int:
    strays = 0
    by_safe: dict[bytes, list[str]] = {}
    for name in names:
        if is_object_name(name):  # what else lies there is not ours to judge
            by_safe.setdefault(bytes.fromhex(name.partition("/")[0]), []).append(name)
    for safe_id, own in by_safe.items():
        with transaction.atomic():
            safe = Safe.objects.select_for_update().filter(safe_id=safe_id).first()
            counted = _counted(safe, own) if safe else set()
            stray = [name for name in own if name not in counted]
            known = set(Removal.objects.filter(name__in=stray).values_list("name", flat=True))
            fresh = [name for name in stray if name not in known]
            Removal.objects.bulk_create([Removal(safe_id=safe_id, name=name) for name in fresh])
            strays += len(fresh)
    return strays


def _counted(safe: Safe, names: list[str]) -> set[str]:
    """Those of the names that a row counts."""
    counted: set[str] = set()
    chunks = [name.rpartition("/")[2].partition(".") for name in names if "/chunks/" in name]
    ids = [bytes.fromhex(identity) for identity, _, _ in chunks]
    for chunk_id, sha256 in Chunk.objects.filter(safe=safe, chunk_id__in=ids).values_list("chunk_id", "sha256"):
        counted.add(chunk_name(safe.safe_id, bytes(chunk_id), bytes(sha256)))
    heads = [name.rpartition("/")[2].split(".") for name in names if "/snapshots/" in name]
    wanted = Q(pk=None)
    for parts in heads:
        wanted |= Q(snapshot_id=bytes.fromhex(parts[0]), head=bytes.fromhex(parts[1]))
    for snapshot_id, head in Snapshot.objects.filter(wanted, safe=safe).values_list("snapshot_id", "head"):
        counted.update(snapshot_names(safe.safe_id, bytes(snapshot_id), bytes(head)))
    return counted
