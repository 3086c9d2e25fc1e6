"""Chunks that browsers send to the bucket themselves: addresses first, and rows once the objects are there.

The bucket checks length and SHA-256 of what arrives under an address, and the object's name holds that digest. So
"arrived" means that these bytes are there; only then the row is written, by the same rules as for a batch that came
through the site.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from webapp.server.accounts.models import Account

from ..body import Body
from ..bucket import SignedRequest
from ..errors import BadFraming, BodyTooLarge, ChunkMissing, ChunksNotArrived
from ..framing import ID_BYTES
from ..limits import BATCH_CHUNKS, CHUNK_BYTES
from ..models import Chunk, Safe
from ..rate import owe_bytes
from ..selectors import whole_chunks
from ..storage import Store
from ..storage.names import chunk_name
from .chunks import Described, not_there, record, require_room
from .scrubbing import digest_of

if TYPE_CHECKING:
    from ..storage.s3 import S3Store

ROW_BYTES = ID_BYTES + 32 + 4
ROWS_BYTES = BATCH_CHUNKS * ROW_BYTES


@dataclass(frozen=True, slots=True)
class Announced:
    """A chunk as its sender describes it: id 32 bytes, SHA-256 32 bytes and size of the ciphertext."""

    chunk_id: bytes
    sha256: bytes
    size: int


def announced(body: Body) -> list[Announced]:
    """The whole body as rows [id 32][SHA-256 32][size uint32]. Raises BadFraming, BodyTooLarge."""
    if body.length == 0 or body.length % ROW_BYTES:
        raise BadFraming
    rows = list(_rows(body.exactly(body.length)))
    if len({row.chunk_id for row in rows}) != len(rows):
        raise BadFraming
    return rows


def _rows(text: bytes) -> Iterator[Announced]:
    for at in range(0, len(text), ROW_BYTES):
        size = int.from_bytes(text[at + 64 : at + 68], "big")
        if size > CHUNK_BYTES:
            raise BodyTooLarge({"limit": CHUNK_BYTES})
        if size == 0:
            raise BadFraming
        yield Announced(text[at : at + 32], text[at + 32 : at + 64], size)


def upload_requests(
    account: Account, safe: Safe, chunks: Sequence[Announced], store: "S3Store"
) -> list[SignedRequest | None]:
    """For each chunk the request that stores it; None where the safe has it already. Raises QuotaExceeded."""
    known = whole_chunks(safe, [chunk.chunk_id for chunk in chunks])
    more = sum(chunk.size for chunk in chunks if chunk.chunk_id not in known)
    require_room(account, more + owe_bytes(account, 0))
    owe_bytes(account, more)
    _delete_damaged(safe, chunks, store)
    return [
        None
        if chunk.chunk_id in known
        else store.signed_put(chunk_name(safe.safe_id, chunk.chunk_id, chunk.sha256), chunk.sha256, chunk.size)
        for chunk in chunks
    ]


def record_arrived(account: Account, safe: Safe, chunks: Sequence[Announced], store: Store) -> bytes:
    """→ for each chunk 32 bytes, the SHA-256 of what counts now. All of them are in the bucket, or nothing is written.

    Raises ChunksNotArrived, QuotaExceeded, StoreBusy.
    """
    known = whole_chunks(safe, [chunk.chunk_id for chunk in chunks])
    fresh = [chunk for chunk in chunks if chunk.chunk_id not in known]
    if fresh:
        lost = _not_arrived(safe, fresh, store)
        if lost:
            raise ChunksNotArrived({"missing": [chunk.chunk_id.hex() for chunk in lost[:100]], "count": len(lost)})
        known |= record(account, safe, fresh, store)
        owe_bytes(account, -sum(chunk.size for chunk in fresh))
    return b"".join(known[chunk.chunk_id][0] for chunk in chunks)


def _delete_damaged(safe: Safe, chunks: Sequence[Announced], store: Store) -> None:
    """Else the bucket would keep the broken bytes: it never writes over what is there. While the safe's row is held, no
    other browser's upload makes one of them count."""
    if not _damaged(safe, chunks):
        return
    with transaction.atomic():
        Safe.objects.select_for_update().get(pk=safe.pk)
        for name in _damaged(safe, chunks):
            store.delete(name)


def _damaged(safe: Safe, chunks: Sequence[Announced]) -> set[str]:
    """Names of announced chunks whose very bytes a scrub found broken."""
    rows = Chunk.objects.filter(safe=safe, chunk_id__in=[chunk.chunk_id for chunk in chunks], damaged__isnull=False)
    broken = {(bytes(row.chunk_id), bytes(row.sha256)) for row in rows}
    return {
        chunk_name(safe.safe_id, chunk.chunk_id, chunk.sha256)
        for chunk in chunks
        if (chunk.chunk_id, chunk.sha256) in broken
    }


def _not_arrived(safe: Safe, chunks: Sequence[Announced], store: Store) -> list[Described]:
    """Those that are not there, and those whose object is the broken one yet."""
    broken, lost = _damaged(safe, chunks), not_there(safe, chunks, store)
    if not broken:
        return lost
    there = (chunk for chunk in chunks if chunk not in lost)
    names = {chunk_name(safe.safe_id, chunk.chunk_id, chunk.sha256): chunk for chunk in there}
    return lost + [names[name] for name in names.keys() & broken if digest_of(store, name) != names[name].sha256]


def download_requests(safe: Safe, ids: Sequence[bytes], store: "S3Store") -> list[tuple[SignedRequest, int]]:
    """For each id the request that fetches it, and its size. Raises ChunkMissing."""
    known = whole_chunks(safe, ids)
    for chunk_id in ids:
        if chunk_id not in known:
            raise ChunkMissing({"id": chunk_id.hex()})
    return [
        (store.signed_get(chunk_name(safe.safe_id, chunk_id, known[chunk_id][0])), known[chunk_id][1])
        for chunk_id in ids
    ]
