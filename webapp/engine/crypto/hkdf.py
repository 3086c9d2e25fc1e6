"""HKDF with SHA-256 (RFC 5869), over the standard library's HMAC: WebCrypto's own would cost an await a label."""

import hmac

HASH_BYTES = 32


def hkdf_sha256(key: bytes, *, info: bytes, salt: bytes = b"", length: int = 32) -> bytes:
    """Extract then expand (RFC 5869 §2.2–2.3); `length` ≤ 8160 bytes, else ValueError."""
    if not 0 < length <= 255 * HASH_BYTES:
        raise ValueError("HKDF-SHA256 gives 1 to 8160 bytes")
    pseudorandom_key = hmac.digest(salt or bytes(HASH_BYTES), key, "sha256")
    block, output = b"", b""
    counter = 1
    while len(output) < length:
        block = hmac.digest(pseudorandom_key, block + info + bytes([counter]), "sha256")
        output += block
        counter += 1
    return output[:length]
