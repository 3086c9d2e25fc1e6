"""The second pass over one chat's text: lines → participants, media and messages."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.engine.readers.details import Place
from webapp.engine.readers.events import (
    Chat,
    ChatEnd,
    DateGuess,
    Event,
    Kind,
    Message,
    Unknown,
)
from webapp.engine.readers.items import Item, lines_of
from webapp.engine.readers.whatsapp_text.body import classify
from webapp.engine.readers.whatsapp_text.date_order import ORDERS, day_of
from webapp.engine.readers.whatsapp_text.headers import NO_HEADER
from webapp.engine.readers.whatsapp_text.media import Shelf
from webapp.engine.readers.whatsapp_text.people import People, clean_name
from webapp.engine.readers.whatsapp_text.poll import poll_of
from webapp.engine.readers.whatsapp_text.stamp import MARKS, Stamp
from webapp.engine.readers.whatsapp_text.survey import LONGEST_NAME, Survey, is_name

_DAY = 86_400_000
_QUOTE_MARKS = frozenset('“”„«»「」"')


@dataclass(slots=True)
class _Counts:
    leading: int = 0
    undecodable: int = 0
    odd_words: int = 0
    impossible: int = 0


class Transcript:
    """One chat's text file, read to its end by `events`."""

    def __init__(
        self, chat: Chat, item: Item, encoding: str, seen: Survey, guess: DateGuess, people: People, shelf: Shelf
    ) -> None:
        self._number = chat.id
        self._item = item
        self._encoding = encoding
        self._seen = seen
        self._order = guess.order
        self._people = people
        self._shelf = shelf
        self._files = shelf.names()
        accepted = seen.accepted()
        dates = seen.headers.dates
        self._accepted_dates = [stamp.shape in accepted for stamp in dates]
        self._starts = [self._start_of_day(stamp) for stamp in dates]
        self._odd = [stamp.odd_word for stamp in dates]
        self._new: list[Event] = []
        self._counts = _Counts()
        self._last_timestamp = 0
        self._sequence = 0
        self._group_line = False

    def events(self) -> Iterator[Event]:
        """Everything of the chat after its Chat event: participants, media, messages, Unknown counts, ChatEnd."""
        header_lines = self._seen.header_lines
        headers = iter(zip(header_lines, self._seen.packed, strict=True))
        next_line, next_packed = next(headers, (-1, 0))
        packed = NO_HEADER
        first = ""
        more: list[str] = []
        new, accepted, message = self._new, self._accepted_dates, self._message
        for number, line in enumerate(lines_of(self._item, self._encoding)):
            is_header = False
            if number == next_line:
                found = next_packed
                next_line, next_packed = next(headers, (-1, 0))
                is_header = accepted[found >> 29]
            if not is_header:
                if packed != NO_HEADER:
                    more.append(line)
                elif line.strip(MARKS + " \t"):
                    self._counts.leading += 1
                continue
            if packed != NO_HEADER:
                told = message(packed, first, more)
                if new:
                    yield from new
                    new.clear()
                yield told
                if more:
                    more = []
            packed, first = found, line
        if packed != NO_HEADER:
            told = message(packed, first, more)
            yield from new
            yield told
        yield from self._ending()

    def _message(self, packed: int, line: str, more: list[str]) -> Message:
        """One message; the participants and media it is the first to mention are left in `self._new`."""
        start = packed >> 2 & 0x3FF
        sender, body = self._split(start, line)
        if more:
            # Blank lines at the end belong to the file, not to the message.
            while more and not more[-1].strip(MARKS + " \t"):
                more.pop()
            body = "\n".join([body, *more])
        if "\ufffd" in body:
            self._counts.undecodable += 1
        timestamp = self._timestamp(packed >> 29, packed >> 12 & 0x1FFFF)
        sequence = self._sequence
        self._sequence = sequence + 1
        chat = self._number
        if sender is None:
            text = body.strip(MARKS)
            self._group_line = self._group_line or not _QUOTE_MARKS.isdisjoint(text)
            return Message(chat, sequence, timestamp, Kind.SYSTEM, None, text)
        found = classify(body, packed & 2 != 0, packed & 1 != 0, self._files)
        if found is None:
            return Message(chat, sequence, timestamp, Kind.TEXT, self._writer(sender), body)
        kind, text, detail, attachment, title, edited, latitude, longitude = found
        if kind is Kind.SYSTEM:
            return Message(chat, sequence, timestamp, kind, None, text, clean_name(sender))
        writer = self._writer(sender)
        medium: int | None = None
        if attachment:
            file, is_new = self._shelf.media(chat, self._item, attachment, title)
            kind, medium = file.kind, file.id
            if is_new:
                self._new.append(file)
        elif kind is Kind.DELETED and detail == "self":
            self._people.owners.add(writer)
        elif kind is Kind.POLL and (poll := poll_of(text)) is not None:
            return Message(chat, sequence, timestamp, kind, writer, poll[0], details=(poll[1],))
        if latitude is None or longitude is None:
            return Message(chat, sequence, timestamp, kind, writer, text, detail, edited, medium)
        return Message(
            chat, sequence, timestamp, kind, writer, text, detail, edited, medium, (Place(latitude, longitude),)
        )

    def _writer(self, sender: str) -> int:
        number = self._people.id_of(sender)
        if self._people.fresh:
            self._new += self._people.fresh
            self._people.fresh.clear()
        return number

    def _split(self, start: int, line: str) -> tuple[str | None, str]:
        """The sender (None for a line of the app's own) and the first line of the body."""
        end = line.find(": ", start, start + LONGEST_NAME)
        if end < 0 and line.endswith(":") and len(line) - start <= LONGEST_NAME:
            end = len(line) - 1
        if end > start and is_name(sender := line[start:end], self._seen.senders):
            return sender, line[end + 2 :]
        return None, line[start:]

    def _timestamp(self, date: int, seconds: int) -> int:
        start = self._starts[date]
        if self._odd[date]:
            self._counts.odd_words += 1
        if start is None:
            self._counts.impossible += 1
            return self._last_timestamp
        self._last_timestamp = start + seconds * 1000
        return self._last_timestamp

    def _start_of_day(self, stamp: Stamp) -> int | None:
        """Milliseconds under the chosen order, or, where there is no such day, under whichever order gives one."""
        numbers = (stamp.a, stamp.b, stamp.c, stamp.calendar)
        for order in ("YMD" if stamp.year_first else self._order, *ORDERS):
            day = day_of(numbers, order)
            if day is not None:
                return day * _DAY
        return None

    def _ending(self) -> Iterator[Event]:
        chat = self._number
        loose = self._shelf.unreferenced(chat, self._item)
        yield from loose
        for what, number in (
            ("leading_text", self._counts.leading),
            ("undecodable_text", self._counts.undecodable),
            ("day_period", self._counts.odd_words),
            ("impossible_date", self._counts.impossible),
            ("unreferenced_file", len(loose)),
        ):
            if number:
                yield Unknown(chat, what, number)
        yield ChatEnd(chat, len(self._people) > 2 or self._group_line, self._people.owner())
