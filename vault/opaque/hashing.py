"""SHA-512, HMAC and HKDF as the suite uses them, from the standard library alone."""

import hashlib
import hmac

from .errors import InvalidInput

HASH_BYTES = 64
_BLOCK_BYTES = 128
_MAX_BYTES = 0xFFFF
_HASH = "sha512"


def i2osp(value: int, length: int) -> bytes:
    """Integer → big-endian bytes (RFC 8017 §4.1)."""
    return value.to_bytes(length, "big")


def length_prefixed(value: bytes) -> bytes:
    """A value of at most 65,535 bytes behind its two-byte length. Raises InvalidInput."""
    if len(value) > _MAX_BYTES:
        raise InvalidInput("longer than 65,535 bytes")
    return i2osp(len(value), 2) + value


def xor(left: bytes, right: bytes) -> bytes:
    """Bytewise exclusive or of two values of equal length."""
    if len(left) != len(right):
        raise ValueError("xor needs equal lengths")
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).to_bytes(len(left), "big")


def sha512(message: bytes) -> bytes:
    """SHA-512, 64 bytes."""
    return hashlib.sha512(message).digest()


def mac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-512, 64 bytes."""
    return hmac.digest(key, message, _HASH)


def extract(salt: bytes, key_material: bytes) -> bytes:
    """HKDF-Extract with SHA-512 (RFC 5869 §2.2), 64 bytes."""
    return hmac.digest(salt, key_material, _HASH)


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand with SHA-512 (RFC 5869 §2.3), `length` ≤ 16,320 bytes."""
    if not 0 < length <= 255 * HASH_BYTES:
        raise ValueError("HKDF cannot give this length")
    block = b""
    output = b""
    counter = 1
    while len(output) < length:
        block = hmac.digest(key, block + info + bytes((counter,)), _HASH)
        output += block
        counter += 1
    return output[:length]


def expand_message_xmd(message: bytes, tag: bytes, length: int) -> bytes:
    """expand_message_xmd with SHA-512 (RFC 9380 §5.3.1); `tag` (DST) 1 to 255 bytes, `length` ≤ 16,320 bytes."""
    if not 0 < len(tag) <= 255 or not 0 < length <= 255 * HASH_BYTES:
        raise ValueError("expand_message_xmd cannot take this tag or length")
    tag_prime = tag + i2osp(len(tag), 1)
    first = sha512(bytes(_BLOCK_BYTES) + message + i2osp(length, 2) + b"\x00" + tag_prime)
    block = sha512(first + b"\x01" + tag_prime)
    output = block
    counter = 2
    while len(output) < length:
        block = sha512(xor(first, block) + bytes((counter,)) + tag_prime)
        output += block
        counter += 1
    return output[:length]
