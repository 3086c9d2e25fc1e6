"""All readers, asked in turn; what none of them knows is named as far as it can be."""

from collections.abc import Iterator, Sequence

from webapp.engine.ports import BackupCipher, Reporter, Source
from webapp.engine.readers.errors import NotAChatExport
from webapp.engine.readers.events import Event
from webapp.engine.readers.items import Item, encoding_of, items_of
from webapp.engine.readers.mime import HEAD, mime_of
from webapp.engine.readers.mixed import by_kind
from webapp.engine.readers.nested_zips import with_inner_zips
from webapp.engine.readers.reading import FillsArchive, Reader, ReadOptions, Recognised, Sealed
from webapp.engine.readers.signal.reader import recognise as signal
from webapp.engine.readers.telegram.reader import recognise as telegram
from webapp.engine.readers.whatsapp_android.reader import recognise as whatsapp_android
from webapp.engine.readers.whatsapp_ios.reader import recognise as whatsapp_ios
from webapp.engine.readers.whatsapp_text.reader import recognise as whatsapp_text

READERS: tuple[Reader, ...] = (whatsapp_ios, whatsapp_android, signal, telegram, whatsapp_text)


def sniff(sources: Sequence[Source]) -> Recognised | FillsArchive | Sealed:
    """Finds the reader for what a person chose, by content and never by file name.

    Raises NothingChosen, NotAChatExport, DamagedZip, ZipBomb, EncryptedZip.
    """
    items = items_of(sources)
    recognised = _first(items)
    if recognised is None:
        inner = with_inner_zips(items)
        recognised = _first(inner) if inner else None
    if recognised is None:
        raise NotAChatExport(_looks_like(items))
    return recognised


def _first(items: Sequence[Item]) -> Recognised | FillsArchive | Sealed | None:
    return next((found for reader in READERS if (found := reader(items)) is not None), None)


def read(sources: Sequence[Source], options: ReadOptions = ReadOptions()) -> Iterator[Event]:
    """Everything the chosen files hold, where it is told event by event. Raises as `sniff` at once, and as
    `Recognised.events`."""
    recognised = sniff(sources)
    if isinstance(recognised, Sealed):
        raise TypeError("an encrypted backup is opened with `recognise`")
    if isinstance(recognised, FillsArchive):
        raise TypeError("a database is copied into an archive, not told event by event")
    return recognised.events(options)


async def recognise_all(
    sources: Sequence[Source], options: ReadOptions, cipher: BackupCipher, report: Reporter
) -> list[Recognised | FillsArchive]:
    """As `recognise`, for a choice that may hold several kinds of backup: one for each kind. Raises as `recognise`."""
    found = by_kind(items_of(sources), READERS) or [sniff(sources)]
    return [await one.unsealed(options, cipher, report) if isinstance(one, Sealed) else one for one in found]


async def recognise(
    sources: Sequence[Source], options: ReadOptions, cipher: BackupCipher, report: Reporter
) -> Recognised | FillsArchive:
    """As `sniff`; an encrypted backup is opened with the keys of the options. Raises as `sniff` and as
    `Sealed.unsealed`."""
    recognised = sniff(sources)
    return await recognised.unsealed(options, cipher, report) if isinstance(recognised, Sealed) else recognised


def _looks_like(items: Sequence[Item]) -> str:
    item = max(items, key=lambda item: item.size)
    head = item.source.read(0, HEAD) if item.member is None else b""
    if head.startswith(b"SQLite format 3\x00"):
        return "sqlite"
    if item.member is not None:
        return "zip"
    if item.name.casefold().rpartition(".")[2] in ("crypt12", "crypt14", "crypt15"):
        return "encrypted_backup"
    if mime_of(head, "").partition("/")[0] in ("image", "video", "audio"):
        return "media"
    return "text" if encoding_of(head) else "unknown"
