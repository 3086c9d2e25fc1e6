"""The reader of WhatsApp on the iPhone: recognised by its tables, told chat by chat."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count

from webapp.engine.readers.events import Event, Origin, Unknown
from webapp.engine.readers.files_by_path import FilesByPath
from webapp.engine.readers.foreign_database import ForeignDatabase
from webapp.engine.readers.items import Item
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.whatsapp_ios.chats import Chats
from webapp.engine.readers.whatsapp_ios.finding import Known, Storage, storages
from webapp.engine.readers.whatsapp_ios.people import People


@dataclass(slots=True)
class WhatsAppIos:
    """The chat storages found, each with its databases and files."""

    found: list[Storage]
    reader: str = field(default="whatsapp_ios")

    def events(self, options: ReadOptions) -> Iterator[Event]:
        """Every chat. Raises DatabaseDamaged, DatabaseTooLarge, DatabaseImplausible and the errors of zips."""
        numbers = _Numbers()
        for origin, storage in enumerate(self.found, start=1):
            item = storage.chats.item
            yield Origin(origin, self.reader, item.source.name, item.path if item.member else "")
            files = FilesByPath(
                [known.item for known in storage.files], [known.path for known in storage.files], numbers.media
            )
            with ExitStack() as stack:
                chats = stack.enter_context(_opened(storage, storage.chats))
                contacts = stack.enter_context(_opened(storage, storage.contacts)) if storage.contacts else None
                calls = stack.enter_context(_opened(storage, storage.calls)) if storage.calls else None
                people = People(chats, contacts, numbers.people)
                yield from Chats(origin, storage.chats, chats, calls, people, files, numbers.chats).events()
            left = sum(
                1 for item in files.unnamed() if "/Media/" in f"/{item.path}" and not item.name.endswith(".thumb")
            )
            if left:
                yield Unknown(None, "unreferenced_file", left)


@dataclass(slots=True)
class _Numbers:
    """The ids of one reading."""

    chats: Iterator[int] = field(default_factory=lambda: count(1))
    people: Iterator[int] = field(default_factory=lambda: count(1))
    media: Iterator[int] = field(default_factory=lambda: count(1))


def recognise(items: Sequence[Item]) -> WhatsAppIos | None:
    """The chat storages among `items`, or None. Reads the beginnings of files. Raises DeviceBackupEncrypted."""
    found = storages(items)
    return WhatsAppIos(found) if found else None


def _opened(storage: Storage, database: Known) -> ForeignDatabase:
    return ForeignDatabase(database.item, storage.log_of(database))
