"""The requests and replies of /vault/v1/ (docs/vault-protocol.md), one dataclass each, in the order of the routes.

Ids (16 bytes) and heads (32 bytes) are hex in JSON, other binary is base64url. `proof` is the 64-byte signature of
an OwnerProof for the audience `vault` whose nonce is the ticket's own id.
"""

import hashlib
from dataclasses import dataclass

from .encoding import field as signed_field
from .limits import (
    EVENTS_PAGE,
    FEED_PAGE,
    GUESSES,
    HEAD_BYTES,
    ID_BYTES,
    KE1_BYTES,
    KE2_BYTES,
    KE3_BYTES,
    KIND_LETTERS,
    MAX_VERSION,
    PUBLIC_KEY_BYTES,
    REGISTRATION_RECORD_BYTES,
    REGISTRATION_REQUEST_BYTES,
    REGISTRATION_RESPONSE_BYTES,
    SIGNATURE_BYTES,
    WRAPPED_KEY_BYTES,
)
from .message import Message, binary, flag, hex_bytes, label, many, moment, number, word
from .message import number as whole  # where a field has the name `number`
from .session_reply import SEALED_BYTES

REGISTRATION_DOMAIN = b"coffer/v1/vault-registration"
HEAD_DOMAIN = b"coffer/v1/vault-head"

STATES = ("none", "pending", "active", "staged", "destroyed")
_FAR = 2**53 - 1  # the largest whole number every JSON reader keeps exact


@dataclass(frozen=True, slots=True, repr=False)
class Empty(Message):
    """A body or reply without fields: {}."""


@dataclass(frozen=True, slots=True, repr=False)
class Identity(Message):
    """Reply to GET identity: the keys that the bundle pins."""

    opaque_public_key: bytes = binary(PUBLIC_KEY_BYTES)
    signing_public_key: bytes = binary(PUBLIC_KEY_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class OpenSafe(Message):
    """POST safes: the owner's public key, set once. Content of the proof: SHA-256(owner_public_key)."""

    owner_public_key: bytes = binary(PUBLIC_KEY_BYTES)
    proof: bytes = binary(SIGNATURE_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class StartRegistration(Message):
    """POST registrations: OPAQUE RegistrationRequest."""

    registration_request: bytes = binary(REGISTRATION_REQUEST_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class RegistrationStarted(Message):
    """Reply: the new record, its version, OPAQUE RegistrationResponse, and the vault's signature over all of it."""

    record: bytes = hex_bytes(ID_BYTES)
    version: int = number(1, MAX_VERSION)
    registration_response: bytes = binary(REGISTRATION_RESPONSE_BYTES)
    signature: bytes = binary(SIGNATURE_BYTES)

    def signed_message(self, account: bytes, safe: bytes, registration_request: bytes) -> bytes:
        """What the vault signs and the client verifies before it finalises."""
        return registration_message(
            account, safe, self.record, self.version, registration_request, self.registration_response
        )


@dataclass(frozen=True, slots=True, repr=False)
class FinishRegistration(Message):
    """POST registrations/finish. Content of the proof: SHA-256(registration_record ‖ wrapped_key)."""

    record: bytes = hex_bytes(ID_BYTES)
    registration_record: bytes = binary(REGISTRATION_RECORD_BYTES)
    wrapped_key: bytes = binary(WRAPPED_KEY_BYTES)
    proof: bytes = binary(SIGNATURE_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class RegistrationFinished(Message):
    """Reply: the record's state; staged for a replacement."""

    state: str = word("active", "staged")


@dataclass(frozen=True, slots=True, repr=False)
class StartLogin(Message):
    """POST logins: OPAQUE KE1 under a request id that makes a repeated request free."""

    request_id: bytes = hex_bytes(ID_BYTES)
    ke1: bytes = binary(KE1_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class LoginStarted(Message):
    """Reply: OPAQUE KE2, and the guesses left now that this one is charged."""

    login: bytes = hex_bytes(ID_BYTES)
    record: bytes = hex_bytes(ID_BYTES)
    version: int = number(1, MAX_VERSION)
    ke2: bytes = binary(KE2_BYTES)
    guesses_left: int = number(0, GUESSES)


@dataclass(frozen=True, slots=True, repr=False)
class FinishLogin(Message):
    """POST logins/finish: OPAQUE KE3."""

    login: bytes = hex_bytes(ID_BYTES)
    ke3: bytes = binary(KE3_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class LoginFinished(Message):
    """Reply: a SessionReply sealed under the session key (session_reply.py)."""

    sealed: bytes = binary(SEALED_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class Promote(Message):
    """POST replacements/promote: the staged record `record` takes the place of `replaced`.

    Content of the proof: `replaced_content(replaced, its version)`; its record and version name the new record.
    """

    replaced: bytes = hex_bytes(ID_BYTES)
    record: bytes = hex_bytes(ID_BYTES)
    proof: bytes = binary(SIGNATURE_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class Status(Message):
    """Reply to POST status: the safe's active record, else its newest; and the staged one, where there is one.

    Times are Unix seconds of the vault's database.
    """

    record: bytes | None = hex_bytes(ID_BYTES, optional=True)
    state: str = word(*STATES)
    version: int | None = number(1, MAX_VERSION, optional=True)
    guesses_left: int | None = number(0, GUESSES, optional=True)
    failures: int | None = number(0, _FAR, optional=True)
    created: int | None = number(0, _FAR, optional=True)
    locked_until: int | None = number(0, _FAR, optional=True)
    paused: bool = flag()
    staged: bytes | None = hex_bytes(ID_BYTES, optional=True)
    staged_until: int | None = number(0, _FAR, optional=True)


@dataclass(frozen=True, slots=True, repr=False)
class SetHead(Message):
    """POST heads. Content of the proof: the head itself."""

    head: bytes = hex_bytes(HEAD_BYTES)
    proof: bytes = binary(SIGNATURE_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class ReadHead(Message):
    """POST heads/read. Content of the proof: SHA-256 of nothing."""

    proof: bytes = binary(SIGNATURE_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class Head(Message):
    """Reply to heads/read: the head, if one was ever set, signed together with the ticket's id."""

    head: bytes | None = hex_bytes(HEAD_BYTES, optional=True)
    signature: bytes = binary(SIGNATURE_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class Destroy(Message):
    """POST destroy. Content of the proof: SHA-256 of nothing; its record and version name what is destroyed."""

    record: bytes = hex_bytes(ID_BYTES)
    proof: bytes = binary(SIGNATURE_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class ReadEvents(Message):
    """POST events: the first record of at least this version, its events after this number."""

    version: int = number(0, MAX_VERSION)
    after: int = number(0, _FAR)


@dataclass(frozen=True, slots=True, repr=False)
class Event(Message):
    """One link of a record's chain (event_chain.py). at: as it is hashed; guesses_left: after it."""

    number: int = whole(1, _FAR)
    kind: str = label(KIND_LETTERS)
    at: str = moment()
    guesses_left: int = whole(0, GUESSES)
    head: bytes = hex_bytes(HEAD_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class EventsPage(Message):
    """Reply: a record, how many events it has had, the newest head, some of them, and the version of the next record.

    record, version, head: null where there is no (further) record. The signature (event_chain.ChainEnd) covers all but
    the events, which lead to the head."""

    record: bytes | None = hex_bytes(ID_BYTES, optional=True)
    version: int | None = number(1, MAX_VERSION, optional=True)
    state: str = word(*STATES)
    count: int = number(0, _FAR)
    head: bytes | None = hex_bytes(HEAD_BYTES, optional=True)
    next_version: int | None = number(1, MAX_VERSION, optional=True)
    events: tuple[Event, ...] = many(Event, EVENTS_PAGE)
    signature: bytes = binary(SIGNATURE_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class Taken(Message):
    """An event that the site has written down: its place in the feed and its head."""

    entry: int = number(1, _FAR)
    head: bytes = hex_bytes(HEAD_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class ReadFeed(Message):
    """POST feed: what was taken before, so that it does not come again."""

    taken: tuple[Taken, ...] = many(Taken, FEED_PAGE)


@dataclass(frozen=True, slots=True, repr=False)
class FeedEvent(Message):
    """One event of one account's safe. locked_until: of its record now (Unix seconds), null where nothing is locked."""

    entry: int = number(1, _FAR)
    account: bytes = hex_bytes(ID_BYTES)
    safe: bytes = hex_bytes(ID_BYTES)
    record: bytes = hex_bytes(ID_BYTES)
    number: int = whole(1, _FAR)
    kind: str = label(KIND_LETTERS)
    at: str = moment()
    guesses_left: int = whole(0, GUESSES)
    locked_until: int | None = whole(0, _FAR, optional=True)
    head: bytes = hex_bytes(HEAD_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class Feed(Message):
    """Reply: events not taken yet, oldest first; more: whether others wait."""

    events: tuple[FeedEvent, ...] = many(FeedEvent, FEED_PAGE)
    more: bool = flag()


@dataclass(frozen=True, slots=True, repr=False)
class Paused(Message):
    """Reply to pause and resume: how many records it changed."""

    records: int = number(0, _FAR)


def replaced_content(record: bytes, version: int) -> bytes:
    """SHA-256 over the record that is replaced and its version: the content of a proof for `record.replace`."""
    return hashlib.sha256(record + version.to_bytes(4, "big")).digest()


def registration_message(
    account: bytes, safe: bytes, record: bytes, version: int, request: bytes, response: bytes
) -> bytes:
    """The vault's signature over a registration answer covers these bytes."""
    parts = (REGISTRATION_DOMAIN, request, response, account, safe, record, version.to_bytes(4, "big"))
    return b"".join(signed_field(part) for part in parts)


def head_message(account: bytes, safe: bytes, nonce: bytes, head: bytes | None) -> bytes:
    """The vault's signature over a head covers these bytes; nonce: the ticket's id; an empty field: no head yet."""
    return b"".join(signed_field(part) for part in (HEAD_DOMAIN, account, safe, nonce, head or b""))
