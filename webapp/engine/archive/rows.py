"""What the archive gives back. Plain values: every row turns into JSON with `dataclasses.asdict`."""

from dataclasses import dataclass, field
from typing import NamedTuple

from webapp.engine.readers.details import (
    Call,
    ContactCard,
    Edit,
    Invite,
    Link,
    Place,
    PlannedEvent,
    SystemEvent,
)


class Cursor(NamedTuple):
    """A place in a chat: time in milliseconds, then place in the source."""

    timestamp: int
    sequence: int


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """Someone in a chat; `messages` counts what they wrote there. The rest as in `events.Participant` and `Member`."""

    id: int
    chat: int
    name: str
    phone: str
    messages: int
    address: str = ""
    lid: str = ""
    name_source: str = ""
    rank: str = ""
    joined: int | None = None
    left: int | None = None


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
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    sha256: str = ""


class QuoteRow(NamedTuple):
    """The message that is answered: `quoted` is its id where the archive has it; the rest is the copy the app kept, or
    the message's own where no copy was kept."""

    quoted: int | None
    sender: int | None
    sender_name: str
    text: str
    kind: str
    timestamp: int | None


class ReactionRow(NamedTuple):
    """An emoji, and whose it is ("" where the source does not tell)."""

    participant: int | None
    name: str
    emoji: str
    timestamp: int | None


class MentionRow(NamedTuple):
    """`token` stands in the text, `name` is who is meant."""

    participant: int | None
    name: str
    token: str


class DeletionRow(NamedTuple):
    """Who deleted a message, and when."""

    participant: int | None
    name: str
    timestamp: int | None


class VoteRow(NamedTuple):
    """A vote for the option of that place."""

    option: int
    participant: int | None
    name: str
    timestamp: int | None


class OptionRow(NamedTuple):
    """An answer of a poll and its votes."""

    text: str
    votes: int


@dataclass(frozen=True, slots=True)
class PollRow:
    """A poll; its question is the message's text."""

    options: tuple[OptionRow, ...]
    votes: tuple[VoteRow, ...]
    choices: int | None
    ends: int | None


@dataclass(slots=True)
class MessageDetails:
    """What the side tables hold of one message; most messages have none of it. `album`: id of the album's own message,
    `tile`: it is shown in that message's bubble, not in one of its own; `origins`: further files it was found in."""

    quote: QuoteRow | None = None
    reactions: list[ReactionRow] = field(default_factory=list)
    mentions: list[MentionRow] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    deletion: DeletionRow | None = None
    poll: PollRow | None = None
    call: Call | None = None
    place: Place | None = None
    contacts: list[ContactCard] = field(default_factory=list)
    link: Link | None = None
    album: int | None = None
    tile: bool = False
    planned_event: PlannedEvent | None = None
    invite: Invite | None = None
    system_event: SystemEvent | None = None
    origins: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as `events.Message`, with its sender's name and its medium. `origin`: the file it was taken from."""

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
    forwarded: int
    starred: bool
    origin: int | None
    media: MediaRow | None

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.timestamp, self.sequence)


@dataclass(frozen=True, slots=True)
class OriginRow:
    """A file that messages came from. `messages` were found there; `only` nowhere else."""

    id: int
    reader: str
    name: str
    member: str
    messages: int
    only: int


@dataclass(frozen=True, slots=True)
class ChatRow:
    """A chat in the list of chats; `preview` is its last message. `muted_until`: 0 not muted, -1 for ever."""

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
    origin: int | None = None
    address: str = ""
    description: str = ""
    created: int | None = None
    creator: int | None = None
    archived: bool | None = None
    pinned: bool | None = None
    muted_until: int | None = None


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
