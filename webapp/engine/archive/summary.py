"""What was found in the files a person chose: the page shows it before anything is backed up."""

from collections import Counter
from dataclasses import dataclass, field

from webapp.engine.readers.events import Chat, ChatEnd, DateGuess, Event, Media, Message, Participant, Unknown


@dataclass(slots=True)
class FoundChat:
    """One chat. `first` and `last` in milliseconds, None where it has no message; `media` counts files at hand."""

    id: int
    title: str
    app: str
    floating: bool
    date_guess: DateGuess | None
    group: bool = False
    messages: int = 0
    media: int = 0
    participants: int = 0
    first: int | None = None
    last: int | None = None


@dataclass(slots=True)
class Found:
    """Totals of one reading. `media_missing` are files that a message names and nobody gave; sizes in bytes."""

    chats: list[FoundChat] = field(default_factory=list)
    messages: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    participants: int = 0
    media: int = 0
    media_bytes: int = 0
    media_missing: int = 0
    first: int | None = None
    last: int | None = None
    unknown: dict[str, int] = field(default_factory=dict)

    @property
    def dates_certain(self) -> bool:
        """False where a person should be asked which number is the day."""
        return all(chat.date_guess is None or chat.date_guess.certain for chat in self.chats)


class Tally:
    """Counts events as they pass."""

    def __init__(self) -> None:
        self._found = Found()
        self._kinds: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()
        self._chats: dict[int, FoundChat] = {}

    def message(self, message: Message) -> None:
        """The most frequent event, counted apart to stay quick."""
        chat = self._chats[message.chat]
        self._kinds[message.kind] += 1
        chat.messages += 1
        timestamp = message.timestamp
        if chat.first is None or chat.last is None:
            chat.first = chat.last = timestamp
        elif timestamp < chat.first:
            chat.first = timestamp
        elif timestamp > chat.last:
            chat.last = timestamp

    def add(self, event: Event) -> None:
        """Any event but a Message."""
        found = self._found
        match event:
            case Chat():
                chat = FoundChat(event.id, event.title, event.app, event.floating, event.date_guess)
                self._chats[event.id] = chat
                found.chats.append(chat)
            case Participant():
                self._chats[event.chat].participants += 1
                found.participants += 1
            case Media(source=None):
                found.media_missing += 1
            case Media():
                self._chats[event.chat].media += 1
                found.media += 1
                found.media_bytes += event.size
            case Unknown():
                self._unknown[event.what] += event.count
            case ChatEnd():
                self._chats[event.chat].group = event.group
            case Message():
                self.message(event)

    def found(self) -> Found:
        """The totals so far."""
        found = self._found
        found.messages = sum(chat.messages for chat in found.chats)
        found.by_kind = {str(kind): self._kinds[kind] for kind in sorted(self._kinds)}
        found.unknown = {what: self._unknown[what] for what in sorted(self._unknown)}
        found.first = min((chat.first for chat in found.chats if chat.first is not None), default=None)
        found.last = max((chat.last for chat in found.chats if chat.last is not None), default=None)
        return found
