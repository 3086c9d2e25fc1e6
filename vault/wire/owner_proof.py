"""Owner proofs: an Ed25519 signature by the holder of K over exactly one change (docs/vault-protocol.md).

The signing key is derived from K in the browser; site and vault keep only its public half, set when the safe is made.
"""

from dataclasses import dataclass
from enum import StrEnum

from .encoding import field

DOMAIN = b"coffer/v1/owner-proof"
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
NONCE_BYTES = 32
ID_BYTES = 16
DIGEST_BYTES = 32
NO_RECORD = bytes(ID_BYTES)


class Audience(StrEnum):
    """Who checks the proof: a proof for one is worthless to the other."""

    SITE = "site"
    VAULT = "vault"
    FOLDER = "folder"
    """A folder of the owner's own: whoever holds K checks it."""


class Action(StrEnum):
    """What the proof allows."""

    CREATE_SAFE = "safe.create"
    DELETE_SAFE = "safe.delete"
    COMMIT_SNAPSHOT = "snapshot.commit"
    DELETE_SNAPSHOT = "snapshot.delete"
    SET_KEEP_RULE = "safe.keep"
    REGISTER_RECORD = "record.register"
    DESTROY_RECORD = "record.destroy"
    STAGE_RECORD = "record.stage"
    REPLACE_RECORD = "record.replace"
    SET_HEAD = "head.set"
    READ_HEAD = "head.read"
    ADD_PASSKEY = "passkey.add"
    REMOVE_PASSKEY = "passkey.remove"


@dataclass(frozen=True, slots=True)
class OwnerProof:
    """The statement that is signed; `message()` gives the exact bytes.

    account, safe, record: 16 bytes each (record all zero where none is meant); version: of the record, 0 where none;
    content: SHA-256 of what the change sets; nonce: 32 bytes, used once by the audience.
    """

    audience: Audience
    action: Action
    account: bytes
    safe: bytes
    content: bytes
    nonce: bytes
    record: bytes = NO_RECORD
    version: int = 0

    def __post_init__(self) -> None:
        for name, length in (
            ("account", ID_BYTES),
            ("safe", ID_BYTES),
            ("record", ID_BYTES),
            ("content", DIGEST_BYTES),
            ("nonce", NONCE_BYTES),
        ):
            if len(getattr(self, name)) != length:
                raise ValueError(f"{name} is not {length} bytes")

    def message(self) -> bytes:
        """The bytes under the signature: the domain, then every field with its length."""
        return b"".join(
            field(part)
            for part in (
                DOMAIN,
                self.audience.encode(),
                self.action.encode(),
                self.account,
                self.safe,
                self.record,
                self.version.to_bytes(4, "big"),
                self.content,
                self.nonce,
            )
        )
