"""Taking in a batch of chunks: all of it or nothing of it.

A request's life: frames are staged as they arrive and digested on the way; chunks the safe has already are dropped;
the rest become durable objects; then one transaction writes their rows. The row decides: whoever writes it first wins,
and an object without a row (a crash in between) is harmless, because its name holds its own digest.

A sweep may take an object that was noted before it came again, and be done with it before its row is written. So the
objects are looked for once more behind their rows: from then on no sweep touches them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from webapp.server.accounts.models import Account

from ..body import Body
from ..bucket import AT_ONCE
from ..errors import QuotaExceeded, StorageFull, StoreBusy
from ..framing import frame_heads
from ..models import Chunk, Safe
from ..selectors import QUERY_IDS, quota_of, stored_bytes, whole_chunks
from ..storage import ObjectMissing, Staging, Store, StoreFull
from ..storage.names import chunk_name
from . import removals


class Described(Protocol):
    """A chunk by its id (32 bytes), the SHA-256 of its ciphertext (32 bytes), and that one's size."""

    @property
    def chunk_id(self) -> bytes: ...
    @property
    def sha256(self) -> bytes: ...
    @property
    def size(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Arrived:
    """One chunk of the batch as it was staged."""

    number: int
    chunk_id: bytes
    sha256: bytes
    size: int


def store_batch(account: Account, safe: Safe, body: Body, store: Store) -> bytes:
    """→ for each chunk of the batch, in order, the 32 bytes SHA-256 of what is stored now.

    Raises BadFraming, BodyTooLarge, BodyTruncated, QuotaExceeded, StorageFull; nothing of the batch is kept then.
    Raises StoreBusy; what was lost of the batch counts as lacking then.
    """
    try:
        with store.stage() as staging:
            batch = [_take_in(staging, body, *head) for head in frame_heads(body)]
            known = whole_chunks(safe, [chunk.chunk_id for chunk in batch])
            fresh = [chunk for chunk in batch if chunk.chunk_id not in known]
            if fresh:
                require_room(account, sum(chunk.size for chunk in fresh))
                staging.publish(
                    {chunk.number: chunk_name(safe.safe_id, chunk.chunk_id, chunk.sha256) for chunk in fresh}
                )
                known |= record(account, safe, fresh, store)
    except StoreFull as error:
        raise StorageFull from error
    return b"".join(known[chunk.chunk_id][0] for chunk in batch)


def require_room(account: Account, more: int) -> None:
    """Raises QuotaExceeded when `more` bytes do not fit into the account's quota."""
    quota = quota_of(account)
    used = stored_bytes(account)
    if used + more > quota:
        raise QuotaExceeded({"quota_bytes": quota, "used_bytes": used})


def _take_in(staging: Staging, body: Body, chunk_id: bytes, size: int) -> Arrived:
    digest = hashlib.sha256()
    number = staging.write(digested(body.pieces(size), digest))
    return Arrived(number, chunk_id, digest.digest(), size)


def digested(pieces: Iterable[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    """The same pieces, each of them digested on the way."""
    for piece in pieces:
        digest.update(piece)
        yield piece


def record(account: Account, safe: Safe, fresh: Sequence[Described], store: Store) -> dict[bytes, tuple[bytes, int]]:
    """Rows for chunks whose objects are durable; → id → (SHA-256, size) of what counts from now on.

    Raises QuotaExceeded, and StoreBusy when a sweep is deleting one of the objects, or did so meanwhile.
    """
    counting = _write_rows(account, safe, fresh)
    lost = not_there(safe, [chunk for chunk in fresh if counting[chunk.chunk_id][0] == chunk.sha256], store)
    if lost:
        _count_as_lacking(safe, lost)
        raise StoreBusy(retry_after=5)
    return counting


def not_there(safe: Safe, chunks: Sequence[Described], store: Store) -> list[Described]:
    """Those of the chunks whose object the store lacks, or has in another size."""

    def there(chunk: Described) -> bool:
        try:
            return store.size(chunk_name(safe.safe_id, chunk.chunk_id, chunk.sha256)) == chunk.size
        except ObjectMissing:
            return False

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [chunk for chunk, found in zip(chunks, threads.map(there, chunks), strict=True) if not found]


def _count_as_lacking(safe: Safe, lost: Sequence[Described]) -> None:
    """The next upload replaces them; a commit that counted on them meanwhile looks again."""
    with transaction.atomic():
        Safe.objects.filter(pk=safe.pk).update(removals=F("removals") + 1)
        for chunk in lost:
            rows = Chunk.objects.filter(safe=safe, chunk_id=chunk.chunk_id, sha256=chunk.sha256)
            rows.update(damaged=timezone.now())


def _write_rows(account: Account, safe: Safe, fresh: Sequence[Described]) -> dict[bytes, tuple[bytes, int]]:
    """The transaction. Raises QuotaExceeded, StoreBusy; nothing has changed then."""
    now = timezone.now()
    with transaction.atomic():
        # Writers of one safe take turns here, so that rows and the safe's sum agree.
        Safe.objects.select_for_update().get(pk=safe.pk)
        rows: dict[bytes, Chunk] = {}
        ids = [chunk.chunk_id for chunk in fresh]
        for start in range(0, len(ids), QUERY_IDS):
            for row in Chunk.objects.filter(safe=safe, chunk_id__in=ids[start : start + QUERY_IDS]):
                rows[row.chunk_id] = row
        if not removals.claim([chunk_name(safe.safe_id, chunk.chunk_id, chunk.sha256) for chunk in fresh]):
            raise StoreBusy(retry_after=5)
        new = [chunk for chunk in fresh if chunk.chunk_id not in rows]
        grown = sum(chunk.size for chunk in new)
        for chunk in fresh:
            before = rows.get(chunk.chunk_id)
            if before is not None and before.damaged is not None:
                grown += chunk.size - before.size
                # The same bytes again have the same name: that object counts from now on.
                if before.sha256 != chunk.sha256:
                    removals.note(safe, [chunk_name(safe.safe_id, before.chunk_id, before.sha256)])
                _replace(before, chunk, now)
        if grown > 0:
            require_room(account, grown)
        created = Chunk.objects.bulk_create(
            [Chunk(safe=safe, chunk_id=chunk.chunk_id, sha256=chunk.sha256, size=chunk.size) for chunk in new]
        )
        if grown:
            Safe.objects.filter(pk=safe.pk).update(stored_bytes=F("stored_bytes") + grown)
    return {row.chunk_id: (row.sha256, row.size) for row in (*rows.values(), *created)}


def _replace(row: Chunk, chunk: Described, now: datetime) -> None:
    """A chunk that failed a scrub gets the bytes that came now; its broken object has no row any more."""
    row.sha256, row.size, row.damaged, row.scrubbed, row.created = chunk.sha256, chunk.size, None, None, now
    row.save(update_fields=("sha256", "size", "damaged", "scrubbed", "created"))
