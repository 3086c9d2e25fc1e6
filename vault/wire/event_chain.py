"""A record's events as a hash chain, and the vault's signature over where it ends: both sides compute the same bytes.

Each head covers the one before, so the newest vouches for all; the signature binds the newest to account, safe, record
and to one request. Source: docs/vault-protocol.md, Events.
"""

import hashlib
from dataclasses import dataclass

from .encoding import field

EVENT_DOMAIN = b"coffer/v1/vault-event"
SIGNATURE_DOMAIN = b"coffer/v1/vault-events"


def event_head(record: bytes, before: bytes, number: int, kind: str, at: str, guesses_left: int) -> bytes:
    """SHA-256 (32 bytes) over domain, record, head before (empty for the first), number, kind, time and guesses left.

    at: ISO 8601, UTC, to the microsecond.
    """
    parts = (
        EVENT_DOMAIN,
        record,
        before,
        number.to_bytes(8, "big"),
        kind.encode("ascii"),
        at.encode("ascii"),
        guesses_left.to_bytes(2, "big"),
    )
    return hashlib.sha256(b"".join(map(field, parts))).digest()


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """What the vault signs: asked for the first record of at least `asked` with the ticket whose id is `nonce`, it has
    `record` (None: no further one) with `count` events and this head; the next record is of `next_version`.

    Pages that begin at version 0 and follow `next_version` to None have left no record out."""

    nonce: bytes
    account: bytes
    safe: bytes
    asked: int
    record: bytes | None
    version: int | None
    state: str
    count: int
    head: bytes | None
    next_version: int | None

    def message(self) -> bytes:
        """The bytes under the signature: the domain, then every field with its length; 0 and empty stand for none."""
        parts = (
            SIGNATURE_DOMAIN,
            self.nonce,
            self.account,
            self.safe,
            self.asked.to_bytes(4, "big"),
            self.record or b"",
            (self.version or 0).to_bytes(4, "big"),
            self.state.encode("ascii"),
            self.count.to_bytes(8, "big"),
            self.head or b"",
            (self.next_version or 0).to_bytes(4, "big"),
        )
        return b"".join(map(field, parts))
