"""Rehearse a restore: everything that a restore needs, looked at, without saving anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from .completeness import Change
from .errors import ChunkDamaged, CofferError
from .format.chunk import open_chunk
from .format.manifest import ChunkRow, Manifest
from .opened import OpenedSnapshot
from .owner import Owner
from .ports import BackupCipher, CryptoProvider, Inflater, Progress, Reporter
from .restore import SnapshotReader, fetch_manifest
from .site_client import MAX_IDS, SnapshotRow
from .store import SnapshotStore

SAMPLE_CHUNKS = 32
SAMPLE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was found. chunks: how many the snapshot has; missing, changed: of those, not there, or not the ciphertext
    that was backed up; sampled: how many were fetched and opened, and their bytes; mismatches: counts that differ from
    the archive; failure: what stopped it before the end, None where nothing did; damaged: of the sample, what did not
    open."""

    snapshot: bytes
    chunks: int = 0
    missing: int = 0
    changed: int = 0
    sampled: int = 0
    sampled_bytes: int = 0
    mismatches: Sequence[Change] = ()
    failure: CofferError | None = None
    damaged: int = 0

    @property
    def passed(self) -> bool:
        return self.failure is None and not (self.missing or self.changed or self.mismatches)


async def verify(
    provider: CryptoProvider,
    cipher: BackupCipher,
    inflater: Inflater,
    store: SnapshotStore,
    owner: Owner,
    row: SnapshotRow,
    report: Reporter,
    *,
    sample_chunks: int = SAMPLE_CHUNKS,
    sample_bytes: int = SAMPLE_BYTES,
) -> Rehearsal:
    """The manifest opened and proved, the archive opened and counted, every chunk's presence and digest asked for, a
    random sample fetched and opened (at most so many chunks, so many bytes of them).

    Raises Cancelled, NetworkDown, SignedOut: they say nothing about the backup. What is wrong with it is returned.
    """
    try:
        manifest = await fetch_manifest(provider, store, owner, row)
        found = await _counted(provider, cipher, inflater, store, owner, manifest, report)
    except CofferError as error:
        if error.code in ("cancelled", "network_down", "signed_out"):
            raise
        return Rehearsal(row.snapshot, chunks=row.chunks, failure=error)
    missing, changed = await _presence(store, owner, manifest, report)
    failure: CofferError | None = None
    sampled = size = damaged = 0
    sample = _sample(provider, manifest.chunks, sample_chunks, sample_bytes)
    for number, chunk in enumerate(sample):
        report.check()
        try:
            await _open(provider, store, owner, chunk)
        except CofferError as error:
            if error.code in ("cancelled", "network_down", "signed_out"):
                raise
            failure, damaged = failure or error, damaged + 1
        else:
            sampled, size = sampled + 1, size + chunk.content_size
        report(Progress("sampling", number + 1, len(sample)))
    return Rehearsal(row.snapshot, len(manifest.chunks), missing, changed, sampled, size, found, failure, damaged)


async def _counted(
    provider: CryptoProvider,
    cipher: BackupCipher,
    inflater: Inflater,
    store: SnapshotStore,
    owner: Owner,
    manifest: Manifest,
    report: Reporter,
) -> Sequence[Change]:
    reader = SnapshotReader(provider, store, owner, manifest)
    opened = OpenedSnapshot(provider, inflater, cipher, manifest, reader)
    await opened.open(report)
    try:
        return opened.mismatches
    finally:
        opened.close()


async def _presence(store: SnapshotStore, owner: Owner, manifest: Manifest, report: Reporter) -> tuple[int, int]:
    missing = changed = 0
    chunks = manifest.chunks
    for start in range(0, len(chunks), MAX_IDS):
        report.check()
        part = chunks[start : start + MAX_IDS]
        digests = await store.stored_digests(owner.safe, [chunk.identity for chunk in part])
        missing += sum(digest is None for digest in digests)
        changed += sum(d is not None and d != chunk.sha256 for d, chunk in zip(digests, part, strict=True))
        report(Progress("checking", start + len(part), len(chunks)))
    return missing, changed


def _sample(provider: CryptoProvider, chunks: Sequence[ChunkRow], most_chunks: int, most_bytes: int) -> list[ChunkRow]:
    """Distinct ones, each as likely as any other, as many as the bounds allow."""
    left = list(range(len(chunks)))
    chosen: list[ChunkRow] = []
    size = 0
    while left and len(chosen) < most_chunks:
        # 8 random bytes over at most 2 million places: the bias is below 2^-43.
        place = int.from_bytes(provider.random_bytes(8), "big") % len(left)
        left[place], left[-1] = left[-1], left[place]
        chunk = chunks[left.pop()]
        if chosen and size + chunk.sealed_size > most_bytes:
            break
        chosen.append(chunk)
        size += chunk.sealed_size
    return chosen


async def _open(provider: CryptoProvider, store: SnapshotStore, owner: Owner, chunk: ChunkRow) -> None:
    (sealed,) = await store.read_chunks(owner.safe, [chunk.identity])
    if len(sealed) != chunk.sealed_size or await provider.sha256(sealed) != chunk.sha256:
        raise ChunkDamaged
    await open_chunk(provider, owner.key, chunk.identity, sealed, content_size=chunk.content_size)
