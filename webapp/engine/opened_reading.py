"""Chosen files that were read, opened to be looked at: the same verbs as for a snapshot, without a safe or a server."""

from webapp.engine.archive import Archive, Search, to_bytes
from webapp.engine.chosen import Reading
from webapp.engine.local_media import LocalMedia
from webapp.engine.opened import NotInBackup
from webapp.engine.ports import BackupCipher, Data, Inflater, Progress, Reporter, Sink

PIECE = 8 << 20


class OpenedReading:
    """Shows one reading. The reading stays its owner's: a backup of it may follow."""

    safe: bytes | None = None

    def __init__(self, reading: Reading, cipher: BackupCipher, inflater: Inflater | None = None) -> None:
        self._reading = reading
        self._search: Search | None = None
        self.archive = Archive(reading.archive)
        self._media = LocalMedia(self.archive, reading.opened.sources, cipher, inflater)

    async def search(self, report: Reporter | None = None) -> Search:
        """The search; its index is copied at first use, so that the reading keeps its own; made where it has none."""
        if self._search is None:
            index = None if self._reading.index is None else to_bytes(self._reading.index)
            self._search = Search(self.archive.connection, index, report)
        return self._search

    async def media(self, identity: int) -> tuple[Data, str]:
        """(bytes, MIME type) of a medium. Raises NotInBackup, SourceChanged, and the errors of zips."""
        row = self.archive.media_by_id(identity)
        if row is None:
            raise NotInBackup
        return await self._media.fetch(row), row.mime

    async def save_media(self, identity: int, sink: Sink, report: Reporter) -> str:
        """A medium into a sink, → its MIME type. It is on this device already."""
        try:
            data, mime = await self.media(identity)
            await sink.write(data)
        except BaseException:
            await sink.abort()
            raise
        await sink.close()
        return mime

    async def save(self, path: str, sink: Sink, report: Reporter) -> None:
        """A chosen file as it was. Raises NotInBackup, SourceChanged, DiskFull, Cancelled; the sink is aborted then."""
        source = next((source for source in self._reading.sources if source.name == path), None)
        if source is None:
            raise NotInBackup
        try:
            for offset in range(0, source.size, PIECE):
                report.check()
                size = min(PIECE, source.size - offset)
                await sink.write(await source.data(offset, size))
                report(Progress("saving", offset + size, source.size))
        except BaseException:
            await sink.abort()
            raise
        await sink.close()

    def close(self) -> None:
        """Lets go of the search; the reading is closed by whoever holds it."""
        if self._search is not None:
            self.archive.connection.execute("DETACH search")
            self._search = None
