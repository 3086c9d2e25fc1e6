"""The part of `BackupCipher` that opens whole files, natively: `cryptography` and zlib, in memory, in pieces."""

import zlib
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR, GCM

from webapp.cli.files import MemoryHeld
from webapp.engine.errors import SealBroken
from webapp.engine.ports import Held, Progress, Reporter, Source

TAG_BYTES = 16
PIECE = 1 << 22
WRAP = 1 << 32


class NativeFileCipher:
    """Reads in pieces; only what comes out is held whole. Nothing is handed out before the tag verified."""

    limit_unpacked = 1 << 34

    async def open_gcm(
        self, key: bytes, nonce: bytes, source: Source, start: int, end: int, report: Reporter, *, unpack: bool
    ) -> Held:
        body = end - TAG_BYTES
        if body < start:
            raise SealBroken
        decryptor = Cipher(AES(key), GCM(nonce, source.read(body, TAG_BYTES))).decryptor()
        out = _Unpacked(self.limit_unpacked) if unpack else _Plain(self.limit_unpacked)
        for offset in range(start, body, PIECE):
            report.check()
            out.add(decryptor.update(source.read(offset, min(PIECE, body - offset))))
            report(Progress("opening", offset - start, body - start))
        try:
            decryptor.finalize()
        except InvalidTag as error:
            raise SealBroken from error
        return MemoryHeld(out.finished())

    async def open_unverified(
        self, key: bytes, counter: bytes, source: Source, start: int, end: int, report: Reporter
    ) -> Held:
        out = _Plain(self.limit_unpacked)
        block = int.from_bytes(counter[12:], "big")
        for offset in range(start, end, PIECE):
            report.check()
            piece = source.read(offset, min(PIECE, end - offset))
            # GCM counts in 32 bits, plain CTR in 128: where those wrap, the piece is taken in two.
            until_wrap = (WRAP - block) * 16
            for part in (piece[:until_wrap], piece[until_wrap:]):
                here = counter[:12] + block.to_bytes(4, "big")
                out.add(Cipher(AES(key), CTR(here)).encryptor().update(part))
                block = (block + len(part) // 16) % WRAP
        return MemoryHeld(out.finished())

    def hold(self, pieces: Iterable[bytes]) -> Held:
        out = _Plain(self.limit_unpacked)
        for piece in pieces:
            out.add(piece)
        return MemoryHeld(out.finished())


class _Plain:
    """Bytes that become more; `finished` raises OverflowError where they are more than `limit`."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._content = bytearray()
        self._size = 0

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size <= self._limit:
            self._content += piece

    def finished(self) -> bytearray:
        if self._size > self._limit:
            raise OverflowError
        return self._content


class _Unpacked(_Plain):
    """The same behind zlib. What is wrong with the stream is told at the end: the tag has the first word."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._inflater = zlib.decompressobj()
        self._damaged = False

    def add(self, piece: bytes) -> None:
        while piece and not self._damaged and self._size <= self._limit:
            if self._inflater.eof:
                self._damaged = True
                return
            try:
                super().add(self._inflater.decompress(piece, PIECE))
            except zlib.error:
                self._damaged = True
            piece = self._inflater.unconsumed_tail or self._inflater.unused_data

    def finished(self) -> bytearray:
        content = super().finished()
        if self._damaged or not self._inflater.eof:
            raise ValueError("the compressed stream is damaged or cut off")
        return content
