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
from webapp.engine.readers.items import Item, blocks_of
from webapp.engine.readers.whatsapp_text.body import (
    ENDS,
    PlainStarts,
    classify,
    is_no_line_of_app,
    is_special,
)
from webapp.engine.readers.whatsapp_text.date_order import ORDERS, day_of
from webapp.engine.readers.whatsapp_text.headers import NO_HEADER
from webapp.engine.readers.whatsapp_text.media import Shelf
from webapp.engine.readers.whatsapp_text.people import People, clean_name
from webapp.engine.readers.whatsapp_text.poll import poll_of
from webapp.engine.readers.whatsapp_text.stamp import MARKS, Stamp
from webapp.engine.readers.whatsapp_text.stretches import groups, whole
from webapp.engine.readers.whatsapp_text.survey import LONGEST_NAME, Survey, is_name

_DAY = 86_400_000
_TEXT = Kind.TEXT
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
        seen.stretches.accept_only(self._accepted_dates)
        self._starts = [self._start_of_day(stamp) for stamp in dates]
        self._odd = [stamp.odd_word for stamp in dates]
        # What the short way knows: texts of dates and times → milliseconds, senders → participants, how texts begin.
        self._days = self._sure_days()
        self._times = {text: seconds * 1000 for text, seconds in seen.stretches.times.items()}
        self._writers: dict[str | None, int] = {}
        self._plain_starts = PlainStarts()
        self._packed, self._first, self._more = NO_HEADER, "", list[str]()
        self._new: list[Event] = []
        self._counts = _Counts()
        self._last_timestamp = 0
        self._sequence = 0
        self._group_line = False

    def events(self) -> Iterator[Event]:
        """Everything of the chat after its Chat event: participants, media, messages, Unknown counts, ChatEnd."""
        for block in blocks_of(self._item, self._encoding):
            yield from self._block(block)
        last: list[Event] = []
        self._tell(last)
        yield from last
        yield from self._ending()

    def _block(self, block: str) -> list[Event]:
        """What a block tells but for its last message, since the next block may go on with it. Plain texts take a short
        way here, whatever is more goes through `_lines`."""
        told: list[Event] = []
        flat = self._seen.stretches.cut(block)
        if flat[0]:
            self._lines(flat[0][1:], told)
        any_special = is_special(block)
        days, times, starts, writers = self._days, self._times, self._plain_starts, self._writers
        chat, sequence, left = self._number, self._sequence, len(flat) // 4
        new = tuple.__new__  # a named tuple's own way takes three times as long
        for date, time, name, body in groups(flat):
            left -= 1
            if (
                left
                and name in writers
                and date in days
                and body[-1:] not in ENDS
                and "\n" not in body
                and (starts[body[:3]] or is_no_line_of_app(body))
                and not (any_special and is_special(body))
            ):
                if self._packed != NO_HEADER:
                    self._sequence = sequence
                    self._tell(told)
                    sequence = self._sequence
                self._last_timestamp = timestamp = days[date] + times[time]
                told.append(
                    new(
                        Message,
                        (chat, sequence, timestamp, _TEXT, writers[name], body, "", False, None, (), "", 0, False),
                    )
                )
                sequence += 1
            else:
                self._sequence = sequence
                self._lines(whole(date, time, name, body), told)
                sequence = self._sequence
        self._sequence = sequence
        return told

    def _lines(self, text: str, told: list[Event]) -> None:
        for line in text.split("\n"):
            packed = self._seen.headers.read(line)
            if packed != NO_HEADER and self._accepted_dates[packed >> 29]:
                self._tell(told)
                self._packed, self._first = packed, line
            elif self._packed != NO_HEADER:
                self._more.append(line)
            elif line.strip(MARKS + " \t"):
                self._counts.leading += 1

    def _tell(self, told: list[Event]) -> None:
        """Adds the message whose lines were being gathered, if there is one, behind whom and what it is the first to
        mention."""
        if self._packed == NO_HEADER:
            return
        message = self._message(self._packed, self._first, self._more)
        self._packed, self._more = NO_HEADER, []
        told += self._new
        self._new.clear()
        told.append(message)

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
        self._writers[sender] = number
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

    def _sure_days(self) -> dict[str, int]:
        """Of dates as `Stretches` cuts them, those of this file's own headers that leave nothing to count or to ask."""
        return {
            text: start
            for text, date in self._seen.stretches.dates.items()
            if (start := self._starts[date]) is not None and not self._odd[date] and text[0] not in MARKS
        }

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
