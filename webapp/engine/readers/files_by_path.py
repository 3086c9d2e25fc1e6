"""Files that a chat names by a relative path → the files at hand."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from webapp.engine.errors import CofferError
from webapp.engine.readers.events import Kind, Media
from webapp.engine.readers.items import Item
from webapp.engine.readers.mime import HEAD, UNKNOWN, mime_of


class FilesByPath:
    """All files at hand, found by a path relative to the file that names them; each is one Media a chat."""

    def __init__(
        self, items: Sequence[Item], paths: Sequence[str] | None = None, ids: Iterator[int] | None = None
    ) -> None:
        """`paths`: under which the chats know the items, where those differ from the items' own."""
        known = [item.path for item in items] if paths is None else paths
        self._exact = {(_container(item), path): item for item, path in zip(items, known, strict=True)}
        self._by_name: dict[str, list[tuple[str, Item]]] = {}
        for item, path in zip(items, known, strict=True):
            self._by_name.setdefault(path.rpartition("/")[2], []).append((path, item))
        self._ids = ids or count(1)
        self._told: dict[tuple[int, str], Media] = {}

    def find(self, beside: Item, path: str, folders: Iterable[str] = ("",), known_as: str = "") -> Item | None:
        """The file at `path` below the folder of `beside` (whose path is `known_as`, where that differs), or below one
        of `folders` there; else the only file whose path ends so. Never one outside what was chosen: these are names to
        compare, not places on a disk."""
        path = path.replace("\\", "/").strip("/")
        if not path or ".." in path.split("/"):
            return None
        base = (known_as or beside.path).rpartition("/")[0]
        for folder in folders:
            wanted = "/".join(part for part in (base, folder, path) if part)
            found = self._exact.get((_container(beside), wanted))
            if found is not None:
                return found
        same = [
            item for known, item in self._by_name.get(path.rpartition("/")[2], ()) if f"/{known}".endswith(f"/{path}")
        ]
        return same[0] if len(same) == 1 else None

    def media(
        self,
        chat: int,
        item: Item | None,
        *,
        kind: Kind,
        name: str = "",
        title: str = "",
        mime: str = "",
        size: int = 0,
        missing_key: str = "",
        width: int | None = None,
        height: int | None = None,
        duration: int | None = None,
        sha256: str = "",
        thumbnail: bytes | None = None,
    ) -> tuple[Media, bool]:
        """The medium for an item (None: named and not given), and whether it has not been told before. What the chat
        says of it counts, but content at hand overrules type and size. `missing_key` tells files apart that are not
        there."""
        key = (chat, f"{_container(item)}/{item.path}" if item else f"missing/{missing_key or name}")
        told = self._told.get(key)
        if told is not None:
            return told, False
        medium = Media(
            id=next(self._ids),
            chat=chat,
            source=item.source_index if item else None,
            source_name=item.source.name if item else "",
            member=item.path if item and item.member else "",
            name=name or (item.name if item else ""),
            title=title,
            kind=kind,
            mime=_type_of(item) if item else _plain_type(mime),
            size=item.size if item else size,
            width=width,
            height=height,
            duration=duration,
            sha256=sha256,
            thumbnail=thumbnail,
        )
        self._told[key] = medium
        return medium, True

    def unnamed(self) -> Iterator[Item]:
        """Files that no message has named so far."""
        named = {path for _, path in self._told}
        for item in self._exact.values():
            if f"{_container(item)}/{item.path}" not in named:
                yield item


def _container(item: Item) -> int | None:
    return None if item.member is None else item.source_index


def _type_of(item: Item) -> str:
    try:
        return mime_of(item.head(HEAD), item.name)
    except CofferError:
        return UNKNOWN  # a damaged file costs itself, not the chat


def _plain_type(mime: str) -> str:
    family, _, name = mime.partition(";")[0].strip().partition("/")
    return f"{family}/{name}" if family.isalpha() and name and len(mime) < 100 else UNKNOWN
