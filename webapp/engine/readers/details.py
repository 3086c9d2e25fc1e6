"""What hangs on few messages only: quotes, reactions, polls, calls, places … told in `events.Message.details`.

Each becomes a row (a poll several) of a table of its own in the archive. Participants are ids of the reading, None
where the source does not tell; times are milliseconds as in `events`, lengths of time seconds.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple


class Quote(NamedTuple):
    """The message this one answers: by its `key` where it may be in the backup, and as the copy the app keeps."""

    key: str = ""
    sender: int | None = None
    sender_name: str = ""
    text: str = ""
    kind: str = "text"
    timestamp: int | None = None


class Reaction(NamedTuple):
    """An emoji on a message."""

    participant: int | None
    emoji: str
    timestamp: int | None = None


class Mention(NamedTuple):
    """Somebody named in the text; `token` is how they stand there, such as "@491701234567"."""

    participant: int | None
    token: str


class Edit(NamedTuple):
    """An edit at `timestamp`; `text` is what stood there before, None where nobody kept it."""

    timestamp: int | None
    text: str | None = None


class Deletion(NamedTuple):
    """Who deleted the message (its sender or an admin), and when."""

    participant: int | None
    timestamp: int | None = None


class PollOption(NamedTuple):
    """An answer of a poll. `votes` as counted by the app, None where only `Poll.votes` tell."""

    text: str
    votes: int | None = None


class PollVote(NamedTuple):
    """A vote for the option of that place (from 0)."""

    option: int
    participant: int | None
    timestamp: int | None = None


class Poll(NamedTuple):
    """A poll; its question is the message's text. `choices`: how many options one may choose, None: unknown or any."""

    options: tuple[PollOption, ...]
    votes: tuple[PollVote, ...] = ()
    choices: int | None = None
    ends: int | None = None


class Call(NamedTuple):
    """A call; `seconds` it lasted, None where it was not answered or nobody tells."""

    video: bool
    outcome: Literal["answered", "missed", "declined", "cancelled", "failed", "unknown"]
    seconds: int | None = None
    group: bool = False


class Place(NamedTuple):
    """Coordinates in degrees, and what the app calls the place. `live_seconds`: for how long it was shared live."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""
    url: str = ""
    live_seconds: int | None = None


class ContactCard(NamedTuple):
    """A card that was sent; `phones` are its numbers, one a line, `vcard` the whole text of it."""

    name: str
    phones: str = ""
    vcard: str = ""


class Link(NamedTuple):
    """The preview of an address in the text."""

    url: str
    title: str = ""
    description: str = ""


class InAlbum(NamedTuple):
    """The message belongs to an album: the key of the album's own message."""

    key: str


class PlannedEvent(NamedTuple):
    """An event planned in a chat (kind `event`); its name is the message's text."""

    description: str = ""
    place: str = ""
    starts: int | None = None
    ends: int | None = None
    cancelled: bool = False


class Invite(NamedTuple):
    """An invitation into a group (kind `invite`): its title, and its code or address."""

    title: str
    address: str = ""
    expires: int | None = None


class SystemEvent(NamedTuple):
    """What the app itself tells (kind `system`); the readable sentence is the message's text. `event` is our word, such
    as participant_added; `arguments` are plain JSON values, participants as ids under `participants`."""

    event: str
    arguments: Mapping[str, object]


Detail = (
    Quote
    | Reaction
    | Mention
    | Edit
    | Deletion
    | Poll
    | Call
    | Place
    | ContactCard
    | Link
    | InAlbum
    | PlannedEvent
    | Invite
    | SystemEvent
)
