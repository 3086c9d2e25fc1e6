"""What every reader yields, whatever the source: chats, who takes part, messages, media, and what was not understood.

The order: Origin, then its Chats; within a chat Chat, then Participant, Member and Media each before the first Message
that mentions it, then Unknown counts, then ChatEnd. Ids are small integers, unique within one reading. Times are
milliseconds since 1970-01-01; in a `floating` chat they are the wall clock of the phone written as if it were UTC,
since text exports carry no zone. Lengths of time are seconds. What hangs on few messages only (quotes, reactions, polls
…) is told in `Message.details` (`engine.readers.details`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

from webapp.engine.readers.details import Detail


class Kind(StrEnum):
    """What a message is. Shared by all sources; `omitted`: the export left its medium out; `unknown`: a type that the
    reader does not know, named in `Message.detail` and counted as Unknown("message_type"). A link with its preview is a
    text with a `Link`; something to be viewed once keeps its kind, with the detail "view_once"."""

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
    LIVE_LOCATION = "live_location"
    POLL = "poll"
    EVENT = "event"
    ALBUM = "album"
    INVITE = "invite"
    CALL = "call"
    SYSTEM = "system"
    DELETED = "deleted"
    OMITTED = "omitted"
    UNKNOWN = "unknown"


DateOrder = Literal["DMY", "MDY", "YMD"]


@dataclass(frozen=True, slots=True)
class DateGuess:
    """How numbers like 3/4/22 are read. `reason`: year_first, beyond_twelve, attachment_names, dots, no_future,
    file_order, what_changes, day_period, default, or chosen (by the person)."""

    order: DateOrder
    certain: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A file that messages come from: its name, the member within a zip, and the reader that read it."""

    id: int
    reader: str
    name: str
    member: str = ""


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation. `path` is where its text lies: source name, and the member within a zip. `address` is the app's
    own name for it (a WhatsApp jid, a Telegram or Signal id), the same in every backup; empty where the source has
    none. `muted_until`: 0 not muted, -1 for ever. None where the source does not tell."""

    id: int
    title: str
    app: str
    path: str
    floating: bool
    date_guess: DateGuess | None
    origin: int | None = None
    address: str = ""
    description: str = ""
    created: int | None = None
    creator: int | None = None
    archived: bool | None = None
    pinned: bool | None = None
    muted_until: int | None = None


NameSource = Literal["", "saved", "pushed", "number"]


@dataclass(frozen=True, slots=True)
class Participant:
    """A person. `chat` makes them a member of it; None where Member events tell (one person in many chats).

    `phone` is set where a number is known, with its +; `address` is the app's own name (jid), `lid` WhatsApp's second.
    `name_source`: saved in the phone's contacts; pushed by the person themselves (shown as "~name"); number: no name.
    """

    id: int
    chat: int | None
    name: str
    phone: str = ""
    address: str = ""
    lid: str = ""
    name_source: NameSource = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A participant of a chat. `rank`: member, admin, owner, or "" where unknown; `left` is set once they are out."""

    chat: int
    participant: int
    rank: Literal["", "member", "admin", "owner"] = ""
    joined: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A file of a chat. `source` indexes the sources given; `member` is its path in that zip, empty for a lone file.

    A medium that a message names and nobody gave has `source` None; its size is what the source tells, else 0. `title`
    is what the chat shows beside it, such as a document's name and page count. `sha256` in base64 with its padding, as
    WhatsApp keeps it; width and height in pixels, duration in seconds; the caption is the message's text. `thumbnail`
    is a small picture of the app's own making (JPEG, PNG or WebP bytes). `seal` is set where the bytes lie encrypted in
    the source: what finds and opens them (it holds keys, and belongs into the archive alone).
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
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    sha256: str = ""
    thumbnail: bytes | None = None
    seal: str = ""


class Message(NamedTuple):
    """One line of a conversation; `sequence` is its place in the source and breaks ties of time.

    `detail` refines the kind: omitted → the kind left out, or ""; anything viewed once → view_once; deleted → self (by
    the phone's owner), other (by its sender), admin; call → the line as exported; system → the name the source gave as
    author; unknown → the source's own type. `text` is what a person wrote (the caption, the question of a poll) or a
    sentence to read. `key`: the source's stable id of the message, the same in every backup, "" where there is none.
    `forwarded` counts hand-overs as the app does, 0: not forwarded. A tuple, as there are millions.
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
    details: tuple[Detail, ...] = ()
    key: str = ""
    forwarded: int = 0
    starred: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something kept or seen but not understood. `what`: leading_text, undecodable_text, day_period, impossible_date,
    unreferenced_file, message_type, system_event, orphan_message …; `detail` names it (the number of the type)."""

    chat: int | None
    what: str
    count: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ChatEnd:
    """A chat is complete. `owner`: the participant whose phone made the backup, where the source tells."""

    chat: int
    group: bool
    owner: int | None


Event = Origin | Chat | Participant | Member | Media | Message | Unknown | ChatEnd
