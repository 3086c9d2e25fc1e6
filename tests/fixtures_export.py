"""Our own chat exports: sources in memory, zips, and a writer of transcripts in the spellings of many phones."""

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from webapp.engine.readers.events import Chat, ChatEnd, Event, Media, Message, Participant, Unknown
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.registry import read


@dataclass
class MemorySource:
    """A chosen file whose bytes are in memory; `reads` counts what was asked for."""

    name: str
    content: bytes
    modified: float | None = None
    reads: int = 0

    @property
    def size(self) -> int:
        return len(self.content)

    def read(self, offset: int, length: int) -> bytes:
        self.reads += 1
        return self.content[offset : offset + length]

    async def data(self, offset: int, length: int) -> bytes:
        return self.read(offset, length)


def zip_of(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), content, method)
    return file.getvalue()


@dataclass
class Told:
    """The events of one reading, sorted by type."""

    events: list[Event]

    def of(self, kind: type) -> list:
        return [event for event in self.events if type(event) is kind]

    @property
    def chats(self) -> list[Chat]:
        return self.of(Chat)

    @property
    def messages(self) -> list[Message]:
        return self.of(Message)

    @property
    def media(self) -> list[Media]:
        return self.of(Media)

    @property
    def people(self) -> list[str]:
        return [person.name for person in self.of(Participant)]

    @property
    def unknown(self) -> dict[str, int]:
        return {event.what: event.count for event in self.of(Unknown)}

    @property
    def ends(self) -> list[ChatEnd]:
        return self.of(ChatEnd)

    def sender(self, message: Message) -> str | None:
        names = {person.id: person.name for person in self.of(Participant)}
        return None if message.sender is None else names[message.sender]

    def times(self) -> list[str]:
        return [wall_clock(message.timestamp) for message in self.messages]


def tell(*sources: MemorySource, options: ReadOptions = ReadOptions()) -> Told:
    return Told(list(read(sources, options)))


def tell_text(text: str, *, name: str = "chat.txt", options: ReadOptions = ReadOptions()) -> Told:
    return tell(MemorySource(name, text.encode("utf-8")), options=options)


def wall_clock(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def _half_day(when: datetime, morning: str, evening: str) -> tuple[int, str]:
    return (when.hour % 12 or 12, morning if when.hour < 12 else evening)


def _arabic_ios(when: datetime) -> str:
    hour, period = _half_day(when, "ص", "م")
    stamp = f"{when.day}\u200f/{when.month}\u200f/{when.year}، {hour}:{when:%M:%S}\u00a0{period}"
    return f"[{stamp.translate(ARABIC_INDIC)}] "


def _american_android(when: datetime) -> str:
    hour, period = _half_day(when, "AM", "PM")
    return f"{when.month}/{when.day}/{when:%y}, {hour}:{when:%M}\u202f{period} - "


def _spanish_android(when: datetime) -> str:
    hour, period = _half_day(when, "a.\u00a0m.", "p.\u00a0m.")
    return f"{when.day}/{when.month}/{when.year}, {hour}:{when:%M} {period} - "


def _korean_android(when: datetime) -> str:
    hour, period = _half_day(when, "오전", "오후")
    return f"{when.year}. {when.month}. {when.day}. {period} {hour}:{when:%M} - "


def _japanese_era_ios(when: datetime) -> str:
    hour, period = _half_day(when, "午前", "午後")
    return f"[R{when.year - 2018}/{when:%m/%d} {period}{hour % 12}:{when:%M:%S}] "


def _chinese_android(when: datetime) -> str:
    hour, period = _half_day(when, "上午", "下午")
    return f"{when.year}/{when.month}/{when.day} {period}{hour}:{when:%M} - "


SPELLINGS: dict[str, Callable[[datetime], str]] = {
    "english android": lambda w: f"{w:%d/%m/%Y, %H:%M} - ",
    "american android": _american_android,
    "german ios": lambda w: f"[{w:%d.%m.%y, %H:%M:%S}] ",
    "czech android": lambda w: f"{w:%d.%m.%y %H:%M} - ",
    "croatian android": lambda w: f"{w.day}. {w.month}. {w.year}. {w:%H:%M} - ",
    "finnish android": lambda w: f"{w.day}.{w.month}.{w.year} klo {w:%H.%M} - ",
    "indonesian ios": lambda w: f"[{w:%d/%m/%y %H.%M.%S}] ",
    "vietnamese ios": lambda w: f"[{w:%H:%M:%S}, {w.day}/{w.month}/{w.year}] ",
    "swedish ios": lambda w: f"[{w:%Y-%m-%d, %H:%M:%S}] ",
    "spanish android": _spanish_android,
    "arabic ios": _arabic_ios,
    "persian android": lambda w: f"{w:%Y/%m/%d،‏ %H:%M} - ".translate(PERSIAN),
    "thai buddhist ios": lambda w: f"[{w.day}/{w.month}/{w.year + 543} {w:%H:%M:%S}] ",
    "buddhist be ios": lambda w: f"[{w.month}/{w.day}/{w.year + 543} BE, {w:%H:%M:%S}] ",
    "korean android": _korean_android,
    "japanese era ios": _japanese_era_ios,
    "chinese android": lambda w: (
        f"{w.year}/{w.month}/{w.day} {'上午' if w.hour < 12 else '下午'}{w.hour % 12 or 12}:{w:%M} - "
    ),
}


def write_export(spelling: str, messages: Iterable[tuple[datetime, str, str]]) -> str:
    """A transcript in one phone's spelling from (time, sender, text)."""
    header = SPELLINGS[spelling]
    return "".join(f"{header(when)}{sender}: {text}\n" for when, sender, text in messages)


def has_seconds(spelling: str) -> bool:
    return spelling.endswith("ios")
