"""What the owner of a safe signs to add or remove a passkey (docs/format.md, "Passkeys").

Both name the other protector that stays, so that a passkey is never the only way in: the site cannot try a password or
64 digits, but it keeps what the owner signed, and accepts nothing without it.
"""

import hashlib
from enum import StrEnum

from vault.wire.encoding import field

ADD_DOMAIN = b"coffer/v1/passkey-add"
REMOVE_DOMAIN = b"coffer/v1/passkey-remove"


class Beside(StrEnum):
    """The protectors that can stand beside a passkey."""

    DIGITS = "digits"
    VAULT = "vault"


def added(passkey: bytes, credential: bytes, wrapped_key: bytes, name: str, beside: Beside) -> bytes:
    """SHA-256 (32 bytes) over every value with its length; passkey: 16 bytes, wrapped_key: 60."""
    parts = (ADD_DOMAIN, passkey, credential, wrapped_key, name.encode(), beside.encode())
    return hashlib.sha256(b"".join(map(field, parts))).digest()


def removed(passkey: bytes, beside: Beside) -> bytes:
    """SHA-256 (32 bytes) over every value with its length; passkey: 16 bytes."""
    return hashlib.sha256(b"".join(map(field, (REMOVE_DOMAIN, passkey, beside.encode())))).digest()
