"""The masking of the server's public key and the envelope in KE2 (RFC 9807 §6.3.2), shared by both halves."""

from .group import ELEMENT_BYTES
from .hashing import expand, xor
from .messages import Envelope


def mask(masking_key: bytes, masking_nonce: bytes, server_public_key: bytes, envelope: Envelope) -> bytes:
    """Server. → masked_response, 128 bytes."""
    return xor(_pad(masking_key, masking_nonce), server_public_key + envelope.to_bytes())


def unmask(masking_key: bytes, masking_nonce: bytes, masked_response: bytes) -> tuple[bytes, Envelope]:
    """Client. → (server_public_key, envelope), which are noise where the masking key is wrong."""
    opened = xor(_pad(masking_key, masking_nonce), masked_response)
    return opened[:ELEMENT_BYTES], Envelope.from_bytes(opened[ELEMENT_BYTES:])


def _pad(masking_key: bytes, masking_nonce: bytes) -> bytes:
    return expand(masking_key, masking_nonce + b"CredentialResponsePad", ELEMENT_BYTES + Envelope.LENGTH)
