"""The file of a Signal backup → its frames, each authenticated before anything of it is used.

    file    = BE32 length ‖ header frame ‖ frames…; an attachment's, sticker's or avatar's bytes follow its frame
    frame   = BE32 length ‖ ciphertext ‖ MAC 10         version 1 encrypts the length with the same key stream
    MAC     = HMAC-SHA256 over all of the frame in front of it (the length in version 1 only)
    payload = ciphertext ‖ MAC 10                       MAC over counter block ‖ ciphertext

Each frame and each payload has its own AES-CTR stream: the first 4 bytes of the header's IV count up by one.
"""

import hmac
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from webapp.engine.ports import BackupCipher
from webapp.engine.readers import protobuf
from webapp.engine.readers.protobuf import NotProtobuf, Value
from webapp.engine.readers.signal.errors import BackupDamaged, BackupKeyWrong, BackupTooNew, BackupTruncated
from webapp.engine.readers.signal.passphrase import BackupKeys

MAC_BYTES = 10
LARGEST_HEADER = 4096
LARGEST_FRAME = 64 << 20
"""Bytes. Frames hold one row of one table; a megabyte is already rare."""

NEWEST_VERSION = 1
STREAM_BYTES = 768
"""Key stream fetched ahead for each frame: most rows are shorter."""

MOST_AHEAD = 2048
_LENGTH = struct.Struct(">I")

# Fields of BackupFrame (Backups.proto).
HEADER, STATEMENT, ATTACHMENT, END, AVATAR, STICKER = 1, 2, 4, 6, 7, 8
_LENGTH_FIELD = {ATTACHMENT: 3, AVATAR: 2, STICKER: 2}

Read = Callable[[int, int], bytes]
"""(offset, length) → exactly that range, fewer only at the end."""


@dataclass(frozen=True, slots=True)
class Header:
    """iv: 16 bytes; salt: as stored; version: 0 or 1; start: where the first frame begins."""

    iv: bytes
    salt: bytes
    version: int
    start: int

    def counter_block(self, number: int) -> bytes:
        """The first block of the stream of the `number`-th frame or payload."""
        first = (_LENGTH.unpack_from(self.iv)[0] + number) & 0xFFFFFFFF
        return _LENGTH.pack(first) + self.iv[4:]


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. `field` is what it is, `body` its content; a payload of `length` bytes lies at `offset` and has the
    stream of `counter_block` (length 0: none follows)."""

    field: int
    body: dict[int, list[Value]]
    offset: int
    length: int
    counter_block: bytes


def header_of(head: bytes) -> Header | None:
    """The header of a backup from a file's first bytes (LARGEST_HEADER is enough); None for any other file."""
    if len(head) < 8:
        return None
    (length,) = _LENGTH.unpack_from(head)
    if not 18 <= length <= LARGEST_HEADER - 4 or len(head) < 4 + length:
        return None
    try:
        frame = protobuf.message(head[4 : 4 + length])
        body = protobuf.blob(frame, HEADER)
        if body is None or set(frame) != {HEADER}:
            return None
        found = protobuf.message(body)
    except NotProtobuf:
        return None
    iv, salt = protobuf.blob(found, 1), protobuf.blob(found, 2) or b""
    if iv is None or len(iv) != 16 or len(salt) > 64:
        return None
    return Header(iv, salt, protobuf.number(found, 3) or 0, 4 + length)


class FrameReader:
    """Walks the frames of one backup. `read` and `size` are the file's; `name` is only for errors."""

    def __init__(
        self, name: str, read: Read, size: int, header: Header, keys: BackupKeys, cipher: BackupCipher
    ) -> None:
        if header.version > NEWEST_VERSION:
            raise BackupTooNew(name, version=header.version)
        self._name = name
        self._read = read
        self._size = size
        self._header = header
        self._keys = keys
        self._cipher = cipher
        self._number = 0
        self._streams: dict[int, bytes] = {}
        self._ahead = 16
        self.position = header.start

    async def frames(self) -> AsyncIterator[Frame]:
        """Every frame up to the end. Raises BackupKeyWrong at the first; then BackupDamaged, BackupTruncated."""
        while True:
            plain = await self._next()
            try:
                ((field, value), *_) = plain.items()
            except ValueError:
                raise BackupDamaged(self._name, at=self.position) from None
            if field == END:
                return
            raw = value[-1]
            try:
                body = protobuf.message(raw) if isinstance(raw, bytes) else {}
            except NotProtobuf:
                raise BackupDamaged(self._name, at=self.position) from None
            yield self._with_payload(field, body)

    async def _next(self) -> dict[int, list[Value]]:
        start, first = self.position, self._number == 0
        stream = await self._stream()
        prefix = self._exactly(4)
        hidden = 4 if self._header.version >= 1 else 0
        (length,) = _LENGTH.unpack(_xor(prefix, stream[:4]) if hidden else prefix)
        if not MAC_BYTES < length <= LARGEST_FRAME:
            raise BackupKeyWrong(self._name) if first and hidden else BackupDamaged(self._name, at=start)
        if first and hidden and length > self._size - self.position:
            raise BackupKeyWrong(self._name)
        sealed = self._exactly(length)
        ciphertext, mac = sealed[:-MAC_BYTES], sealed[-MAC_BYTES:]
        expected = hmac.digest(self._keys.mac.expose(), (prefix if hidden else b"") + ciphertext, "sha256")[:MAC_BYTES]
        if not hmac.compare_digest(expected, mac):
            raise BackupKeyWrong(self._name) if first else BackupDamaged(self._name, at=start)
        wanted = hidden + len(ciphertext)
        if wanted > len(stream):
            block = self._header.counter_block(self._number)
            stream = await self._cipher.aes_ctr_streams(self._keys.cipher.expose(), [block], wanted)
        self._number += 1
        try:
            return protobuf.message(_xor(ciphertext, stream[hidden:wanted]))
        except NotProtobuf:
            raise BackupDamaged(self._name, at=start) from None

    def _with_payload(self, field: int, body: dict[int, list[Value]]) -> Frame:
        length = protobuf.number(body, _LENGTH_FIELD[field]) or 0 if field in _LENGTH_FIELD else 0
        if field not in _LENGTH_FIELD:
            return Frame(field, body, 0, 0, b"")
        if length > self._size - self.position - MAC_BYTES:
            raise BackupTruncated(self._name)
        frame = Frame(field, body, self.position, length, self._header.counter_block(self._number))
        self.position += length + MAC_BYTES
        self._number += 1
        return frame

    async def _stream(self) -> bytes:
        found = self._streams.pop(self._number, None)
        if found is None:
            numbers = range(self._number, self._number + self._ahead)
            blocks = [self._header.counter_block(number) for number in numbers]
            joined = await self._cipher.aes_ctr_streams(self._keys.cipher.expose(), blocks, STREAM_BYTES)
            self._streams = {
                number: joined[index * STREAM_BYTES : (index + 1) * STREAM_BYTES]
                for index, number in enumerate(numbers)
            }
            self._ahead = min(MOST_AHEAD, 4 * self._ahead)
            found = self._streams.pop(self._number)
        return found

    def _exactly(self, length: int) -> bytes:
        if length > self._size - self.position:
            raise BackupTruncated(self._name)
        data = self._read(self.position, length)
        if len(data) != length:
            raise BackupTruncated(self._name)
        self.position += length
        return data


def _xor(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left, "little") ^ int.from_bytes(right, "little")).to_bytes(len(left), "little")
