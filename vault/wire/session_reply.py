"""What a proved login receives: wrapped key and head, in fixed places, sealed under the OPAQUE session key.

Sealed form: nonce (12 bytes) ‖ AES-256-GCM(key, plaintext) with
key = HKDF-SHA256(session_key, "coffer/v1/vault-reply" ‖ login id) and the binding below as associated data.
"""

from dataclasses import dataclass

from .encoding import EncodingError
from .hkdf import hkdf_sha256
from .limits import HEAD_BYTES, NONCE_BYTES, TAG_BYTES, WRAPPED_KEY_BYTES

LABEL = b"coffer/v1/vault-reply"
# wrapped key, head present (0 or 1), head, guesses before this login's charge, failures since the last unlock
PLAINTEXT_BYTES = WRAPPED_KEY_BYTES + 1 + HEAD_BYTES + 1 + 4
SEALED_BYTES = NONCE_BYTES + PLAINTEXT_BYTES + TAG_BYTES


@dataclass(frozen=True, slots=True, repr=False)
class SessionReply:
    """wrapped_key: 60 bytes; head: 32 bytes or None; guesses_before: before this login was charged;
    failures: charged and unproven since the last unlock, this login not counted."""

    wrapped_key: bytes
    head: bytes | None
    guesses_before: int
    failures: int

    def __repr__(self) -> str:
        return "SessionReply(REDACTED)"

    def to_plaintext(self) -> bytes:
        """Fixed-length bytes, so that the sealed length tells nothing."""
        value = (
            self.wrapped_key
            + (b"\x00" if self.head is None else b"\x01")
            + (self.head or bytes(HEAD_BYTES))
            + bytes([self.guesses_before])
            + min(self.failures, 2**32 - 1).to_bytes(4, "big")
        )
        if len(value) != PLAINTEXT_BYTES:
            raise ValueError("a field of the session reply has the wrong length")
        return value

    @classmethod
    def from_plaintext(cls, value: bytes) -> "SessionReply":
        """Raises EncodingError."""
        if len(value) != PLAINTEXT_BYTES:
            raise EncodingError("a session reply of the wrong length")
        present, head = value[WRAPPED_KEY_BYTES], value[WRAPPED_KEY_BYTES + 1 : -5]
        if present not in (0, 1) or (present == 0 and any(head)):
            raise EncodingError("a session reply with an unclear head")
        return cls(
            wrapped_key=value[:WRAPPED_KEY_BYTES],
            head=head if present else None,
            guesses_before=value[-5],
            failures=int.from_bytes(value[-4:], "big"),
        )


def reply_key(session_key: bytes, login: bytes) -> bytes:
    """Session key (64 bytes), login id (16 bytes) → AES-256 key."""
    return hkdf_sha256(session_key, LABEL + login)


def reply_binding(account: bytes, safe: bytes, record: bytes, version: int, login: bytes) -> bytes:
    """The associated data of a sealed session reply."""
    return LABEL + account + safe + record + version.to_bytes(4, "big") + login
