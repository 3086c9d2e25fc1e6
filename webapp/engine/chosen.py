"""Chosen files, read: what they hold, the archive and its search index, and what of all that goes into a backup."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .archive import ArchiveWriter, Found, begin, build_search_index, finish, found_in, merge, to_bytes
from .content import BackupFile, Content
from .cutting import cut
from .format.pieces import Region
from .in_memory import InMemory
from .ports import BackupCipher, Reporter, Source
from .readers.reading import FillsArchive, ReadOptions, Recognised
from .readers.registry import recognise_all
from .readers.whatsapp_crypt.opened_source import OpenedSource
from .readers.whatsapp_crypt.sources import Opened, open_sources

TEXT_ROLE = "text"
INDEX_ROLE = "index"
MERGED = "merged"
"""The source of a reading that several kinds of backup were merged into."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of chosen files. source: the reader's name; archive and index: in memory (index None: none was
    wanted, and whoever searches later makes one). `sources` are the files as
    they were chosen, without keys; `opened` the same places with what was encrypted opened."""

    sources: tuple[Source, ...]
    opened: Opened
    source: str
    found: Found
    archive: sqlite3.Connection
    index: sqlite3.Connection | None

    def close(self) -> None:
        """Gives the memory back."""
        self.archive.close()
        if self.index is not None:
            self.index.close()
        self.opened.release()


async def read_chosen(
    sources: Sequence[Source], options: ReadOptions, cipher: BackupCipher, report: Reporter, *, index: bool = True
) -> Reading:
    """Reads everything, nothing leaves the machine. Without `index` there is no search index.

    Raises NothingChosen, NotAChatExport, the errors of zips and of encrypted backups, SourceChanged, Cancelled.
    """
    opened = await open_sources(sources, options.keys, cipher, report, salvage=options.salvage)
    archive: sqlite3.Connection | None = None
    try:
        recognised = await recognise_all(opened.sources, options, cipher, report)
        archive, found = _archived_all(recognised, options, report)
        _seal_media(archive, opened)
        searched = _index_of(archive, report) if index else None
    except BaseException:
        if archive is not None:
            archive.close()
        opened.release()
        raise
    source = recognised[0].reader if len(recognised) == 1 else MERGED
    return Reading(opened.originals, opened, source, found, archive, searched)


def _seal_media(archive: sqlite3.Connection, opened: Opened) -> None:
    """Media that lie encrypted in what is backed up can be opened from there."""
    for place, source in enumerate(opened.sources):
        if isinstance(source, OpenedSource) and source.seal:
            archive.execute(
                "INSERT OR IGNORE INTO seals SELECT id, ? FROM media WHERE source = ? AND member = ''",
                (source.seal, place),
            )


def merge_readings(readings: Sequence[Reading], report: Reporter, *, index: bool = True) -> Reading:
    """Several readings as one, in which what they share stands once (`archive.merging`). The given ones are used up.
    Without `index` there is no search index.

    Raises Cancelled; then they are as they were.
    """
    shifts = [sum(len(reading.opened.sources) for reading in readings[:place]) for place in range(len(readings))]
    archive = merge([(reading.archive, shift) for reading, shift in zip(readings, shifts, strict=True)])
    try:
        searched = _index_of(archive, report) if index else None
    except BaseException:
        archive.close()
        raise
    opened = Opened(
        tuple(source for reading in readings for source in reading.opened.originals),
        tuple(source for reading in readings for source in reading.opened.sources),
        {
            shift + place: kind
            for reading, shift in zip(readings, shifts, strict=True)
            for place, kind in reading.opened.encrypted.items()
        },
        sum(reading.opened.unopened for reading in readings),
        frozenset().union(*(reading.opened.encrypted_in_zips for reading in readings)),
    )
    kinds = {reading.source for reading in readings}
    source = kinds.pop() if len(kinds) == 1 else MERGED
    for reading in readings:
        reading.archive.close()
        if reading.index is not None:
            reading.index.close()
    return Reading(opened.originals, opened, source, found_in(archive), archive, searched)


def _index_of(archive: sqlite3.Connection, report: Reporter) -> sqlite3.Connection:
    index = sqlite3.connect(":memory:")
    try:
        return build_search_index(archive, index, report)
    except BaseException:
        index.close()
        raise


def _archived_all(
    recognised: Sequence[Recognised | FillsArchive], options: ReadOptions, report: Reporter
) -> tuple[sqlite3.Connection, Found]:
    """The archive of one kind of backup, or of several merged."""
    if len(recognised) == 1:
        return _archived(recognised[0], options, report)
    archives: list[sqlite3.Connection] = []
    try:
        for one in recognised:
            archives.append(_archived(one, options, report)[0])
        # All of them count the same chosen files.
        merged = merge([(archive, 0) for archive in archives])
    finally:
        for archive in archives:
            archive.close()
    return merged, found_in(merged)


def _archived(
    recognised: Recognised | FillsArchive, options: ReadOptions, report: Reporter
) -> tuple[sqlite3.Connection, Found]:
    """The archive of what was recognised: set by set where the source is a database, else event by event."""
    archive = sqlite3.connect(":memory:", uri=True)
    try:
        if isinstance(recognised, FillsArchive):
            begin(archive)
            recognised.fill(archive, options, report)
            return archive, finish(archive)
        return archive, ArchiveWriter(archive).write(recognised.events(options), report)
    except BaseException:
        archive.close()
        raise


def content_of(reading: Reading, cut_by: Callable[[Source], BackupFile] = cut) -> Content:
    """All that goes into one snapshot: the files as they are, and the archive, with its index if there is one.

    cut_by: how each file is cut; by default as `cutting.cut` does.
    """
    databases = {TEXT_ROLE: reading.archive} | ({INDEX_ROLE: reading.index} if reading.index is not None else {})
    archive = {role: _database(role, to_bytes(connection)) for role, connection in databases.items()}
    found = reading.found
    counts = {"chats": len(found.chats), "messages": found.messages, "media": found.media}
    return Content(_with_own_paths([cut_by(source) for source in reading.sources]), archive, reading.source, counts)


def _database(role: str, content: bytes) -> BackupFile:
    source = InMemory(f"{role}.sqlite3", content)
    return BackupFile(source, source.name, (Region(0, source.size, compress=True),))


def _with_own_paths(files: list[BackupFile]) -> tuple[BackupFile, ...]:
    """The same files, each with a path of its own: people drop two files of one name from two folders."""
    taken: set[str] = set()
    unique: list[BackupFile] = []
    for file in files:
        stem, dot, ending = file.path.rpartition(".")
        if not stem:
            stem, dot, ending = file.path, "", ""
        path, number = file.path, 2
        while path in taken:
            path, number = f"{stem} ({number}){dot}{ending}", number + 1
        taken.add(path)
        unique.append(replace(file, path=path))
    return tuple(unique)
