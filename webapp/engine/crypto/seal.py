"""Sealing: Tink's streaming AEAD, AES256-GCM-HKDF with 512 KiB segments (docs/format.md, "The sealed stream").

    sealed  = header ‖ segment 0 ‖ segment 1 ‖ …
    header  = 0x28 (its own length, 40) ‖ salt 32 ‖ nonce prefix 7
    key     = HKDF-SHA256(input key, salt, info = associated data)
    segment = AES-256-GCM(key, prefix ‖ uint32 number ‖ 1 if last else 0), no associated data of its own

Every segment is 524,288 bytes of ciphertext with its tag, the first one with the header inside that size, the last one
shorter. Salt and prefix are fresh randomness for every sealing. Source: Tink, "AES-GCM-HKDF Streaming AEAD".
"""

from vault.wire.hkdf import hkdf_sha256

from ..errors import SealBroken
from ..ports import CryptoProvider, Data, Segment
from .secret import Secret

SALT_BYTES = 32
PREFIX_BYTES = 7
HEADER_BYTES = 1 + SALT_BYTES + PREFIX_BYTES
TAG_BYTES = 16
SEGMENT_BYTES = 512 * 1024
FIRST_PLAINTEXT = SEGMENT_BYTES - HEADER_BYTES - TAG_BYTES
NEXT_PLAINTEXT = SEGMENT_BYTES - TAG_BYTES
MAX_SEGMENTS = 2**32


def segment_count(plaintext_size: int) -> int:
    """How many segments hold that many bytes; never 0, since an empty stream has one empty last segment."""
    beyond_first = max(0, plaintext_size - FIRST_PLAINTEXT)
    return 1 + -(-beyond_first // NEXT_PLAINTEXT)


def sealed_size(plaintext_size: int) -> int:
    """Bytes of plaintext → bytes sealed, exactly."""
    return plaintext_size + HEADER_BYTES + TAG_BYTES * segment_count(plaintext_size)


def opened_size(size: int) -> int:
    """Bytes sealed → bytes of plaintext, exactly. Raises SealBroken for a size that no sealing gives."""
    segments = max(1, -(-size // SEGMENT_BYTES))
    plaintext = size - HEADER_BYTES - TAG_BYTES * segments
    if plaintext < 0 or sealed_size(plaintext) != size:
        raise SealBroken
    return plaintext


def _segments(plaintext_size: int, prefix: bytes, *, tags: int) -> list[Segment]:
    """The segments of a stream: ranges in its plaintext (tags=0), or in its sealed body after the header (tags=16)."""
    count = segment_count(plaintext_size)
    segments = []
    start = 0
    for number in range(count):
        capacity = FIRST_PLAINTEXT if number == 0 else NEXT_PLAINTEXT
        last = number == count - 1
        size = plaintext_size - (start - number * tags) if last else capacity
        nonce = prefix + number.to_bytes(4, "big") + bytes([last])
        segments.append(Segment(nonce, start, start + size + tags))
        start += size + tags
    return segments


async def seal(provider: CryptoProvider, key: Secret, associated_data: bytes, plaintext: Data) -> Data:
    """Plaintext → sealed stream of `sealed_size(len(plaintext))` bytes, under fresh salt and nonce prefix."""
    salt = provider.random_bytes(SALT_BYTES)
    prefix = provider.random_bytes(PREFIX_BYTES)
    derived = hkdf_sha256(key.expose(), salt=salt, info=associated_data)
    header = bytes([HEADER_BYTES]) + salt + prefix
    return await provider.seal_segments(derived, _segments(len(plaintext), prefix, tags=0), plaintext, header)


async def unseal(provider: CryptoProvider, key: Secret, associated_data: bytes, sealed: Data) -> Data:
    """Sealed stream → plaintext, only when every segment verifies. Raises SealBroken otherwise."""
    plaintext_size = opened_size(len(sealed))
    header = provider.load(provider.slice(sealed, 0, HEADER_BYTES))
    if header[0] != HEADER_BYTES:
        raise SealBroken
    salt, prefix = header[1 : 1 + SALT_BYTES], header[1 + SALT_BYTES :]
    derived = hkdf_sha256(key.expose(), salt=salt, info=associated_data)
    body = provider.slice(sealed, HEADER_BYTES, len(sealed))
    return await provider.open_segments(derived, _segments(plaintext_size, prefix, tags=TAG_BYTES), body)
