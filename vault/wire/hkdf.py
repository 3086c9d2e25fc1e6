"""HKDF with SHA-256 (RFC 5869) from the standard library, the same bytes in browser and vault."""

import hashlib
import hmac

HASH_BYTES = 32


def hkdf_sha256(key: bytes, info: bytes, length: int = HASH_BYTES, *, salt: bytes = b"") -> bytes:
    """Input key, context, salt → `length` bytes (at most 255 × 32). Source: RFC 5869 §2.2 and §2.3."""
    return hkdf_sha256_expand(hmac.digest(salt or bytes(HASH_BYTES), key, hashlib.sha256), info, length)


def hkdf_sha256_expand(key: bytes, info: bytes, length: int = HASH_BYTES) -> bytes:
    """The second half alone, for a key that is uniform already. Source: RFC 5869 §2.3."""
    if not 0 < length <= 255 * HASH_BYTES:
        raise ValueError("HKDF-SHA256 gives 1 to 8160 bytes")
    block, output = b"", b""
    for counter in range(1, -(-length // HASH_BYTES) + 1):
        block = hmac.digest(key, block + info + bytes([counter]), hashlib.sha256)
        output += block
    return output[:length]
