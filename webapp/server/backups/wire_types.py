"""Values of the JSON interface: ids and digests as lower-case hex, other binary as base64url, exact lengths."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, StrictBool, StrictInt, StringConstraints, WithJsonSchema

from vault.wire.encoding import EncodingError, from_text

from .limits import CREDENTIAL_BYTES, NAME_LETTERS, WRAPPED_KEY_BYTES


def _hex(length: int) -> Any:
    digits = re.compile(rf"[0-9a-f]{{{2 * length}}}\Z")

    def parse(text: object) -> bytes:
        if not (isinstance(text, str) and digits.match(text)):
            raise ValueError(f"expected {2 * length} lower-case hex digits")
        return bytes.fromhex(text)

    return Annotated[
        bytes, BeforeValidator(parse), WithJsonSchema({"type": "string", "pattern": f"^[0-9a-f]{{{2 * length}}}$"})
    ]


def _letters(length: int) -> int:
    return (4 * length + 2) // 3


def _base64url(length: int, *, longest: int | None = None) -> Any:
    """`length` bytes exactly, or from `length` to `longest`."""

    def parse(text: object) -> bytes:
        if not isinstance(text, str):
            raise ValueError("expected base64url text")
        try:
            value = from_text(text, length if longest is None else None)
        except EncodingError as error:
            raise ValueError(str(error)) from error
        if longest is not None and not length <= len(value) <= longest:
            raise ValueError(f"expected {length} to {longest} bytes")
        return value

    letters = str(_letters(length)) if longest is None else f"{_letters(length)},{_letters(longest)}"
    return Annotated[
        bytes,
        BeforeValidator(parse),
        WithJsonSchema({"type": "string", "pattern": f"^[A-Za-z0-9_-]{{{letters}}}$"}),
    ]


def _label(text: object) -> str:
    """A name as a person gives it: printable, neither empty nor blank at its ends."""
    if not (isinstance(text, str) and text == text.strip() and 0 < len(text) <= NAME_LETTERS and text.isprintable()):
        raise ValueError(f"expected 1 to {NAME_LETTERS} printable letters")
    return text


Id = _hex(16)
Digest = _hex(32)
KeyCheck = _base64url(16)
Key = _base64url(32)
Nonce = _base64url(32)
Signature = _base64url(64)
WrappedKey = _base64url(WRAPPED_KEY_BYTES)
CredentialId = _base64url(1, longest=CREDENTIAL_BYTES)
PasskeyName = Annotated[
    str, BeforeValidator(_label), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": NAME_LETTERS})
]


def iso_time(moment: datetime | None) -> str | None:
    """ISO 8601, UTC, whole seconds."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Strict(Schema):
    """A request body without unknown fields."""

    model_config = ConfigDict(extra="forbid")


class ProofBody(Strict):
    """An owner proof: the nonce of this site and the signature over the statement."""

    nonce: Nonce  # type: ignore[valid-type]
    signature: Signature  # type: ignore[valid-type]


class SafeBody(Strict):
    """POST safes"""

    safe: Id  # type: ignore[valid-type]
    owner_public_key: Key  # type: ignore[valid-type]
    key_check: KeyCheck  # type: ignore[valid-type]
    proof: ProofBody


class DeleteBody(Strict):
    """POST safes/{safe}/delete"""

    proof: ProofBody


class TicketBody(Strict):
    """POST tickets"""

    safe: Id  # type: ignore[valid-type]
    purpose: str


class PasskeyBody(Strict):
    """POST safes/{safe}/passkeys"""

    passkey: Id  # type: ignore[valid-type]
    credential: CredentialId  # type: ignore[valid-type]
    wrapped_key: WrappedKey  # type: ignore[valid-type]
    name: PasskeyName
    beside: str
    proof: ProofBody


class PasskeyRemoval(Strict):
    """POST safes/{safe}/passkeys/{passkey}/remove"""

    beside: str
    proof: ProofBody


class Nothing(Strict):
    """A body that says nothing."""


class CommitBody(Strict):
    """The JSON in front of POST safes/{safe}/snapshots."""

    snapshot: Id  # type: ignore[valid-type]
    previous_head: Digest | None  # type: ignore[valid-type]
    manifest_bytes: StrictInt
    proof: ProofBody


class TrashBody(Strict):
    """POST safes/{safe}/snapshots/{snapshot}/trash"""

    proof: ProofBody | None


class KeepNumbers(Strict):
    """How many of each are kept."""

    last: StrictInt
    daily: StrictInt
    weekly: StrictInt
    monthly: StrictInt


class KeepBody(Strict):
    """PUT safes/{safe}/keep: the rule, or null to keep everything."""

    rule: KeepNumbers | None
    proof: ProofBody


class PreviewBody(Strict):
    """POST safes/{safe}/keep/preview"""

    rule: KeepNumbers | None


FailureCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]


class RehearsalBody(Strict):
    """POST safes/{safe}/rehearsals"""

    snapshot: Id  # type: ignore[valid-type]
    passed: StrictBool
    chunks: StrictInt
    missing: StrictInt
    sampled: StrictInt
    failure: FailureCode | None


class ReminderBody(Strict):
    """POST safes/{safe}/reminders"""

    kind: str
    answer: str
