"""What the lockout rule (lockout.py) speaks of: a record, what is asked about it, the reply, what happened to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vault.wire.limits import GUESSES


class State(StrEnum):
    """Where a record stands. A record of state NEW is not stored yet."""

    NEW = "new"
    PENDING = "pending"
    ACTIVE = "active"
    STAGED = "staged"
    DESTROYED = "destroyed"


ANSWERING = frozenset({State.ACTIVE, State.STAGED})


@dataclass(frozen=True, slots=True)
class GuessRecord:
    """What the rule knows of a record.

    guesses_left: 0 to 10; failures: charged since the last proof; charges: charged ever (only grows, so that each
    charge has a number of its own); locked_until: no charge before; pending_until: until when a pending or
    staged record may become active; paused: no charge until the owner resumes.
    """

    state: State = State.NEW
    version: int = 1
    guesses_left: int = GUESSES
    failures: int = 0
    charges: int = 0
    locked_until: datetime | None = None
    pending_until: datetime | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRegistration:
    """The one registration request that this record's key answers."""


@dataclass(frozen=True, slots=True)
class Activate:
    """The registration's last message, with its owner proof already verified."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A replacement's last message, with its owner proof verified: the record waits beside the active one."""


@dataclass(frozen=True, slots=True)
class Promote:
    """The owner, with proof, puts a staged record that was proved in the active one's place."""


@dataclass(frozen=True, slots=True)
class GiveWay:
    """The active record ends, in the transaction in which a proved one takes its place."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A staged record ends: its time is over, or (superseded) its safe has no more use for it."""

    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """A KE1 asks for an evaluation."""


@dataclass(frozen=True, slots=True)
class Prove:
    """A valid KE3 for the login state made by charge number `charge` of version `version`."""

    charge: int
    version: int


@dataclass(frozen=True, slots=True)
class EndUnproven:
    """The login state of charge number `charge` ended without proof: expired, wrong KE3, or never written."""

    charge: int
    version: int


@dataclass(frozen=True, slots=True)
class Destroy:
    """The owner, with proof, destroys the record; or a pending record is given up."""


@dataclass(frozen=True, slots=True)
class LiftLock:
    """The worker clears the mark of a lock whose time is over. Nothing waits for it."""


@dataclass(frozen=True, slots=True)
class RearmWait:
    """The clock cannot be trusted to have measured the wait: it begins again, in full, now."""


@dataclass(frozen=True, slots=True)
class CutBudget:
    """The database is an older one: guesses made since are forgotten, so that few are left."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The owner says that an attempt was not theirs: nothing is charged until they resume."""


@dataclass(frozen=True, slots=True)
class Resume:
    """The owner has signed in again."""


Request = (
    AnswerRegistration
    | Activate
    | Stage
    | Promote
    | GiveWay
    | Drop
    | Charge
    | Prove
    | EndUnproven
    | Destroy
    | LiftLock
    | RearmWait
    | CutBudget
    | Pause
    | Resume
)


class Refusal(StrEnum):
    """Why a request changes nothing."""

    ANSWERED = "answered"  # this key has answered its registration request
    NOT_PENDING = "not_pending"
    EXPIRED = "expired"
    NOT_ACTIVE = "not_active"
    NOT_STAGED = "not_staged"
    UNPROVED = "unproved"
    NO_GUESSES = "no_guesses"
    LOCKED = "locked"
    PAUSED = "paused"
    OTHER_VERSION = "other_version"
    UNKNOWN_CHARGE = "unknown_charge"
    NO_CHANGE = "no_change"


@dataclass(frozen=True, slots=True)
class Granted:
    """The new record is to be stored; charge: the number of the guess just charged; failures: those that a proof ends,
    its own charge not counted."""

    charge: int | None = None
    failures: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing is to be stored; retry_after: seconds until a lock ends."""

    reason: Refusal
    retry_after: int | None = None


Reply = Granted | Refused


class Event(StrEnum):
    """What happened to a record."""

    ANSWERED = "answered"
    REGISTERED = "registered"
    STAGED = "staged"
    PROMOTED = "promoted"
    REPLACED = "replaced"
    DROPPED = "dropped"
    GUESS_CHARGED = "guess_charged"
    LOCKED = "locked"
    LOCK_LIFTED = "lock_lifted"
    RECOVERED = "recovered"
    RESTORED = "restored"
    DESTROYED = "destroyed"
    PAUSED = "paused"
    RESUMED = "resumed"


Outcome = tuple[GuessRecord, Reply, Event | None]
