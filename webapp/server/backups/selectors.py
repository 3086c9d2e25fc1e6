"""What reads: an account's own safes, chunks and snapshots. Another account's do not exist here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from webapp.server.accounts.models import Account

from .errors import ChunkMissing, PasskeyNotFound, SafeInTrash, SafeNotFound, SnapshotNotFound
from .framing import frame_bytes, frame_head
from .limits import BATCH_BYTES, PIECE_BYTES, quota_bytes
from .models import Chunk, Passkey, Quota, Safe, Snapshot
from .storage import ObjectMissing, Store
from .storage.names import chunk_name, manifest_name

QUERY_IDS = 500
"""Ids in one query: below every engine's limit of parameters."""

LACKING = bytes(32)


def living() -> QuerySet[Safe]:
    """Safes that are not deleted: what waits for its sweep is gone already, what lies in the trash is not."""
    return Safe.objects.filter(Q(purge_after=None) | Q(purge_after__gt=timezone.now()))


def own_safe(account: Account, safe_id: bytes) -> Safe:
    """Raises SafeNotFound, the same whether the safe is another's, nobody's or deleted."""
    try:
        return living().get(account=account, safe_id=safe_id)
    except Safe.DoesNotExist:
        raise SafeNotFound from None


def growing_safe(account: Account, safe_id: bytes) -> Safe:
    """One that takes in backups. Raises SafeNotFound, SafeInTrash."""
    safe = own_safe(account, safe_id)
    if safe.trashed is not None:
        raise SafeInTrash
    return safe


def list_safes(account: Account) -> QuerySet[Safe]:
    """The account's safes, each with `snapshot_count`, `last_snapshot` and `passkey_count`."""
    # A question of its own: joined to the snapshots, every passkey would be counted once a snapshot.
    passkeys = Passkey.objects.filter(safe=OuterRef("pk")).values("safe").annotate(number=Count("pk")).values("number")
    return (
        living()
        .filter(account=account)
        .annotate(
            snapshot_count=Count("snapshots"),
            last_snapshot=Max("snapshots__created"),
            passkey_count=Coalesce(Subquery(passkeys), 0),
        )
        .prefetch_related("reminders", "rehearsals")
    )


def own_passkey(safe: Safe, passkey_id: bytes) -> Passkey:
    """Raises PasskeyNotFound."""
    try:
        return safe.passkeys.get(passkey_id=passkey_id)
    except Passkey.DoesNotExist:
        raise PasskeyNotFound from None


def list_snapshots(safe: Safe) -> QuerySet[Snapshot]:
    """Newest first."""
    return safe.snapshots.all()


def own_snapshot(safe: Safe, snapshot_id: bytes) -> Snapshot:
    """Raises SnapshotNotFound."""
    try:
        return safe.snapshots.get(snapshot_id=snapshot_id)
    except Snapshot.DoesNotExist:
        raise SnapshotNotFound from None


def stored_bytes(account: Account) -> int:
    """Everything the account's safes hold, in bytes."""
    return Safe.objects.filter(account=account).aggregate(total=Sum("stored_bytes"))["total"] or 0


def quota_of(account: Account) -> int:
    """What the account may store, in bytes."""
    own = Quota.objects.filter(account=account).values_list("bytes", flat=True).first()
    return quota_bytes() if own is None else own


def _portions(ids: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(ids), QUERY_IDS):
        yield ids[start : start + QUERY_IDS]


def whole_chunks(safe: Safe, ids: Sequence[bytes]) -> dict[bytes, tuple[bytes, int]]:
    """id → (SHA-256, size) of those that are stored and not known to be damaged."""
    found: dict[bytes, tuple[bytes, int]] = {}
    for portion in _portions(ids):
        rows = Chunk.objects.filter(safe=safe, chunk_id__in=portion, damaged=None)
        for chunk_id, sha256, size in rows.values_list("chunk_id", "sha256", "size"):
            found[bytes(chunk_id)] = (bytes(sha256), size)
    return found


def lacking_reply(safe: Safe, ids: Sequence[bytes]) -> bytes:
    """For each id, in order, 32 bytes: the stored SHA-256, or zeros where the chunk is lacking."""
    found = whole_chunks(safe, ids)
    return b"".join(found[chunk_id][0] if chunk_id in found else LACKING for chunk_id in ids)


@dataclass(frozen=True, slots=True)
class Presence:
    """What a walk over an id-list found.

    count: ids in all; size: bytes of the chunks that are there; lacking: the first of those that are not.
    """

    count: int
    size: int
    lacking: tuple[bytes, ...]
    lacking_count: int


def presence(safe: Safe, portions: Iterable[Sequence[bytes]], report: int = 100) -> Presence:
    """Walk ids in portions of at most QUERY_IDS; memory does not grow with their number."""
    count = size = lacking_count = 0
    lacking: list[bytes] = []
    for portion in portions:
        rows = Chunk.objects.filter(safe=safe, chunk_id__in=portion, damaged=None)
        # Two sums in the database; the ids themselves are fetched only where some are lacking.
        totals = rows.aggregate(number=Count("pk"), size=Sum("size"))
        count += len(portion)
        size += totals["size"] or 0
        if totals["number"] != len(portion):
            there = set(rows.values_list("chunk_id", flat=True))
            gone = [chunk_id for chunk_id in portion if chunk_id not in there]
            lacking_count += len(gone)
            lacking += gone[: report - len(lacking)]
    return Presence(count, size, tuple(lacking), lacking_count)


@dataclass(frozen=True, slots=True)
class Stream:
    """A reply of exactly `length` bytes, made while it is sent."""

    length: int
    pieces: Iterator[bytes]


def read_chunks(safe: Safe, ids: Sequence[bytes], store: Store) -> Stream:
    """The framed ciphertexts in the order asked, stopping before BATCH_BYTES is exceeded, at least one.

    Raises ChunkMissing{id} for the first within the reply that is lacking, or whose object is gone or of another size.
    """
    found = whole_chunks(safe, list(dict.fromkeys(ids)))
    chosen: list[tuple[bytes, str, int]] = []
    length = 0
    for chunk_id in ids:
        if chunk_id not in found:
            raise ChunkMissing({"id": chunk_id.hex()})
        sha256, size = found[chunk_id]
        if chosen and length + frame_bytes(size) > BATCH_BYTES:
            break
        name = chunk_name(safe.safe_id, chunk_id, sha256)
        _require_size(store, name, size, chunk_id)
        chosen.append((chunk_id, name, size))
        length += frame_bytes(size)
    return Stream(length, _framed(store, chosen))


def _require_size(store: Store, name: str, size: int, chunk_id: bytes) -> None:
    try:
        stored = store.size(name)
    except ObjectMissing:
        stored = -1
    if stored != size:
        raise ChunkMissing({"id": chunk_id.hex()})


def _framed(store: Store, chosen: Sequence[tuple[bytes, str, int]]) -> Iterator[bytes]:
    for chunk_id, name, size in chosen:
        yield frame_head(chunk_id, size)
        with store.open(name) as file:
            yield from _exactly(file, size)


def _exactly(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The file's `size` bytes. A file that has become shorter breaks the reply off: its length was announced."""
    while size:
        piece = file.read(min(size, PIECE_BYTES))
        if not piece:
            raise ObjectMissing
        size -= len(piece)
        yield piece


def read_manifest(safe: Safe, snapshot: Snapshot, store: Store) -> Stream:
    """The sealed manifest. Raises SnapshotNotFound where the store has lost it."""
    name = manifest_name(safe.safe_id, snapshot.snapshot_id, snapshot.head)
    try:
        if store.size(name) != snapshot.manifest_bytes:
            raise SnapshotNotFound
        file = store.open(name)
    except ObjectMissing:
        raise SnapshotNotFound from None
    return Stream(snapshot.manifest_bytes, _closing(file, snapshot.manifest_bytes))


def _closing(file: BinaryIO, size: int) -> Iterator[bytes]:
    with file:
        yield from _exactly(file, size)
