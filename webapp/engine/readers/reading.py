"""What a reader of chats must offer, and what the caller may choose."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from webapp.engine.crypto.secret import Secret
from webapp.engine.ports import BackupCipher, Reporter
from webapp.engine.readers.events import DateOrder, Event
from webapp.engine.readers.items import Item


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """`now`: the person's wall clock (naive), so that no date is taken to lie in the future; None where there is no
    clock. `date_order`: the person's own choice, overruling every guess. `keys`: what opens encrypted backups, each the
    text the person typed or the content of a key file. `salvage`: show what can be had of a damaged encrypted backup,
    though nobody can vouch for it."""

    now: datetime | None = None
    date_order: DateOrder | None = None
    keys: tuple[Secret, ...] = ()
    salvage: bool = False


class Recognised(Protocol):
    """Content that a reader knows how to read."""

    reader: str

    def events(self, options: ReadOptions) -> Iterator[Event]:
        """Reads everything, in the order told in `events`. Raises TextTooLarge and the errors of zips."""
        ...


@runtime_checkable
class FillsArchive(Protocol):
    """Recognised content that is a database itself, and is copied set by set instead of event by event."""

    reader: str

    def fill(self, archive: sqlite3.Connection, options: ReadOptions, report: Reporter) -> None:
        """Fills the tables of an archive between `begin` and `finish`. Raises DatabaseDamaged, DatabaseImplausible,
        DatabaseTooLarge, Cancelled; the archive is then to be thrown away."""
        ...


@runtime_checkable
class Sealed(Protocol):
    """An encrypted backup: recognised, but to be opened before it can be read."""

    reader: str

    async def unsealed(self, options: ReadOptions, cipher: BackupCipher, report: Reporter) -> Recognised:
        """The opened content. Raises BackupKeyNeeded, BackupKeyWrong, BackupDamaged, BackupCutShort, Cancelled."""
        ...


class Reader(Protocol):
    """One kind of source, recognised by content."""

    def __call__(self, items: Sequence[Item]) -> Recognised | FillsArchive | Sealed | None:
        """What this reader can read of `items`, or None. Looks at the beginnings of files only."""
        ...
