"""All readers, asked in turn; what none of them knows is named as far as it can be."""

from collections.abc import Iterator, Sequence

from webapp.engine.ports import Source
from webapp.engine.readers.errors import NotAChatExport
from webapp.engine.readers.events import Event
from webapp.engine.readers.items import Item, encoding_of, items_of
from webapp.engine.readers.mime import HEAD, mime_of
from webapp.engine.readers.reading import Reader, ReadOptions, Recognised
from webapp.engine.readers.whatsapp_text.reader import recognise

READERS: tuple[Reader, ...] = (recognise,)


def sniff(sources: Sequence[Source]) -> Recognised:
    """Finds the reader for what a person chose, by content and never by file name.

    Raises NothingChosen, NotAChatExport, DamagedZip, ZipBomb, EncryptedZip.
    """
    items = items_of(sources)
    for reader in READERS:
        recognised = reader(items)
        if recognised is not None:
            return recognised
    raise NotAChatExport(_looks_like(items))


def read(sources: Sequence[Source], options: ReadOptions = ReadOptions()) -> Iterator[Event]:
    """Everything the chosen files hold. Raises as `sniff` at once, and as `Recognised.events`."""
    return sniff(sources).events(options)


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
