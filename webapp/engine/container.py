"""One snapshot in one file: writing it from a store, and reading from it as from a store (docs/format.md, "Container").

A container is opened by the digits alone: there is nobody to ask.
"""

from collections.abc import Sequence
from dataclasses import replace

from vault.wire.owner_proof import Audience

from .crypto.keys import BackupKey
from .errors import ChunkDamaged, CofferError, ManifestDamaged
from .format.container import (
    PREFIX_BYTES,
    ContainerCutShort,
    ContainerDamaged,
    ContainerHead,
    open_head,
    parse_prefix,
    seal_head,
    size_before_manifest,
)
from .format.manifest import ChunkRow, Manifest
from .owner import Owner
from .ports import CryptoProvider, Data, Progress, Reporter, Sink, Source
from .recovery_key import require_key_of_safe
from .restore import fetch_sealed_manifest
from .site_client import BATCH_BYTES, MAX_IDS, SealedChunk, SnapshotRow
from .site_life import Proof
from .store import SnapshotStore

NOBODY = bytes(16)
"""The account of a container's owner: nothing is proved to anybody."""


class ContainerReadOnly(CofferError):
    code = "container_read_only"
    message = "Nothing can be added to a backup file."
    next_step = "Back up into a safe, then save a new file."


def container_name(created: str) -> str:
    """What the file is called. created: ISO 8601."""
    return f"coffer-backup-{created[:10]}.coffer"


async def save_container(
    provider: CryptoProvider, store: SnapshotStore, owner: Owner, row: SnapshotRow, sink: Sink, report: Reporter
) -> int:
    """Writes the snapshot into the sink, in bounded memory. → its size in bytes.

    Every ciphertext is compared with the manifest's digest on the way. Raises ManifestDamaged, ChunkDamaged, DiskFull,
    NetworkDown, SignedOut, Cancelled; the sink is then aborted.
    """
    try:
        sealed_manifest, manifest = await fetch_sealed_manifest(provider, store, owner, row)
        head = ContainerHead(
            owner.safe, row.snapshot, manifest.created, row.head, row.previous_head, len(sealed_manifest), 0
        )
        chunk_bytes = sum(chunk.sealed_size for chunk in manifest.chunks)
        size = size_before_manifest(head) + len(sealed_manifest) + chunk_bytes
        head = replace(head, bytes=size)
        await sink.write(await seal_head(provider, owner.key, head))
        await sink.write(sealed_manifest)
        await _write_chunks(provider, store, owner, manifest, sink, report)
    except BaseException:
        await sink.abort()
        raise
    await sink.close()
    return size


async def _write_chunks(
    provider: CryptoProvider, store: SnapshotStore, owner: Owner, manifest: Manifest, sink: Sink, report: Reporter
) -> None:
    total = sum(chunk.sealed_size for chunk in manifest.chunks)
    done = start = 0
    while start < len(manifest.chunks):
        report.check()
        end, size = start, 0
        while end < len(manifest.chunks) and end - start < MAX_IDS and (end == start or size <= BATCH_BYTES // 2):
            size += manifest.chunks[end].sealed_size
            end += 1
        rows = manifest.chunks[start:end]
        chunks = await store.read_chunks(owner.safe, [chunk.identity for chunk in rows])
        for chunk, sealed in zip(rows, chunks, strict=False):
            if len(sealed) != chunk.sealed_size or await provider.sha256(sealed) != chunk.sha256:
                raise ChunkDamaged
            await sink.write(sealed)
            done += len(sealed)
        start += len(chunks)
        report(Progress("saving", done, total))


async def open_container(provider: CryptoProvider, source: Source, key: BackupKey) -> "Container":
    """Raises NotAContainer, KeyOfAnotherSafe, ContainerDamaged, ContainerCutShort, SourceChanged."""
    key_check, length = parse_prefix(source.read(0, PREFIX_BYTES))
    require_key_of_safe(key, key_check)
    if source.size < PREFIX_BYTES + length:
        raise ContainerCutShort
    head = await open_head(provider, key, await source.data(PREFIX_BYTES, length))
    if source.size < head.bytes:
        raise ContainerCutShort(data={"bytes": source.size, "expected": head.bytes})
    if source.size > head.bytes or PREFIX_BYTES + length + head.manifest_bytes > head.bytes:
        raise ContainerDamaged
    return Container(provider, source, head, PREFIX_BYTES + length)


class Container:
    """`SnapshotStore` over one file, which only reads. It holds one snapshot of one safe."""

    audience = Audience.SITE

    def __init__(self, provider: CryptoProvider, source: Source, head: ContainerHead, start: int) -> None:
        self._provider = provider
        self._source = source
        self._start = start
        self._places: dict[bytes, tuple[int, int]] = {}
        self.head = head

    def owner(self, key: BackupKey) -> Owner:
        """Whose snapshot it is, for reading."""
        return Owner(NOBODY, self.head.safe, key)

    async def snapshots(self, safe: bytes) -> list[SnapshotRow]:
        head = self.head
        size = head.bytes - self._start - head.manifest_bytes
        return [SnapshotRow(head.snapshot, head.created, head.head, head.previous_head, len(self._places), size)]

    async def manifest(self, safe: bytes, snapshot: bytes) -> Data:
        return await self._source.data(self._start, self.head.manifest_bytes)

    def expect(self, chunks: Sequence[ChunkRow]) -> None:
        """Finds each chunk's place. Raises ManifestDamaged where they do not add up to the file."""
        position = self._start + self.head.manifest_bytes
        for chunk in chunks:
            self._places[chunk.identity] = (position, chunk.sealed_size)
            position += chunk.sealed_size
        if position != self.head.bytes or len(self._places) != len(chunks):
            raise ManifestDamaged

    async def read_chunks(self, safe: bytes, identities: Sequence[bytes]) -> list[Data]:
        chunks: list[Data] = []
        size = 0
        for identity in identities:
            if identity not in self._places:
                raise ChunkDamaged
            start, length = self._places[identity]
            if chunks and size + length > BATCH_BYTES:
                break
            chunks.append(await self._source.data(start, length))
            size += length
        return chunks

    async def stored_digests(self, safe: bytes, identities: Sequence[bytes]) -> list[bytes | None]:
        """Reads and digests every one of them."""
        digests: list[bytes | None] = []
        for identity in identities:
            if identity not in self._places:
                digests.append(None)
                continue
            (sealed,) = await self.read_chunks(safe, [identity])
            digests.append(await self._provider.sha256(sealed))
        return digests

    async def put_chunks(self, safe: bytes, chunks: list[SealedChunk]) -> list[bytes]:
        raise ContainerReadOnly

    async def nonce(self) -> bytes:
        raise ContainerReadOnly

    async def commit(
        self, safe: bytes, snapshot: bytes, previous_head: bytes | None, manifest: Data, ids: bytes, proof: Proof
    ) -> None:
        raise ContainerReadOnly
