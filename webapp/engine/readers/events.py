"""What every reader yields, whatever the source: chats, who takes part, messages, media, and what was not understood.

For each chat the order is Chat, then Participant and Media each before the first Message that mentions it, then
Unknown counts, then ChatEnd. Ids are small integers, unique within one reading. Times are milliseconds since
1970-01-01; in a `floating` chat they are the wall clock of the phone written as if it were UTC, since text exports
carry no zone.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple


class Kind(StrEnum):
    """What a message is. Shared by all sources; `omitted` means the export left its medium out."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    GIF = "gif"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"
    CONTACT = "contact"
    LOCATION = "location"
    POLL = "poll"
    CALL = "call"
    SYSTEM = "system"
    DELETED = "deleted"
    OMITTED = "omitted"


DateOrder = Literal["DMY", "MDY", "YMD"]


@dataclass(frozen=True, slots=True)
class DateGuess:
    """How numbers like 3/4/22 are read. `reason`: year_first, beyond_twelve, attachment_names, dots, no_future,
    file_order, what_changes, day_period, default, or chosen (by the person)."""

    order: DateOrder
    certain: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation. `path` is where its text lies: source name, and the member within a zip."""

    id: int
    title: str
    app: str
    path: str
    floating: bool
    date_guess: DateGuess | None


@dataclass(frozen=True, slots=True)
class Participant:
    """Someone who wrote in a chat. `phone` is set where only a number is known."""

    id: int
    chat: int
    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A file of a chat. `source` indexes the sources given; `member` is its path in that zip, empty for a lone file.

    A medium that a message names and nobody gave has `source` None and size 0. `title` is what the chat shows
    beside it, such as a document's name and page count.
    """

    id: int
    chat: int
    source: int | None
    source_name: str
    member: str
    name: str
    title: str
    kind: Kind
    mime: str
    size: int


class Message(NamedTuple):
    """One line of a conversation; `sequence` is its place in the source and breaks ties of time.

    `detail` refines the kind: omitted → the kind left out, or view_once, or ""; deleted → self or other;
    call → the line as exported; system → the name the source gave as author. A tuple, as there are millions.
    """

    chat: int
    sequence: int
    timestamp: int
    kind: Kind
    sender: int | None
    text: str
    detail: str = ""
    edited: bool = False
    media: int | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something kept or seen but not understood: leading_text, undecodable_text, day_period, impossible_date,
    unreferenced_file."""

    chat: int | None
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class ChatEnd:
    """A chat is complete. `owner`: the participant whose phone made the export, where the text tells."""

    chat: int
    group: bool
    owner: int | None


Event = Chat | Participant | Media | Message | Unknown | ChatEnd
