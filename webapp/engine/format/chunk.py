"""Chunks: how a piece of content is named, framed, padded, sealed and opened (docs/format.md, "Chunks").

id      = HMAC-SHA256(chunk-name, content)
frame   = codec (1 byte) ‖ length of the encoded content (uint32) ‖ encoded content ‖ zeros up to the Padmé size
sealed  = seal(chunk-seal, associated data = "coffer/v1/chunk/" ‖ id, frame)
"""

import hmac
import sys
from enum import IntEnum

from ..crypto.keys import BackupKey
from ..crypto.seal import seal, sealed_size, unseal
from ..errors import ChunkDamaged, SealBroken
from ..ports import CryptoProvider, Data
from .padding import padded_size

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ID_BYTES = 32
SMALL_CONTENT = 1024 * 1024
LARGE_CONTENT = 8 * 1024 * 1024
FRAME_HEADER = 5
MAX_SEALED = sealed_size(padded_size(LARGE_CONTENT + FRAME_HEADER))
COMPRESSION_LEVEL = 3
ASSOCIATED_DATA = b"coffer/v1/chunk/"


class Codec(IntEnum):
    """How the content stands in its frame."""

    STORED = 0
    ZSTD = 1


async def chunk_id(provider: CryptoProvider, key: BackupKey, content: Data) -> bytes:
    """32 bytes: equal content under one K has one id, and without K the id says nothing."""
    return await provider.hmac_sha256(key.chunk_name.expose(), content)


async def seal_chunk(
    provider: CryptoProvider, key: BackupKey, identity: bytes, content: Data, *, compress: bool
) -> Data:
    """Content (≤ 8 MiB, else ValueError) → ciphertext. Compressed only where asked and where it helps."""
    if len(content) > LARGE_CONTENT:
        raise ValueError("a chunk holds at most 8 MiB")
    codec, encoded = Codec.STORED, content
    if compress:
        compressed = zstd.compress(provider.load(content), COMPRESSION_LEVEL)
        if len(compressed) < len(content):
            codec, encoded = Codec.ZSTD, compressed
    header = bytes([codec]) + len(encoded).to_bytes(4, "big")
    size = FRAME_HEADER + len(encoded)
    frame = provider.join([header, encoded], padding=padded_size(size) - size)
    return await seal(provider, key.chunk_seal, ASSOCIATED_DATA + identity, frame)


async def open_chunk(
    provider: CryptoProvider, key: BackupKey, identity: bytes, sealed: Data, *, content_size: int
) -> Data:
    """Ciphertext → the content whose id is `identity` and whose size the manifest gives. Raises ChunkDamaged."""
    try:
        frame = await unseal(provider, key.chunk_seal, ASSOCIATED_DATA + identity, sealed)
    except SealBroken as error:
        raise ChunkDamaged from error
    content = _unframe(provider, frame, content_size)
    if not hmac.compare_digest(await chunk_id(provider, key, content), identity):
        raise ChunkDamaged
    return content


def _unframe(provider: CryptoProvider, frame: Data, content_size: int) -> Data:
    if len(frame) < FRAME_HEADER or content_size > LARGE_CONTENT:
        raise ChunkDamaged
    header = provider.load(provider.slice(frame, 0, FRAME_HEADER))
    end = FRAME_HEADER + int.from_bytes(header[1:], "big")
    if padded_size(end) != len(frame):
        raise ChunkDamaged
    encoded = provider.slice(frame, FRAME_HEADER, end)
    if header[0] == Codec.STORED:
        content = encoded
    elif header[0] == Codec.ZSTD:
        content = _decompress(provider.load(encoded), content_size)
    else:
        raise ChunkDamaged
    if len(content) != content_size:
        raise ChunkDamaged
    return content


def _decompress(encoded: bytes, content_size: int) -> bytes:
    decompressor = zstd.ZstdDecompressor()
    try:
        # One byte more than expected, so that a longer content shows itself without being inflated whole.
        return decompressor.decompress(encoded, max_length=content_size + 1)
    except zstd.ZstdError as error:
        raise ChunkDamaged from error
