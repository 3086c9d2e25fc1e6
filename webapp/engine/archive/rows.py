"""What the archive gives back. Plain values: every row turns into JSON with `dataclasses.asdict`."""

from dataclasses import dataclass
from typing import NamedTuple


class Cursor(NamedTuple):
    """A place in a chat: time in milliseconds, then place in the source."""

    timestamp: int
    sequence: int


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """Someone who wrote; `messages` counts what they wrote."""

    id: int
    chat: int
    name: str
    phone: str
    messages: int


@dataclass(frozen=True, slots=True)
class MediaRow:
    """A file of a chat, as `events.Media`; `source` None: named, but not in the backup."""

    id: int
    chat: int
    source: int | None
    source_name: str
    member: str
    name: str
    title: str
    kind: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as `events.Message`, with its sender's name and its medium."""

    id: int
    chat: int
    timestamp: int
    sequence: int
    kind: str
    sender: int | None
    sender_name: str
    text: str
    detail: str
    edited: bool
    latitude: float | None
    longitude: float | None
    media: MediaRow | None

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.timestamp, self.sequence)


@dataclass(frozen=True, slots=True)
class ChatRow:
    """A chat in the list of chats; `preview` is its last message."""

    id: int
    title: str
    app: str
    floating: bool
    group: bool
    owner: int | None
    date_order: str | None
    date_certain: bool
    date_reason: str
    messages: int
    media: int
    first: int | None
    last: int | None
    preview: MessageRow | None


@dataclass(frozen=True, slots=True)
class Page:
    """Messages of one chat in the order of time. `older` and `newer` continue in that direction; None: the end.

    `place` is the index of the first message: how many lie before this page.
    """

    messages: tuple[MessageRow, ...]
    older: Cursor | None
    newer: Cursor | None
    place: int


@dataclass(frozen=True, slots=True)
class MediaEntry:
    """A medium with the message that shows it; None for a file beside the chat that no message names."""

    media: MediaRow
    message: int | None
    timestamp: int | None
    sequence: int | None
