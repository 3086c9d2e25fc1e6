"""An archive with everything that is hard to export, and how tests export it: into memory."""

import asyncio
from collections.abc import Iterator
from html.parser import HTMLParser

from webapp.engine.archive import Archive
from webapp.engine.archive.rows import MediaRow
from webapp.engine.export import ExportJob, export_chats
from webapp.engine.export.html import PAGE
from webapp.engine.opened import NotInBackup
from webapp.engine.ports import Data, Progress, Sink
from webapp.engine.readers.details import Call, Link, Place, Poll, PollOption, Quote, Reaction
from webapp.engine.readers.events import Chat, ChatEnd, Event, Kind, Media, Message, Participant

HOSTILE = "<script>alert(1)</script>\"' onload=x &lt; </p></main><img src=x onerror=y> javascript:alert(2)"
HOSTILE_NAME = "../../<b onclick=x>=cmd|' /C calc'!A0\u202egpj.exe"
FORMULA = '=HYPERLINK("http://evil")'
MANY = 2 * PAGE + 10
TAGS = {
    *("html", "meta", "title", "link", "header", "h1", "h2", "nav", "a", "span", "main", "footer", "article", "b"),
    *("small", "p", "blockquote", "img", "video", "audio", "time", "ul", "li"),
}


class MemoryFolder:
    """A `Folder` in memory; two files open at a time are a mistake."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.closed = False
        self._busy = False

    async def open(self, path: str) -> Sink:
        assert not self._busy
        assert path not in self.files
        self._busy = True
        folder, parts = self, list[bytes]()

        class File:
            async def write(self, data: Data) -> None:
                parts.append(bytes(data))  # type: ignore[call-overload]

            async def close(self) -> None:
                folder.files[path] = b"".join(parts)
                folder._busy = False

            async def abort(self) -> None: ...

        return File()

    async def close(self) -> None:
        self.closed = True


class Quiet:
    def __call__(self, progress: Progress) -> None: ...

    def check(self) -> None: ...


def events() -> Iterator[Event]:
    yield Chat(1, HOSTILE_NAME, "whatsapp", "p", True, None)
    yield Participant(1, 1, HOSTILE_NAME)
    yield Participant(2, 1, "Ben")
    for number, name in enumerate(("cat.jpg", "page.html", "drawing.svg", "note.opus", HOSTILE_NAME), start=1):
        yield Media(number, 1, 0, "a.zip", name, name, "", Kind.DOCUMENT, "x/y", 3)
    yield Media(6, 1, None, "", "", "gone.jpg", "", Kind.IMAGE, "image/jpeg", 0)
    yield Media(7, 1, 0, "a.zip", "lost.jpg", "lost.jpg", "", Kind.IMAGE, "image/jpeg", 0)
    yield Message(1, 0, 1_653_040_800_000, Kind.TEXT, 1, HOSTILE, key="K", details=(
        Reaction(2, HOSTILE), Link("javascript:alert(1)", HOSTILE, HOSTILE),
    ))  # fmt: skip
    yield Message(1, 1, 1_653_040_860_000, Kind.TEXT, 2, FORMULA + " https://e.org/?a=1&b=<x>\nsecond line")
    for number in range(1, 8):
        yield Message(1, 1 + number, 1_653_040_900_000 + number, Kind.IMAGE, 2, "", media=number)
    yield Message(1, 9, 1_653_041_000_000, Kind.LOCATION, 1, "", details=(Place(1.5, 2.5, HOSTILE),))
    yield Message(1, 10, 1_653_041_000_001, Kind.POLL, 1, "lunch?", details=(Poll((PollOption("yes", 2),)),))
    yield Message(1, 11, 1_653_041_000_002, Kind.CALL, 1, "", details=(Call(True, "answered", 62),))
    yield Message(1, 12, 1_653_041_000_003, Kind.SYSTEM, None, HOSTILE)
    yield Message(1, 13, 1_653_041_000_004, Kind.DELETED, 1, "", "self")
    for number in range(14, MANY):
        yield Message(1, number, 1_653_100_000_000 + 60_000 * number, Kind.TEXT, 2, f"message {number}")
    yield Message(1, MANY, 1_753_100_000_000, Kind.TEXT, 2, "answer", details=(Quote("K", 1, "", HOSTILE),))
    yield ChatEnd(1, False, 2)
    yield Chat(2, "Second", "signal", "p", False, None)
    yield Participant(3, 2, "Cem")
    yield Message(2, 0, 1_653_040_800_000, Kind.TEXT, 3, "in UTC")
    yield ChatEnd(2, False, None)


async def fetch(media: MediaRow) -> Data:
    if media.name == "lost.jpg":
        raise NotInBackup
    return b"abc"


def exported_all(archive: Archive, format: str) -> dict[str, bytes]:
    folder = MemoryFolder()
    asyncio.run(export_chats(ExportJob(archive, format, None, fetch, []), folder, Quiet()))
    return folder.files


class Tags(HTMLParser):
    """What a browser would see: tags, and every address with the tag it stands in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.sources: list[str] = []
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        self.sources += [value or "" for name, value in attrs if name == "src"]
        self.ids += [value or "" for name, value in attrs if name == "id"]
