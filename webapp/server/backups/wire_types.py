"""Values of the JSON interface: ids and digests as lower-case hex, other binary as base64url, exact lengths."""

import re
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, StrictInt, WithJsonSchema

from vault.wire.encoding import EncodingError, from_text


def _hex(length: int) -> Any:
    digits = re.compile(rf"[0-9a-f]{{{2 * length}}}\Z")

    def parse(text: object) -> bytes:
        if not (isinstance(text, str) and digits.match(text)):
            raise ValueError(f"expected {2 * length} lower-case hex digits")
        return bytes.fromhex(text)

    return Annotated[
        bytes, BeforeValidator(parse), WithJsonSchema({"type": "string", "pattern": f"^[0-9a-f]{{{2 * length}}}$"})
    ]


def _base64url(length: int) -> Any:
    def parse(text: object) -> bytes:
        if not isinstance(text, str):
            raise ValueError("expected base64url text")
        try:
            return from_text(text, length)
        except EncodingError as error:
            raise ValueError(str(error)) from error

    letters = (4 * length + 2) // 3
    return Annotated[
        bytes,
        BeforeValidator(parse),
        WithJsonSchema({"type": "string", "pattern": f"^[A-Za-z0-9_-]{{{letters}}}$"}),
    ]


Id = _hex(16)
Digest = _hex(32)
KeyCheck = _base64url(16)
Key = _base64url(32)
Nonce = _base64url(32)
Signature = _base64url(64)


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


class TicketBody(Strict):
    """POST tickets"""

    safe: Id  # type: ignore[valid-type]
    purpose: str


class CommitBody(Strict):
    """The JSON in front of POST safes/{safe}/snapshots."""

    snapshot: Id  # type: ignore[valid-type]
    previous_head: Digest | None  # type: ignore[valid-type]
    manifest_bytes: StrictInt
    proof: ProofBody
