"""Restore: open a snapshot's manifest, then fetch and open only what is looked at (docs/format.md)."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence

from .errors import ChunkDamaged, HeadMismatch, ManifestDamaged
from .format.chunk import open_chunk
from .format.head import head_of, id_list
from .format.manifest import Manifest, ManifestFile, open_manifest
from .format.pieces import Piece
from .owner import Owner
from .ports import CryptoProvider, Data, Progress, Reporter, Sink
from .site_client import BATCH_BYTES, SnapshotRow
from .store import SnapshotStore

AHEAD_BYTES = BATCH_BYTES // 2
KEPT_BYTES = 2 * BATCH_BYTES
WINDOW_PIECES = 1024


async def fetch_manifest(
    provider: CryptoProvider, site: SnapshotStore, owner: Owner, snapshot: SnapshotRow
) -> Manifest:
    """The manifest of a snapshot, proved to be the one its head stands for. Raises ManifestDamaged."""
    return (await fetch_sealed_manifest(provider, site, owner, snapshot))[1]


async def fetch_sealed_manifest(
    provider: CryptoProvider, site: SnapshotStore, owner: Owner, snapshot: SnapshotRow
) -> tuple[Data, Manifest]:
    """The same with the ciphertext that was proved. Raises ManifestDamaged."""
    sealed = await site.manifest(owner.safe, snapshot.snapshot)
    manifest = await open_manifest(provider, owner.key, owner.safe, snapshot.snapshot, sealed)
    ids = id_list(row.identity for row in manifest.chunks)
    digest = hashlib.sha256(provider.load(sealed)).digest()
    if manifest.previous_head != snapshot.previous_head:
        raise ManifestDamaged
    if head_of(snapshot.snapshot, digest, ids, snapshot.previous_head) != snapshot.head:
        raise ManifestDamaged
    site.expect(manifest.chunks)
    return sealed, manifest


def require_remembered(snapshots: Sequence[SnapshotRow], vault_head: bytes | None) -> None:
    """Raises HeadMismatch when the site no longer shows the snapshot that the vault remembers as newest (None: none).

    A newer one is fine: a commit may have reached the site and its head not yet the vault.
    """
    if vault_head is not None and all(row.head != vault_head for row in snapshots):
        raise HeadMismatch


async def require_newest(
    provider: CryptoProvider,
    site: SnapshotStore,
    owner: Owner,
    snapshots: Sequence[SnapshotRow],
    vault_head: bytes | None,
) -> None:
    """The first snapshot is the one that the vault remembers, or follows it by manifests that K alone can have sealed.
    The order and the heads of a list are the site's word: without this, it could have an older one remembered instead.

    Raises HeadMismatch, ManifestDamaged.
    """
    require_remembered(snapshots, vault_head)
    by_head = {row.head: row for row in snapshots}
    row = snapshots[0] if snapshots else None
    while row is not None and row.head != vault_head:
        manifest = await fetch_manifest(provider, site, owner, row)
        if vault_head is None:
            return
        row = by_head.get(manifest.previous_head) if manifest.previous_head else None
        if row is None:
            raise HeadMismatch


class SnapshotReader:
    """Opens files of one snapshot, whole or in ranges; keeps the last few chunks for the next look.

    ahead: batches that may be on their way before they are asked for, each of about AHEAD_BYTES in memory (at most 2).
    """

    def __init__(
        self, provider: CryptoProvider, site: SnapshotStore, owner: Owner, manifest: Manifest, *, ahead: int = 0
    ) -> None:
        self._ahead = ahead
        self._coming: dict[int, asyncio.Task[None]] = {}
        self._may_ask = True
        self._provider = provider
        self._site = site
        self._owner = owner
        self._manifest = manifest
        self._kept: OrderedDict[int, Data] = OrderedDict()
        self._kept_size = 0

    async def whole(self, file: ManifestFile, report: Reporter | None = None) -> Data:
        """All bytes of a small file (an archive)."""
        return await self.range(file, 0, file.size, report)

    async def range(self, file: ManifestFile, offset: int, length: int, report: Reporter | None = None) -> Data:
        """`length` bytes of a file from `offset`, fetching only the chunks they stand in. Raises ChunkDamaged."""
        pieces = _pieces_of_range(file.pieces, offset, length)
        parts: list[Data] = [part async for part in self._parts(pieces, length, file.path, report)]
        return parts[0] if len(parts) == 1 else self._provider.join(parts)

    async def save(self, file: ManifestFile, sink: Sink, report: Reporter) -> None:
        """A whole file into a sink, front to back, in bounded memory; the sink is closed only when all is there."""
        await self.save_range(file, 0, file.size, sink, report)

    async def save_range(self, file: ManifestFile, offset: int, length: int, sink: Sink, report: Reporter) -> None:
        """The same for a part of a file; at most KEPT_BYTES and a chunk are in memory, however long it is."""
        pieces = _pieces_of_range(file.pieces, offset, length)
        try:
            async for part in self._parts(pieces, length, file.path, report):
                await sink.write(part)
        except BaseException:
            await sink.abort()
            raise
        finally:
            await self._call_back()
        await sink.close()

    async def _parts(
        self, pieces: Sequence[Piece], total: int, path: str, report: Reporter | None
    ) -> AsyncIterator[Data]:
        done = 0
        for start in range(0, len(pieces), WINDOW_PIECES):
            window = pieces[start : start + WINDOW_PIECES]
            self._may_ask = True
            for index, piece in enumerate(window):
                if report:
                    report.check()
                content = await self._content(piece.chunk, window[index:], path)
                whole = piece.offset == 0 and piece.length == len(content)
                yield content if whole else self._provider.slice(content, piece.offset, piece.offset + piece.length)
                done += piece.length
                if report:
                    report(Progress("fetching", done, total))

    async def _content(self, number: int, upcoming: Sequence[Piece], path: str) -> Data:
        if number in self._coming:
            await self._coming[number]
        if number not in self._kept:
            await self._fetch(self._wanted(number, upcoming), path)
            self._may_ask = True
        if self._may_ask:
            self._may_ask = False
            self._send_ahead(upcoming, path)
        self._kept.move_to_end(number)
        return self._kept[number]

    def _send_ahead(self, upcoming: Sequence[Piece], path: str) -> None:
        """Asks for what follows while what is here is written."""
        while len(set(self._coming.values())) < self._ahead:
            following = next((p for p in upcoming if p.chunk not in self._kept and p.chunk not in self._coming), None)
            if following is None:
                return
            wanted = self._wanted(following.chunk, upcoming)
            task = asyncio.ensure_future(self._fetch(wanted, path))
            self._coming.update(dict.fromkeys(wanted, task))
            task.add_done_callback(self._arrived)

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._may_ask = True
        self._coming = {number: other for number, other in self._coming.items() if other is not task}
        if not task.cancelled():
            # A failure is told to whoever waits for it; else the chunk is simply asked for again.
            task.exception()

    async def _call_back(self) -> None:
        """Nothing is under way any more."""
        tasks = set(self._coming.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _wanted(self, number: int, upcoming: Sequence[Piece]) -> list[int]:
        """A chunk and those needed after it, up to one batch."""
        wanted, size = [number], self._manifest.chunks[number].content_size
        for piece in upcoming:
            row = self._manifest.chunks[piece.chunk]
            if piece.chunk in wanted or piece.chunk in self._kept or piece.chunk in self._coming:
                continue
            # By content, since a compressed chunk may grow much when opened, and all of them stay in memory.
            if size + row.content_size > AHEAD_BYTES:
                break
            wanted.append(piece.chunk)
            size += row.content_size
        return wanted

    async def _fetch(self, wanted: Sequence[int], path: str) -> None:
        rows = [self._manifest.chunks[chunk] for chunk in wanted]
        chunks = await self._site.read_chunks(self._owner.safe, [row.identity for row in rows])
        for chunk, row, sealed in zip(wanted, rows, chunks, strict=False):
            # Its digest would tell nothing more than its tags and the content's name do.
            if len(sealed) != row.sealed_size:
                raise ChunkDamaged(data={"path": path})
            try:
                content = await open_chunk(
                    self._provider, self._owner.key, row.identity, sealed, content_size=row.content_size
                )
            except ChunkDamaged as error:
                raise ChunkDamaged(data={"path": path}) from error
            self._keep(chunk, content)

    def _keep(self, number: int, content: Data) -> None:
        self._kept[number] = content
        self._kept_size += len(content)
        while self._kept_size > KEPT_BYTES and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._kept_size -= len(dropped)


def _pieces_of_range(pieces: Sequence[Piece], offset: int, length: int) -> list[Piece]:
    """The pieces, trimmed, that hold `length` bytes from `offset` of a file."""
    selected: list[Piece] = []
    position, end = 0, offset + length
    for piece in pieces:
        start, stop = max(offset, position), min(end, position + piece.length)
        if start < stop:
            selected.append(Piece(piece.chunk, piece.offset + start - position, stop - start))
        position += piece.length
    if position < end:
        raise ManifestDamaged
    return selected
