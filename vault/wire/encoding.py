"""Binary values inside JSON: base64url without padding, exact lengths, one canonical spelling a value."""

import base64
import binascii
import re

_CANONICAL = re.compile(r"[A-Za-z0-9_-]*\Z")


class EncodingError(ValueError):
    """The text is not the canonical spelling of a value of the expected length."""


def to_text(value: bytes) -> str:
    """Bytes → base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def from_text(text: str, length: int | None = None) -> bytes:
    """base64url text → bytes, of exactly `length` bytes where given.

    Raises EncodingError for padding, foreign letters, non-zero spare bits, or another length.
    """
    if not _CANONICAL.match(text):
        raise EncodingError("not base64url without padding")
    try:
        value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise EncodingError("not base64url without padding") from error
    if to_text(value) != text:
        raise EncodingError("not the canonical spelling")
    if length is not None and len(value) != length:
        raise EncodingError(f"expected {length} bytes, got {len(value)}")
    return value


def field(value: bytes) -> bytes:
    """A length-prefixed field (2 bytes, big endian) of a signed message, so that no two messages share bytes."""
    return len(value).to_bytes(2, "big") + value
