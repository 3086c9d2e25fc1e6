"""Copying every object that a row counts from one store to another, while the site serves.

The rows stay as they are: names are the same in every store. Whatever is at the target in its full size was copied
before, so an interrupted run goes on where it stood, and a last run after the switch of the setting brings over what
came meanwhile. A copy counts once its SHA-256 is the one the row says.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ..bucket import AT_ONCE
from ..limits import PIECE_BYTES
from ..models import Chunk, Snapshot
from ..storage import ObjectMissing, Store
from ..storage.names import chunk_name, ids_name, manifest_name

PORTION = 500


@dataclass(frozen=True, slots=True)
class Counted:
    """An object that a row counts: size in bytes (None: the row does not say), SHA-256 of its bytes."""

    name: str
    size: int | None
    sha256: bytes


@dataclass(slots=True)
class Moved:
    """What a run did. bytes: of what was copied now; damaged: names whose bytes are gone or not what the row says."""

    copied: int = 0
    there: int = 0
    bytes: int = 0
    damaged: list[str] = field(default_factory=list)


def counted_objects() -> Iterator[Counted]:
    """Snapshots first, since they are few; then the chunks in the order of their rows, in bounded memory."""
    for snapshot in Snapshot.objects.select_related("safe").order_by("pk").iterator(PORTION):
        names = (snapshot.safe.safe_id, snapshot.snapshot_id, snapshot.head)
        yield Counted(manifest_name(*names), snapshot.manifest_bytes, snapshot.manifest_sha256)
        yield Counted(ids_name(*names), None, snapshot.ids_sha256)
    chunks = Chunk.objects.filter(damaged=None).order_by("pk")
    rows = chunks.values_list("safe__safe_id", "chunk_id", "sha256", "size").iterator(PORTION)
    for safe, chunk_id, sha256, size in rows:
        yield Counted(chunk_name(bytes(safe), bytes(chunk_id), bytes(sha256)), size, bytes(sha256))


def move(source: Store, target: Store, report: Callable[[Moved], None]) -> Moved:
    """Copies what the target lacks; `report` is called after each portion. Raises StoreFull."""
    moved = Moved()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for portion in _portions(counted_objects()):
            for entry, size in zip(portion, threads.map(lambda e: _copy(e, source, target), portion), strict=True):
                if size is None:
                    moved.damaged.append(entry.name)
                elif size < 0:
                    moved.there += 1
                else:
                    moved.copied += 1
                    moved.bytes += size
            report(moved)
    return moved


def _copy(entry: Counted, source: Store, target: Store) -> int | None:
    """Bytes copied; -1 where it was there; None where the source has other bytes, or none."""
    try:
        wanted = source.size(entry.name) if entry.size is None else entry.size
        if _size(target, entry.name) == wanted:
            return -1
        digest, size = hashlib.sha256(), 0
        with target.stage() as staging, source.open(entry.name) as file:

            def pieces() -> Iterator[bytes]:
                nonlocal size
                while piece := file.read(PIECE_BYTES):
                    digest.update(piece)
                    size += len(piece)
                    yield piece

            number = staging.write(pieces())
            if digest.digest() != entry.sha256:
                return None
            staging.publish({number: entry.name})
    except ObjectMissing:
        return None
    return size


def _size(store: Store, name: str) -> int:
    try:
        return store.size(name)
    except ObjectMissing:
        return -1


def _portions(entries: Iterable[Counted]) -> Iterator[list[Counted]]:
    portion: list[Counted] = []
    for entry in entries:
        portion.append(entry)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion
