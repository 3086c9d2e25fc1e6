"""The reader of Telegram Desktop's `result.json`: recognised by its content, told chat by chat."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from webapp.engine.errors import CofferError
from webapp.engine.readers.events import Event, Origin, Unknown
from webapp.engine.readers.files_by_path import FilesByPath
from webapp.engine.readers.items import Item
from webapp.engine.readers.json_stream import DamagedJson, ImplausibleJson, JsonStream
from webapp.engine.readers.mime import HEAD
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.telegram.chat import People, TelegramChat
from webapp.engine.readers.telegram.chats import chats

_SAMPLE = 1 << 16
_CHATS = re.compile(r'"chats"\s*:\s*\{')
_MESSAGE = re.compile(r'"date_unixtime"\s*:|"type"\s*:\s*"(?:message|service)"')


@dataclass(slots=True)
class Telegram:
    """The exports found, and the files their messages may name."""

    exports: list[Item]
    others: list[Item]
    reader: str = field(default="telegram")

    def events(self, options: ReadOptions) -> Iterator[Event]:
        """Every chat of every export. Raises DamagedJson, ImplausibleJson, DamagedZip."""
        files = FilesByPath(self.others)
        people = People()
        numbers = count(1)
        for origin, item in enumerate(self.exports, start=1):
            yield Origin(origin, self.reader, item.source.name, "" if item.member is None else item.path)
            for head, account, messages in chats(JsonStream(item.pieces())):
                chat = TelegramChat(next(numbers), origin, item, head, account, people, files)
                yield from chat.events(messages)
        left = sum(1 for item in files.unnamed() if not _is_decoration(item))
        if left:
            yield Unknown(None, "unreferenced_file", left)


def recognise(items: Sequence[Item]) -> Telegram | None:
    """The exports among `items`, or None. Reads the beginnings of files."""
    exports = [item for item in items if _is_export(item)]
    if not exports:
        return None
    return Telegram(exports, [item for item in items if item not in exports])


def _is_export(item: Item) -> bool:
    try:
        if item.head(HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
            return False
        head = item.head(_SAMPLE)
    except CofferError:
        return False
    seen: set[str] = set()
    stream = JsonStream([head])
    try:
        for key in stream.members():
            seen.add(key)
            if key in ("messages", "chats"):
                break
            stream.skip(1)
    except (DamagedJson, ImplausibleJson):
        pass  # the beginning of a file ends anywhere
    if {"about", "personal_information"} <= seen:
        return True
    text = head.decode("utf-8", "replace")
    return ("chats" in seen and _CHATS.search(text) is not None) or (
        "messages" in seen and _MESSAGE.search(text) is not None
    )


def _is_decoration(item: Item) -> bool:
    return item.name.endswith(("_thumb.jpg", ".html", ".css", ".js")) or "/images/" in f"/{item.path}"
