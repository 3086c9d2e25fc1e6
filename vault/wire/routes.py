"""Every address below /vault/v1/, once: what a request and its reply hold, whose ticket it takes, how it can fail.

The views serve this table, a site in front of a vault of its own forwards it, and the API's description is made of it.
"""

from dataclasses import dataclass

from . import messages
from .errors import ErrorCode
from .limits import (
    BODY_BYTES,
    DOCUMENT_BYTES,
    EVENTS_REPLY_BYTES,
    FEED_BODY_BYTES,
    REGISTRATION_BODY_BYTES,
    REPLY_BYTES,
)
from .message import Message
from .ticket import Purpose

PREFIX = "/vault/v1/"
# What a GET can say besides its reply, and a POST besides that.
ASKED = (ErrorCode.METHOD, ErrorCode.CUSTODY_DOWN, ErrorCode.BUSY, ErrorCode.INTERNAL, ErrorCode.UNREACHABLE)
POSTED = (
    ErrorCode.CONTENT_TYPE,
    ErrorCode.LENGTH_REQUIRED,
    ErrorCode.BODY_TOO_LARGE,
    ErrorCode.MALFORMED,
    ErrorCode.TICKET_MISSING,
    ErrorCode.TICKET_REFUSED,
    ErrorCode.TICKET_EXPIRED,
    ErrorCode.TICKET_SPENT,
    ErrorCode.RECORD_CLOSED,
    *ASKED,
)
# What a guess can say besides, at the active or the staged record, and what its proof can.
GUESSED = (
    ErrorCode.RECORD_DESTROYED,
    ErrorCode.GUESSES_USED,
    ErrorCode.LOCKED,
    ErrorCode.GUESSING_PAUSED,
    ErrorCode.LOGIN_GONE,
    ErrorCode.CLOCK_STOPPED,
)
PROVED = (ErrorCode.LOGIN_GONE, ErrorCode.KE3_WRONG, ErrorCode.RECORD_DESTROYED)


@dataclass(frozen=True, slots=True)
class Route[M: Message]:
    """A POST of one JSON message under a ticket for `purpose`; without a request it is a GET that anybody may ask.

    statuses: of good replies; a second one says what its route explains. errors: beyond those that every route has.
    """

    name: str
    path: str
    summary: str
    purpose: Purpose | None
    request: type[M] | None
    reply: type[Message]
    errors: tuple[ErrorCode, ...] = ()
    statuses: tuple[int, ...] = (200,)
    body_bytes: int = BODY_BYTES
    reply_bytes: int = REPLY_BYTES
    # Only the site itself asks: a site in front of a vault of its own does not hand this on for anybody.
    for_site: bool = False

    @property
    def method(self) -> str:
        return "GET" if self.request is None else "POST"

    @property
    def all_errors(self) -> tuple[ErrorCode, ...]:
        """Every code that this address may answer with."""
        return (*(ASKED if self.request is None else POSTED), *self.errors)


IDENTITY = Route[Message](
    "identity",
    "identity",
    "The vault's public keys, which its clients pin.",
    None,
    None,
    messages.Identity,
)
# Its reply is the description itself (vault/server/openapi.py), not a message.
DOCUMENT = Route[Message](
    "openapi",
    "openapi.json",
    "This description, OpenAPI 3.1.",
    None,
    None,
    messages.Empty,
    reply_bytes=DOCUMENT_BYTES,
)
OPEN_SAFE = Route(
    "open-safe",
    "safes",
    "Makes a safe and its owner's public key known; 201: new, 200: known before with the same key.",
    Purpose.OPEN_SAFE,
    messages.OpenSafe,
    messages.Empty,
    (ErrorCode.PROOF_REFUSED, ErrorCode.SAFE_EXISTS),
    (201, 200),
)
START_REGISTRATION = Route(
    "start-registration",
    "registrations",
    "OPAQUE registration, first half: a new record with a key of its own, answered once and signed by the vault.",
    Purpose.REGISTER,
    messages.StartRegistration,
    messages.RegistrationStarted,
    (ErrorCode.SAFE_UNKNOWN, ErrorCode.RECORD_ACTIVE, ErrorCode.CLOCK_STOPPED),
    (201,),
)
FINISH_REGISTRATION = Route(
    "finish-registration",
    "registrations/finish",
    "OPAQUE registration, second half: the record becomes active.",
    Purpose.REGISTER,
    messages.FinishRegistration,
    messages.RegistrationFinished,
    (ErrorCode.SAFE_UNKNOWN, ErrorCode.RECORD_ACTIVE, ErrorCode.RECORD_GONE, ErrorCode.PROOF_REFUSED),
    body_bytes=REGISTRATION_BODY_BYTES,
)
START_LOGIN = Route(
    "start-login",
    "logins",
    "A guess: charged on disk, then evaluated. The same request id and KE1 under the same ticket is charged once.",
    Purpose.LOGIN,
    messages.StartLogin,
    messages.LoginStarted,
    (ErrorCode.SAFE_UNKNOWN, ErrorCode.RECORD_MISSING, *GUESSED),
)
FINISH_LOGIN = Route(
    "finish-login",
    "logins/finish",
    "The proof that the password was right, under the ticket of its first half: ten guesses again, and what was kept.",
    Purpose.LOGIN,
    messages.FinishLogin,
    messages.LoginFinished,
    PROVED,
)
START_REPLACEMENT = Route(
    "start-replacement",
    "replacements",
    "A new password, first half: a new record beside the active one, which goes on answering.",
    Purpose.REPLACE,
    messages.StartRegistration,
    messages.RegistrationStarted,
    (ErrorCode.SAFE_UNKNOWN, ErrorCode.RECORD_MISSING, ErrorCode.RECORD_DESTROYED, ErrorCode.CLOCK_STOPPED),
    (201,),
)
FINISH_REPLACEMENT = Route(
    "finish-replacement",
    "replacements/finish",
    "A new password, second half: the record is staged, in the place of one staged before.",
    Purpose.REPLACE,
    messages.FinishRegistration,
    messages.RegistrationFinished,
    (ErrorCode.SAFE_UNKNOWN, ErrorCode.RECORD_GONE, ErrorCode.PROOF_REFUSED),
    body_bytes=REGISTRATION_BODY_BYTES,
)
START_PROOF = Route(
    "start-proof",
    "replacements/logins",
    "A guess at the staged record, charged to its own budget as any other.",
    Purpose.REPLACE,
    messages.StartLogin,
    messages.LoginStarted,
    (ErrorCode.SAFE_UNKNOWN, ErrorCode.RECORD_GONE, *GUESSED),
)
FINISH_PROOF = Route(
    "finish-proof",
    "replacements/logins/finish",
    "The proof that the staged record's password gives the key back.",
    Purpose.REPLACE,
    messages.FinishLogin,
    messages.LoginFinished,
    PROVED,
)
PROMOTE = Route(
    "promote",
    "replacements/promote",
    "The staged record becomes active and the old one ends, in one step, as the owner; repeating it is fine.",
    Purpose.REPLACE,
    messages.Promote,
    messages.Empty,
    (
        ErrorCode.SAFE_UNKNOWN,
        ErrorCode.RECORD_GONE,
        ErrorCode.RECORD_UNPROVED,
        ErrorCode.RECORD_REPLACED,
        ErrorCode.PROOF_REFUSED,
    ),
)
STATUS = Route(
    "status",
    "status",
    "What the vault holds for the safe, and how many guesses are left.",
    Purpose.STATUS,
    messages.Empty,
    messages.Status,
    (ErrorCode.SAFE_UNKNOWN,),
)
SET_HEAD = Route(
    "set-head",
    "heads",
    "Keeps the digest of the owner's newest state.",
    Purpose.HEAD,
    messages.SetHead,
    messages.Empty,
    (ErrorCode.SAFE_UNKNOWN, ErrorCode.PROOF_REFUSED),
)
READ_HEAD = Route(
    "read-head",
    "heads/read",
    "The digest kept, signed by the vault together with the ticket's id.",
    Purpose.HEAD,
    messages.ReadHead,
    messages.Head,
    (ErrorCode.SAFE_UNKNOWN, ErrorCode.PROOF_REFUSED),
)
DESTROY = Route(
    "destroy",
    "destroy",
    "Ends a record for good, as its owner; repeating it is fine.",
    Purpose.DESTROY,
    messages.Destroy,
    messages.Empty,
    (ErrorCode.SAFE_UNKNOWN, ErrorCode.RECORD_MISSING, ErrorCode.PROOF_REFUSED),
)
EVENTS = Route(
    "events",
    "events",
    "Everything that happened to the safe's records: the first of at least this version, a page of its events, signed.",
    Purpose.EVENTS,
    messages.ReadEvents,
    messages.EventsPage,
    (ErrorCode.SAFE_UNKNOWN,),
    reply_bytes=EVENTS_REPLY_BYTES,
)
FEED = Route(
    "feed",
    "feed",
    "For the site's own worker: events of all accounts that it has not taken yet, to tell their owners.",
    Purpose.FEED,
    messages.ReadFeed,
    messages.Feed,
    body_bytes=FEED_BODY_BYTES,
    reply_bytes=EVENTS_REPLY_BYTES,
    for_site=True,
)
PAUSE = Route(
    "pause",
    "pause",
    "For the site itself: no guess is charged for the account's safes until they are resumed.",
    Purpose.PAUSE,
    messages.Empty,
    messages.Paused,
    for_site=True,
)
RESUME = Route(
    "resume",
    "resume",
    "For the site itself: the owner has signed in again, guesses are charged as before.",
    Purpose.RESUME,
    messages.Empty,
    messages.Paused,
    for_site=True,
)

ROUTES: tuple[Route[Message], ...] = (
    IDENTITY,
    DOCUMENT,
    OPEN_SAFE,
    START_REGISTRATION,
    FINISH_REGISTRATION,
    START_LOGIN,
    FINISH_LOGIN,
    START_REPLACEMENT,
    FINISH_REPLACEMENT,
    START_PROOF,
    FINISH_PROOF,
    PROMOTE,
    STATUS,
    SET_HEAD,
    READ_HEAD,
    DESTROY,
    EVENTS,
    FEED,
    PAUSE,
    RESUME,
)

FORWARDED = tuple(route for route in ROUTES if not route.for_site)
