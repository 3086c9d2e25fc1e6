"""The reader of Signal's encrypted backups: recognised by the header, opened with the passphrase, told from a private
database."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from webapp.engine.errors import CofferError
from webapp.engine.ports import BackupCipher, Progress, Reporter
from webapp.engine.readers.events import Event, Origin, Unknown
from webapp.engine.readers.items import Item
from webapp.engine.readers.protobuf import NotProtobuf
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.signal.attachment import AttachmentSeal, seal_of
from webapp.engine.readers.signal.errors import BackupDamaged, BackupKeyNeeded, BackupKeyWrong, BackupTooLarge
from webapp.engine.readers.signal.frames import (
    ATTACHMENT,
    LARGEST_HEADER,
    STATEMENT,
    FrameReader,
    Header,
    Read,
    header_of,
)
from webapp.engine.readers.signal.messages import Ids, Messages
from webapp.engine.readers.signal.passphrase import BackupKeys, derive, passphrases_among
from webapp.engine.readers.signal.tables import LARGEST, PrivateTables
from webapp.engine.zip_index import STORED

LARGEST_IN_ZIP = 512 << 20
"""Bytes of a backup that lies compressed in a zip: it has to be unpacked into memory."""

WINDOW = 1 << 20
_EVERY = 4096
MOST_PASSPHRASES = 4


@dataclass(slots=True)
class SealedSignal:
    """The backups found, still closed."""

    found: list[tuple[Item, Header]]
    others: int
    reader: str = field(default="signal")

    async def unsealed(self, options: ReadOptions, cipher: BackupCipher, report: Reporter) -> "OpenedSignal":
        """Raises BackupKeyNeeded, BackupKeyWrong, BackupDamaged, BackupTruncated, BackupTooNew, BackupTooLarge."""
        opened = OpenedSignal([], self.others)
        try:
            for origin, (item, header) in enumerate(self.found, start=1):
                opened.backups.append(await _open(origin, item, header, options, cipher, report))
        except BaseException:
            opened.close()
            raise
        return opened


@dataclass(slots=True)
class OpenedSignal:
    """The opened backups; read once."""

    backups: list[Messages]
    others: int
    reader: str = field(default="signal")

    def events(self, options: ReadOptions) -> Iterator[Event]:
        """Every chat of every backup, in the order told in `events`."""
        ids = Ids()
        try:
            for backup in self.backups:
                item = backup.item
                yield Origin(backup.origin, self.reader, item.source.name, item.path if item.member else "")
                yield from backup.events(ids)
            if self.others:
                yield Unknown(None, "unreferenced_file", self.others)
        except sqlite3.Error:
            raise BackupDamaged(self.backups[0].item.name, at=0) from None
        finally:
            self.close()

    def close(self) -> None:
        """Gives the memory back."""
        for backup in self.backups:
            backup.connection.close()


def recognise(items: Sequence[Item]) -> SealedSignal | None:
    """The backups among `items`, or None. Reads the beginnings of files."""
    found = [(item, header) for item in items if (header := _header(item)) is not None]
    return SealedSignal(found, len(items) - len(found)) if found else None


def _header(item: Item) -> Header | None:
    try:
        # The length of the header comes first, so most files are told by four bytes.
        if item.head(2) != b"\x00\x00":
            return None
        return header_of(item.head(LARGEST_HEADER))
    except CofferError:
        return None


async def _open(
    origin: int, item: Item, header: Header, options: ReadOptions, cipher: BackupCipher, report: Reporter
) -> Messages:
    passphrases = passphrases_among(options.keys)
    if not passphrases:
        raise BackupKeyNeeded(item.name)
    read = _windowed(_random_access(item))
    for left, passphrase in enumerate(reversed(passphrases[:MOST_PASSPHRASES])):
        report.check()
        keys = derive(passphrase, header.salt)
        try:
            return await _read(origin, item, read, header, keys, cipher, report)
        except BackupKeyWrong:
            if left == min(len(passphrases), MOST_PASSPHRASES) - 1:
                raise
    raise AssertionError("unreachable")


async def _read(
    origin: int, item: Item, read: Read, header: Header, keys: BackupKeys, cipher: BackupCipher, report: Reporter
) -> Messages:
    frames = FrameReader(item.name, read, item.size, header, keys, cipher)
    tables = PrivateTables()
    seals: dict[int, AttachmentSeal] = {}
    try:
        number = 0
        async for frame in frames.frames():
            if frame.field == STATEMENT:
                tables.add(frame.body)
            elif frame.field == ATTACHMENT:
                row = frame.body.get(1)
                if row and isinstance(row[-1], int):
                    seals[row[-1]] = seal_of(frame, keys)
            number += 1
            if number % _EVERY == 0:
                report.check()
                report(Progress("opening", frames.position, item.size))
                if tables.size > LARGEST:
                    raise BackupTooLarge(item.name, bytes=tables.size, limit=LARGEST)
        connection = tables.finish()
    except (NotProtobuf, sqlite3.Error, OverflowError):
        tables.connection.close()
        raise BackupDamaged(item.name, at=frames.position) from None
    except BaseException:
        tables.connection.close()
        raise
    return Messages(item, origin, connection, seals, tables.refused)


def _random_access(item: Item) -> Read:
    """The file's bytes at random: in place where they lie as they are, else unpacked into memory."""
    member, source = item.member, item.source
    if member is None:
        return source.read
    if member.method == STORED and not member.encrypted:
        start, size = member.data_offset, member.size
        return lambda offset, length: source.read(start + offset, max(0, min(length, size - offset)))
    if item.size > LARGEST_IN_ZIP:
        raise BackupTooLarge(item.name, bytes=item.size, limit=LARGEST_IN_ZIP)
    content = b"".join(item.pieces())
    return lambda offset, length: content[offset : offset + length]


def _windowed(read: Read) -> Read:
    """The same reads served from a window that moves forward: frames are short, reads are costly."""
    start, window = 0, b""

    def served(offset: int, length: int) -> bytes:
        nonlocal start, window
        if length > WINDOW:
            return read(offset, length)
        if offset < start or offset + length > start + len(window):
            start, window = offset, read(offset, WINDOW)
        return window[offset - start : offset - start + length]

    return served
