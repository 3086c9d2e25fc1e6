"""A batch of chunks on the wire: repeated [id 32][length uint32 big endian][ciphertext] (docs/api.md)."""

from collections.abc import Iterator

from .body import Body
from .errors import BadFraming, BodyTooLarge
from .limits import BATCH_BYTES, BATCH_CHUNKS, CHUNK_BYTES, ID_LIST_ENTRIES

ID_BYTES = 32
FRAME_HEAD_BYTES = ID_BYTES + 4
BATCH_BODY_BYTES = BATCH_BYTES + FRAME_HEAD_BYTES + CHUNK_BYTES
"""The largest upload: a full batch and one more chunk."""


def frame_head(chunk_id: bytes, size: int) -> bytes:
    """36 bytes in front of a ciphertext of `size` bytes."""
    return chunk_id + size.to_bytes(4, "big")


def frame_bytes(size: int) -> int:
    """Bytes on the wire of one framed ciphertext of `size` bytes."""
    return FRAME_HEAD_BYTES + size


def frame_heads(body: Body) -> Iterator[tuple[bytes, int]]:
    """(id, size) of each frame; the caller takes exactly `size` bytes from the body before it asks for the next.

    Raises BadFraming for an empty ciphertext, an id that comes twice or a frame that overruns the body, and
    BodyTooLarge for a ciphertext above CHUNK_BYTES or more than BATCH_CHUNKS frames.
    """
    seen: set[bytes] = set()
    while body.remaining:
        chunk_id = body.exactly(ID_BYTES)
        size = int.from_bytes(body.exactly(4), "big")
        if size > CHUNK_BYTES:
            raise BodyTooLarge({"limit": CHUNK_BYTES})
        if size == 0 or size > body.remaining or chunk_id in seen:
            raise BadFraming
        seen.add(chunk_id)
        if len(seen) > BATCH_CHUNKS:
            raise BodyTooLarge({"chunks": BATCH_CHUNKS})
        yield chunk_id, size


def id_list(body: Body) -> list[bytes]:
    """The whole body as chunk ids, in the order sent. Raises BadFraming for none or a part of an id."""
    if body.length == 0 or body.length % ID_BYTES:
        raise BadFraming
    text = body.exactly(body.length)
    return [text[start : start + ID_BYTES] for start in range(0, len(text), ID_BYTES)]


ID_LIST_BYTES = ID_LIST_ENTRIES * ID_BYTES
