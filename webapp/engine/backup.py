"""Back up: cut the chosen files, send what the site lacks, commit one snapshot (docs/format.md).

Nothing is kept between attempts but what the site already holds: a retry asks again what is lacking and goes on.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from vault.wire.owner_proof import Action

from .completeness import Totals, require_not_shrunk
from .content import BackupFile, Content
from .errors import SiteRefused, SourceChanged
from .format.chunk import chunk_id, seal_chunk
from .format.head import head_of, id_list
from .format.manifest import ChunkRow, Manifest, ManifestFile, seal_manifest
from .format.pieces import Cut, Piece
from .known_chunks import KnownChunks
from .naming import read_cut
from .owner import Owner, sign_as_owner
from .ports import CryptoProvider, Data, Progress, Reporter
from .site_client import BATCH_BYTES, SealedChunk
from .store import SnapshotStore

WINDOW_BYTES = BATCH_BYTES // 2
WINDOW_CUTS = 1024
MAX_COMMITS = 3


@dataclass(slots=True)
class FileShare:
    """Of one chosen file, in bytes of content: what had to be sent, and what was there already; sent: sealed bytes."""

    path: str
    new: int = 0
    known: int = 0
    sent: int = 0


@dataclass(slots=True)
class BackupResult:
    """sent: bytes of ciphertext uploaded now; known: bytes of content that the site held already; new_chunks and
    known_chunks count distinct ones; files: the same told file by file, without the archive."""

    snapshot: bytes
    head: bytes
    sent: int
    known: int
    new_chunks: int = 0
    known_chunks: int = 0
    files: list[FileShare] = field(default_factory=list)


@dataclass(slots=True)
class _Chunks:
    """The snapshot's chunk table while it grows: rows by number, numbers by id."""

    rows: list[ChunkRow | None] = field(default_factory=list)
    numbers: dict[bytes, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cut that has a name. content: None where it is read again if the site lacks it."""

    file: int
    cut: Cut
    content: Data | None
    identity: bytes


class Backup:
    """One backup of `content` into a safe. `run` may be called again after an error: it continues.

    travelling: batches under way at once, each of about `window` bytes (at most BATCH_BYTES) in memory. sending: told
    the rows of every batch before it travels, so that a program that is killed may `known.trust` them next time.
    """

    def __init__(
        self,
        provider: CryptoProvider,
        site: SnapshotStore,
        owner: Owner,
        content: Content,
        *,
        snapshot: bytes,
        created: str,
        travelling: int = 1,
        window: int = WINDOW_BYTES,
        sending: Callable[[Sequence[ChunkRow]], None] | None = None,
    ) -> None:
        self._travelling = travelling
        self._window = window
        self._sending = sending
        self._provider = provider
        self._site = site
        self._owner = owner
        self._content = content
        self._snapshot = snapshot
        self._created = created
        self.known = KnownChunks(provider, site, owner)
        self._earlier: Totals | None = None
        self._all = (*content.files, *content.archive.values())
        self._total = sum(file.source.size for file in self._all)

    def compare(self, earlier: Totals, *, accepted: bool = False) -> None:
        """What an earlier backup of the same chats held: one that holds far less is refused until it is `accepted`."""
        self._earlier = None if accepted else earlier

    def _require_not_shrunk(self) -> None:
        now = Totals.of(self._content.counts, sum(file.source.size for file in self._content.files))
        if self._earlier is not None:
            require_not_shrunk(self._earlier, now)

    async def run(self, previous_head: bytes | None, report: Reporter) -> BackupResult:
        """Send and commit. previous_head: the safe's head now (32 bytes or None).

        Raises BackupShrank before anything is sent; Cancelled, NetworkDown, SignedOut, SourceChanged, SiteRefused,
        ChunkDamaged; nothing is lost by any.
        """
        self._require_not_shrunk()
        result = BackupResult(self._snapshot, b"", 0, 0, files=[FileShare(file.path) for file in self._all])
        chunks = _Chunks()
        pieces: list[list[tuple[int, Piece]]] = [[] for _ in self._all]
        await self._send(chunks, pieces, result, report)
        del result.files[len(self._content.files) :]
        report.check()
        report(Progress("committing"))
        manifest = self._manifest(chunks, pieces, previous_head)
        result.head = await self._commit(manifest, previous_head)
        return result

    async def _windows(self, report: Reporter) -> AsyncIterator[list[_Placed]]:
        """Cuts read and named, in windows of about one batch, so that memory stays bounded; such as have a name
        already are not read yet."""
        window: list[_Placed] = []
        size = 0
        for number, file in enumerate(self._all):
            for place, cut in enumerate(file.each_cut()):
                held = 0 if file.names else cut.size
                if window and (size + held > self._window or len(window) == WINDOW_CUTS):
                    yield window
                    window, size = [], 0
                report.check()
                if file.names:
                    window.append(_Placed(number, cut, None, file.names[place]))
                else:
                    content = await read_cut(self._provider, file.source, cut)
                    identity = await chunk_id(self._provider, self._owner.key, content)
                    window.append(_Placed(number, cut, content, identity))
                size += held
        if window:
            yield window

    def _batches(self, lacking: Sequence[_Placed]) -> Iterator[list[_Placed]]:
        batch: list[_Placed] = []
        size = 0
        for placed in lacking:
            if batch and size + placed.cut.size > self._window:
                yield batch
                batch, size = [], 0
            batch.append(placed)
            size += placed.cut.size
        if batch:
            yield batch

    async def _send(
        self, chunks: _Chunks, pieces: list[list[tuple[int, Piece]]], result: BackupResult, report: Reporter
    ) -> None:
        """While batches travel, the next is read and named; more at once would only cost memory."""
        uploads: deque[asyncio.Task[None]] = deque()
        done = 0
        try:
            async for window in self._windows(report):
                lacking = await self._place(window, chunks, pieces, result)
                done += sum(placed.cut.size for placed in window) - sum(placed.cut.size for placed in lacking)
                window.clear()
                for batch in self._batches(lacking):
                    report.check()
                    while len(uploads) >= self._travelling:
                        await uploads.popleft()
                    done += sum(placed.cut.size for placed in batch)
                    uploads.append(asyncio.ensure_future(self._upload(batch, chunks, result)))
                    report(self._progress(done, result))
                report(self._progress(done, result))
            while uploads:
                await uploads.popleft()
        finally:
            for upload in uploads:
                upload.cancel()
            await asyncio.gather(*uploads, return_exceptions=True)

    def _progress(self, done: int, result: BackupResult) -> Progress:
        return Progress("sealing", done, self._total, {"sent": result.sent, "known": result.known})

    async def _place(
        self,
        window: list[_Placed],
        chunks: _Chunks,
        pieces: list[list[tuple[int, Piece]]],
        result: BackupResult,
    ) -> list[_Placed]:
        """Notes where every cut stands; returns those whose chunk must be sent."""
        new: list[_Placed] = []
        shares = result.files
        for placed in window:
            number = chunks.numbers.get(placed.identity)
            if number is None:
                number = chunks.numbers[placed.identity] = len(chunks.rows)
                chunks.rows.append(None)
                new.append(placed)
            else:
                shares[placed.file].known += placed.cut.size
            position = 0
            for offset, length in placed.cut.ranges:
                pieces[placed.file].append((offset, Piece(number, position, length)))
                position += length
        digests = await self._site.stored_digests(self._owner.safe, [placed.identity for placed in new])
        lacking: list[_Placed] = []
        for placed, digest in zip(new, digests, strict=True):
            if digest is None:
                lacking.append(placed)
                shares[placed.file].new += placed.cut.size
                result.new_chunks += 1
            else:
                shares[placed.file].known += placed.cut.size
                result.known_chunks += 1
                chunks.rows[chunks.numbers[placed.identity]] = await self.known.row(
                    placed.identity, placed.cut.size, digest
                )
                result.known += placed.cut.size
        return lacking

    async def _upload(self, lacking: list[_Placed], chunks: _Chunks, result: BackupResult) -> None:
        """Seals and sends; `lacking` is emptied on the way, so that no content is kept while it travels."""
        batch: list[SealedChunk] = []
        rows: list[ChunkRow] = []
        while lacking:
            placed = lacking.pop(0)
            content = await self._content_of(placed)
            sealed = await seal_chunk(
                self._provider, self._owner.key, placed.identity, content, compress=placed.cut.compress
            )
            digest = await self._provider.sha256(sealed)
            batch.append(SealedChunk(placed.identity, sealed, digest))
            result.files[placed.file].sent += len(sealed)
            rows.append(ChunkRow(placed.identity, placed.cut.size, len(sealed), digest))
            del placed, content, sealed
        if self._sending is not None:
            self._sending(rows)
        stored = await self._site.put_chunks(self._owner.safe, batch)
        for row, digest in zip(rows, stored, strict=True):
            if digest != row.sha256:
                # Another upload of ours won the race for this id: that ciphertext counts once it was opened.
                row = await self.known.row(row.identity, row.content_size, digest)
            self.known.trust([row])
            chunks.rows[chunks.numbers[row.identity]] = row
        result.sent += sum(row.sealed_size for row in rows)

    async def _content_of(self, placed: _Placed) -> Data:
        """Raises SourceChanged where a file is not what it was when it was named."""
        if placed.content is not None:
            return placed.content
        content = await read_cut(self._provider, self._all[placed.file].source, placed.cut)
        if await chunk_id(self._provider, self._owner.key, content) != placed.identity:
            raise SourceChanged
        return content

    def _manifest(
        self, chunks: _Chunks, pieces: list[list[tuple[int, Piece]]], previous_head: bytes | None
    ) -> Manifest:
        def described(number: int, file: BackupFile) -> ManifestFile:
            in_order = tuple(piece for _, piece in sorted(pieces[number], key=lambda placed: placed[0]))
            return ManifestFile(file.path, file.source.size, file.source.modified, in_order, file.members)

        rows = tuple(row for row in chunks.rows if row is not None)
        if len(rows) != len(chunks.rows):
            raise RuntimeError("a chunk was placed and neither known nor sent")
        files = tuple(described(number, file) for number, file in enumerate(self._content.files))
        archive = {
            role: described(number, file)
            for number, (role, file) in enumerate(self._content.archive.items(), start=len(files))
        }
        return Manifest(
            snapshot=self._snapshot,
            safe=self._owner.safe,
            created=self._created,
            previous_head=previous_head,
            source=self._content.source,
            counts=dict(self._content.counts),
            files=files,
            archive=archive,
            chunks=rows,
        )

    async def _commit(self, manifest: Manifest, previous_head: bytes | None) -> bytes:
        sealed = await seal_manifest(self._provider, self._owner.key, manifest)
        ids = id_list(row.identity for row in manifest.chunks)
        digest = hashlib.sha256(self._provider.load(sealed)).digest()
        head = head_of(self._snapshot, digest, ids, previous_head)
        proof = sign_as_owner(
            self._provider,
            self._owner.key,
            audience=self._site.audience,
            action=Action.COMMIT_SNAPSHOT,
            account=self._owner.account,
            safe=self._owner.safe,
            content=head,
            nonce=await self._site.nonce(),
        )
        await self._site.commit(self._owner.safe, self._snapshot, previous_head, sealed, ids, proof)
        return head


async def backup(job: Backup, previous_head: bytes | None, report: Reporter) -> BackupResult:
    """Run the job; when another device committed meanwhile, describe the snapshot again on top of the new head."""
    for attempt in range(MAX_COMMITS):
        try:
            return await job.run(previous_head, report)
        except SiteRefused as refused:
            moved = refused.code == "head_moved" and "head" in refused.data
            if not moved or attempt == MAX_COMMITS - 1:
                raise
            head = refused.data["head"]
            previous_head = bytes.fromhex(str(head)) if head else None
    raise AssertionError("unreachable")
