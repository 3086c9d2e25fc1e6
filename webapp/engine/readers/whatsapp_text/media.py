"""Attachments named in a chat → the files at hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from webapp.engine.readers.events import Media
from webapp.engine.readers.items import Item
from webapp.engine.readers.mime import UNKNOWN, kind_of


@dataclass(frozen=True, slots=True)
class Attachable:
    """A file that a message may name, and its media type."""

    item: Item
    mime: str


@dataclass(slots=True)
class Shelf:
    """All files that are not chats, found by name: in the chat's own folder first, then wherever the name is unique."""

    files: Sequence[Attachable]
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    _by_folder: dict[tuple[tuple[int | None, str], str], Attachable] = field(default_factory=dict)
    _by_name: dict[str, list[Attachable]] = field(default_factory=dict)
    _told: dict[tuple[int, str], Media] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for file in self.files:
            self._by_folder[(file.item.folder, file.item.name)] = file
            self._by_name.setdefault(file.item.name, []).append(file)

    def names(self) -> frozenset[str]:
        return frozenset(self._by_name)

    def find(self, chat_text: Item, name: str) -> Attachable | None:
        own = self._by_folder.get((chat_text.folder, name))
        if own is not None:
            return own
        same = self._by_name.get(name, ())
        return same[0] if len(same) == 1 else None

    def media(self, chat: int, chat_text: Item, name: str, title: str) -> tuple[Media, bool]:
        """The medium for a name in a chat, and whether it has not been told before."""
        file = self.find(chat_text, name)
        key = (chat, file.item.location if file else f"missing/{name}")
        told = self._told.get(key)
        if told is not None:
            return told, False
        medium = self._medium(chat, file, title) if file else self._missing(chat, name, title)
        self._told[key] = medium
        return medium, True

    def unreferenced(self, chat: int, chat_text: Item) -> list[Media]:
        """Files beside a chat's text that no message of any chat named; each is told once."""
        named = {path for _, path in self._told}
        left = [file for file in self.files if file.item.folder == chat_text.folder]
        media = []
        for file in left:
            if file.item.location not in named:
                medium = self._medium(chat, file, "")
                self._told[(chat, file.item.location)] = medium
                media.append(medium)
        return media

    def _medium(self, chat: int, file: Attachable, title: str) -> Media:
        item = file.item
        return Media(
            id=next(self.ids),
            chat=chat,
            source=item.source_index,
            source_name=item.source.name,
            member="" if item.member is None else item.path,
            name=item.name,
            title=title,
            kind=kind_of(item.name, file.mime),
            mime=file.mime,
            size=item.size,
        )

    def _missing(self, chat: int, name: str, title: str) -> Media:
        return Media(next(self.ids), chat, None, "", "", name, title, kind_of(name, UNKNOWN), UNKNOWN, 0)
