"""Committing a snapshot: one atomic step, proved by the safe's owner, on top of the head the owner knows.

A request's life: the JSON head is read and the nonce looked up; manifest and id-list are staged and digested; the
proof is verified over the head made of them; the ids are checked; both objects become durable; then one transaction
spends the nonce, moves the safe's head by a conditional UPDATE, and writes the snapshot's row.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from vault.wire.owner_proof import Action
from webapp.server.accounts.models import Account

from ..body import Body
from ..errors import BadFraming, BodyTooLarge, ChunksMissing, HeadMoved, SnapshotExists, StorageFull, StoreBusy
from ..framing import ID_BYTES
from ..head import snapshot_head
from ..limits import MANIFEST_BYTES, SNAPSHOT_CHUNKS
from ..models import Safe, Snapshot
from ..proofs import require_live_nonce, spend_nonce, verify_proof
from ..selectors import QUERY_IDS, Presence, presence
from ..storage import Staging, Store, StoreFull
from ..storage.names import ids_name, manifest_name, snapshot_names
from . import removals
from .chunks import digested, require_room
from .expiry import touch

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class CommitHead:
    """The JSON in front of a commit: snapshot 16 bytes, previous_head 32 bytes or None, nonce 32, signature 64."""

    snapshot: bytes
    previous_head: bytes | None
    manifest_bytes: int
    nonce: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Staged:
    """Manifest and id-list as they arrived, and the head they make."""

    manifest: int
    ids: int
    manifest_sha256: bytes
    ids_sha256: bytes
    ids_bytes: int
    head: bytes


def commit_snapshot(
    account: Account, safe: Safe, commit: CommitHead, body: Body, store: Store
) -> tuple[Snapshot, bool]:
    """`body` stands behind the JSON. → (snapshot, whether it was committed now); the same again finds what it made.

    Raises BadFraming, BodyTooLarge, BodyTruncated, ProofRefused, NonceSpent, SnapshotExists, HeadMoved, ChunksMissing,
    QuotaExceeded, StorageFull; nothing has changed then, and the nonce of a proof that was right stays good.
    """
    asked = timezone.now()
    _require_sizes(commit, body)
    if not safe.snapshots.filter(snapshot_id=commit.snapshot).exists():
        require_live_nonce(account, commit.nonce, asked)
    try:
        with store.stage() as staging:
            staged = _take_in(staging, commit, body)
            verify_proof(
                owner_public_key=safe.owner_public_key,
                action=Action.COMMIT_SNAPSHOT,
                account=account,
                safe=safe.safe_id,
                content=staged.head,
                nonce=commit.nonce,
                signature=commit.signature,
            )
            return _commit(account, safe, commit, staged, staging, asked)
    except StoreFull as error:
        raise StorageFull from error


def _require_sizes(commit: CommitHead, body: Body) -> None:
    ids_bytes = body.remaining - commit.manifest_bytes
    if commit.manifest_bytes > MANIFEST_BYTES:
        raise BodyTooLarge({"limit": MANIFEST_BYTES})
    if commit.manifest_bytes < 1 or ids_bytes < 0 or ids_bytes % ID_BYTES:
        raise BadFraming
    if ids_bytes > SNAPSHOT_CHUNKS * ID_BYTES:
        raise BodyTooLarge({"chunks": SNAPSHOT_CHUNKS})


def _take_in(staging: Staging, commit: CommitHead, body: Body) -> Staged:
    manifest_digest, ids_digest = hashlib.sha256(), hashlib.sha256()
    manifest = staging.write(digested(body.pieces(commit.manifest_bytes), manifest_digest))
    ids_bytes = body.remaining
    ids = staging.write(digested(body.pieces(ids_bytes), ids_digest))
    manifest_sha256, ids_sha256 = manifest_digest.digest(), ids_digest.digest()
    head = snapshot_head(commit.snapshot, manifest_sha256, ids_sha256, commit.previous_head)
    return Staged(manifest, ids, manifest_sha256, ids_sha256, ids_bytes, head)


def _commit(
    account: Account, safe: Safe, commit: CommitHead, staged: Staged, staging: Staging, asked: datetime
) -> tuple[Snapshot, bool]:
    published = False
    for _ in range(_ATTEMPTS):
        # Read before all else: if a head or a chunk's row changes from here on, the UPDATE below finds no safe.
        safe.refresh_from_db(fields=("head", "removals"))
        existing = _same_snapshot(safe, commit, staged)
        if existing:
            return existing, False
        if safe.head != commit.previous_head:
            raise _head_moved(safe)
        chunks = presence(safe, _portions(staging, staged.ids))
        if chunks.lacking_count:
            raise ChunksMissing(
                {"missing": [chunk_id.hex() for chunk_id in chunks.lacking], "count": chunks.lacking_count}
            )
        if not published:
            require_room(account, commit.manifest_bytes + staged.ids_bytes)
            staging.publish(
                {
                    staged.manifest: manifest_name(safe.safe_id, commit.snapshot, staged.head),
                    staged.ids: ids_name(safe.safe_id, commit.snapshot, staged.head),
                }
            )
            published = True
        snapshot = _move_head(account, safe, commit, staged, chunks, asked)
        if snapshot:
            return snapshot, True
    raise _head_moved(safe)


def _move_head(
    account: Account, safe: Safe, commit: CommitHead, staged: Staged, chunks: Presence, asked: datetime
) -> Snapshot | None:
    """The transaction. → None when the safe has changed since it was read. Raises NonceSpent."""
    try:
        with transaction.atomic():
            moved = Safe.objects.filter(pk=safe.pk, head=commit.previous_head, removals=safe.removals)
            if not moved.update(
                head=staged.head,
                stored_bytes=F("stored_bytes") + commit.manifest_bytes + staged.ids_bytes,
            ):
                return None
            if not removals.claim(snapshot_names(safe.safe_id, commit.snapshot, staged.head)):
                raise StoreBusy(retry_after=5)
            spend_nonce(account, commit.nonce, asked)
            touch(safe, asked)
            return Snapshot.objects.create(
                safe=safe,
                snapshot_id=commit.snapshot,
                head=staged.head,
                previous_head=commit.previous_head,
                manifest_sha256=staged.manifest_sha256,
                manifest_bytes=commit.manifest_bytes,
                ids_sha256=staged.ids_sha256,
                chunk_count=chunks.count,
                chunk_bytes=chunks.size,
                created=timezone.now(),
            )
    except IntegrityError:
        return None  # the name was taken in between; the next look says by whom


def _same_snapshot(safe: Safe, commit: CommitHead, staged: Staged) -> Snapshot | None:
    """The snapshot this commit describes, if it is there. Raises SnapshotExists when its name means another one."""
    snapshot = safe.snapshots.filter(snapshot_id=commit.snapshot).first()
    if snapshot is not None and snapshot.head != staged.head:
        raise SnapshotExists
    return snapshot


def _head_moved(safe: Safe) -> HeadMoved:
    return HeadMoved({"head": safe.head.hex() if safe.head else None})


def _portions(staging: Staging, number: int) -> Iterator[Sequence[bytes]]:
    """The staged id-list in portions. Raises BadFraming unless the ids rise strictly."""
    last = b""
    with staging.read(number) as file:
        while text := file.read(QUERY_IDS * ID_BYTES):
            ids = [text[start : start + ID_BYTES] for start in range(0, len(text), ID_BYTES)]
            for chunk_id in ids:
                if chunk_id <= last:
                    raise BadFraming
                last = chunk_id
            yield ids
