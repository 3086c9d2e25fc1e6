"""An opened snapshot: its archive to read from, and its media and files, fetched when they are looked at."""

from collections.abc import Sequence

from .archive import Archive, Search, load
from .chosen import INDEX_ROLE, TEXT_ROLE
from .completeness import Change, mismatches
from .errors import ChunkDamaged, CofferError, SealBroken
from .format.manifest import Manifest, ManifestFile, Member
from .in_memory import InMemory
from .ports import BackupCipher, CryptoProvider, Data, Inflater, Reporter, Sink
from .readers.nested_zips import LARGEST_INNER
from .readers.signal.attachment import open_attachment, seal_from
from .readers.whatsapp_crypt.medium_seal import medium_seal_from, open_medium
from .restore import SnapshotReader
from .zip_index import read_member, zip_members

DEFLATED = 8
STORED = 0


class NotInBackup(CofferError):
    """The chat names it, but it was not among the files that were backed up."""

    code = "not_in_backup"
    message = "This file is named in the chat but was not part of the backup."
    next_step = "If you still have it, add it to the export and back up again."


class OpenedSnapshot:
    """Reads one snapshot. `open` first fetches the archive's text alone; the search index follows when it is used."""

    def __init__(
        self,
        provider: CryptoProvider,
        inflater: Inflater,
        cipher: BackupCipher,
        manifest: Manifest,
        reader: SnapshotReader,
    ) -> None:
        self._provider = provider
        self._cipher = cipher
        self._inflater = inflater
        self._reader = reader
        self._search: Search | None = None
        self.manifest = manifest
        self.archive: Archive
        self.mismatches: Sequence[Change] = ()
        """Where the manifest's counts and the archive differ: to be told, never to hide what is there."""

    @property
    def safe(self) -> bytes:
        """Of which safe it is."""
        return self.manifest.safe

    async def open(self, report: Reporter) -> None:
        """Fetches the archive. Raises ChunkDamaged, ArchiveUnreadable, NetworkDown, Cancelled."""
        self.archive = Archive(load(await self._database(TEXT_ROLE, report)))
        self.mismatches = mismatches(self.manifest.counts, _counts(self.archive))

    async def search(self, report: Reporter | None = None) -> Search:
        """The search, with its index fetched at first use, or made where the backup has none.

        Raises ChunkDamaged, ArchiveUnreadable, NetworkDown, Cancelled; then the next use begins anew.
        """
        if self._search is None:
            kept = INDEX_ROLE in self.manifest.archive
            index = await self._database(INDEX_ROLE, report) if kept else None
            self._search = Search(self.archive.connection, index, report)
        return self._search

    async def media(self, identity: int) -> tuple[Data, str]:
        """(bytes, MIME type) of a medium. Raises NotInBackup, ChunkDamaged."""
        row = self.archive.media_by_id(identity)
        if row is None or row.source is None or not 0 <= row.source < len(self.manifest.files):
            raise NotInBackup
        file = self.manifest.files[row.source]
        seal = self.archive.seal(identity)
        if seal:
            return await self._sealed(file, row.member, seal), row.mime
        if not row.member:
            return await self._reader.whole(file), row.mime
        for member in file.members:
            if member.path == row.member:
                return await self._member(file, member), row.mime
            if row.member.startswith(f"{member.path}/"):
                return self._of_inner_zip(
                    await self._member(file, member), row.member[len(member.path) + 1 :]
                ), row.mime
        raise NotInBackup

    async def save_media(self, identity: int, sink: Sink, report: Reporter) -> str:
        """A medium into a sink, → its MIME type. One that lies in its file as it is (most videos do) is
        handed on chunk by chunk; what has to be unpacked or decrypted first goes in one part.

        Raises NotInBackup, ChunkDamaged, NetworkDown, Cancelled, DiskFull; the sink is aborted then.
        """
        place = self._as_it_lies(identity)
        if place is not None:
            file, offset, length, mime = place
            await self._reader.save_range(file, offset, length, sink, report)
            return mime
        try:
            data, mime = await self.media(identity)
            await sink.write(data)
        except BaseException:
            await sink.abort()
            raise
        await sink.close()
        return mime

    def _as_it_lies(self, identity: int) -> tuple[ManifestFile, int, int, str] | None:
        """(file, offset, length, MIME type) of a medium whose bytes stand in its file unchanged, else None."""
        row = self.archive.media_by_id(identity)
        if row is None or row.source is None or not 0 <= row.source < len(self.manifest.files):
            return None
        file = self.manifest.files[row.source]
        if self.archive.seal(identity):
            return None
        if not row.member:
            return file, 0, file.size, row.mime
        for member in file.members:
            if member.path == row.member and member.method == STORED and member.compressed_size:
                return file, member.offset, member.compressed_size, row.mime
        return None

    def _of_inner_zip(self, unpacked: Data, path: str) -> Data:
        """A medium in a zip that lies in the zip that was chosen."""
        if len(unpacked) > LARGEST_INNER:
            raise NotInBackup
        inner = InMemory("", self._provider.load(unpacked))
        for member in zip_members(inner):
            if member.path == path:
                return read_member(inner, member, LARGEST_INNER)
        raise NotInBackup

    async def _sealed(self, file: ManifestFile, member: str, text: str) -> Data:
        """A medium that lies encrypted in its file, or in a member of it."""
        medium = medium_seal_from(text)
        if medium is not None:
            return await open_medium(medium, self._provider.load(await self._reader.whole(file)), self._cipher)
        seal = seal_from(text)
        if not member:
            return await open_attachment(seal, self._provider.load(await self._range(file, seal.range)), self._cipher)
        for found in file.members:
            if found.path == member and found.method == STORED:
                start, end = (found.offset + place for place in seal.range)
                data = self._provider.load(await self._range(file, (start, end)))
                return await open_attachment(seal, data, self._cipher)
            if found.path == member:
                whole = self._provider.load(await self._member(file, found))
                return await open_attachment(seal, whole[slice(*seal.range)], self._cipher)
        raise NotInBackup

    async def _range(self, file: ManifestFile, place: tuple[int, int]) -> Data:
        start, end = place
        if end > file.size:
            raise SealBroken
        return await self._reader.range(file, start, end - start)

    async def _member(self, file: ManifestFile, member: Member) -> Data:
        if member.compressed_size == 0:
            return b""
        packed = await self._reader.range(file, member.offset, member.compressed_size)
        if member.method == STORED:
            return packed
        if member.method == DEFLATED:
            return await self._inflater.inflate(packed, member.size)
        raise NotInBackup

    async def save(self, path: str, sink: Sink, report: Reporter) -> None:
        """An original file, bit for bit. Raises NotInBackup, ChunkDamaged, DiskFull, NetworkDown, Cancelled."""
        for file in self.manifest.files:
            if file.path == path:
                return await self._reader.save(file, sink, report)
        raise NotInBackup

    async def _database(self, role: str, report: Reporter | None = None) -> bytes:
        if role not in self.manifest.archive:
            raise NotInBackup
        try:
            return self._provider.load(await self._reader.whole(self.manifest.archive[role], report))
        except ChunkDamaged:
            # Without its path: nobody chose a file of this name.
            raise ChunkDamaged from None

    def close(self) -> None:
        """Gives the archive's memory back."""
        self.archive.connection.close()


def _counts(archive: Archive) -> dict[str, int]:
    """Rows as they are, not totals that were written beside them."""
    row = archive.connection.execute(
        "SELECT (SELECT count(*) FROM chats), (SELECT count(*) FROM messages), (SELECT count(source) FROM media)"
    ).fetchone()
    return dict(zip(("chats", "messages", "media"), row, strict=True))
