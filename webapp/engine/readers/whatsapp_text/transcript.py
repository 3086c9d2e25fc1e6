"""The second pass over one chat's text: lines → participants, media and messages."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.engine.readers.events import (
    Chat,
    ChatEnd,
    DateGuess,
    Event,
    Kind,
    Media,
    Message,
    Unknown,
)
from webapp.engine.readers.items import Item, lines_of
from webapp.engine.readers.whatsapp_text.body import classify
from webapp.engine.readers.whatsapp_text.date_order import ORDERS, day_of
from webapp.engine.readers.whatsapp_text.headers import Header, Headers
from webapp.engine.readers.whatsapp_text.media import Shelf
from webapp.engine.readers.whatsapp_text.people import People, clean_name
from webapp.engine.readers.whatsapp_text.stamp import MARKS
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
        self._chat = chat
        self._item = item
        self._encoding = encoding
        self._seen = seen
        self._order = guess.order
        self._people = people
        self._shelf = shelf
        self._files = shelf.names()
        self._headers = Headers()
        self._accepted = seen.accepted()
        self._days: list[int | None] = []
        self._counts = _Counts()
        self._last_timestamp = 0
        self._sequence = 0
        self._group_line = False

    def events(self) -> Iterator[Event]:
        """Everything of the chat after its Chat event: participants, media, messages, Unknown counts, ChatEnd."""
        header: Header | None = None
        first = ""
        more: list[str] = []
        read, dates, accepted = self._headers.read, self._headers.dates, self._accepted
        for line in lines_of(self._item, self._encoding):
            found = read(line)
            if found is None or dates[found.date].shape not in accepted:
                if header is not None:
                    more.append(line)
                elif line.strip(MARKS + " \t"):
                    self._counts.leading += 1
                continue
            if header is not None:
                yield from self._message(header, first, more)
                if more:
                    more = []
            header, first = found, line
        if header is not None:
            yield from self._message(header, first, more)
        yield from self._ending()

    def _message(self, header: Header, line: str, more: list[str]) -> Iterator[Event]:
        sender, body, author = self._split(header, line)
        if more:
            # Blank lines at the end belong to the file, not to the message.
            while more and not more[-1].strip(MARKS + " \t"):
                more.pop()
            body = "\n".join([body, *more])
        if "\ufffd" in body:
            self._counts.undecodable += 1
        timestamp = self._timestamp(header)
        sequence = self._sequence
        self._sequence += 1
        chat = self._chat.id
        if sender is None:
            text = body.strip(MARKS)
            self._group_line = self._group_line or bool(_QUOTE_MARKS & set(text))
            yield Message(chat, sequence, timestamp, Kind.SYSTEM, None, text)
            return
        kind, text, detail, attachment, title, edited, latitude, longitude = classify(
            body, header.bracketed, header.marked, self._files
        )
        if kind is Kind.SYSTEM:
            yield Message(chat, sequence, timestamp, kind, None, text, clean_name(author))
            return
        number = self._people.id_of(sender)
        if self._people.fresh:
            yield from self._people.fresh
            self._people.fresh.clear()
        medium: Media | None = None
        if attachment:
            medium, new = self._shelf.media(chat, self._item, attachment, title)
            kind = medium.kind
            if new:
                yield medium
        elif kind is Kind.DELETED and detail == "self":
            self._people.owners.add(number)
        yield Message(
            chat,
            sequence,
            timestamp,
            kind,
            number,
            text,
            detail,
            edited,
            medium.id if medium is not None else None,
            latitude,
            longitude,
        )

    def _split(self, header: Header, line: str) -> tuple[str | None, str, str]:
        """The sender (None for a line of the app's own), the first line of the body, and the sender as written."""
        start = header.rest
        end = line.find(": ", start, start + LONGEST_NAME)
        if end > start:
            sender = line[start:end]
            if is_name(sender, self._seen.senders):
                return sender, line[end + 2 :], sender
        elif (
            line.endswith(":") and 1 < len(line) - start <= LONGEST_NAME and is_name(line[start:-1], self._seen.senders)
        ):
            return line[start:-1], "", line[start:-1]
        return None, line[start:], ""

    def _timestamp(self, header: Header) -> int:
        days = self._days
        while len(days) <= header.date:
            days.append(self._day(len(days)))
        day = days[header.date]
        stamp = self._headers.dates[header.date]
        if stamp.odd_word:
            self._counts.odd_words += 1
        if day is None:
            self._counts.impossible += 1
            return self._last_timestamp
        self._last_timestamp = day * _DAY + header.seconds * 1000
        return self._last_timestamp

    def _day(self, number: int) -> int | None:
        """Under the chosen order, or, where there is no such day, under whichever order gives one."""
        stamp = self._headers.dates[number]
        numbers = (stamp.a, stamp.b, stamp.c, stamp.calendar)
        order = "YMD" if stamp.year_first else self._order
        for candidate in (order, *ORDERS):
            day = day_of(numbers, candidate)
            if day is not None:
                return day
        return None

    def _ending(self) -> Iterator[Event]:
        chat = self._chat.id
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
