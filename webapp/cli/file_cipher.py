"""The part of `BackupCipher` that opens whole files, natively: `cryptography` and zlib, in memory, in pieces."""

import zlib
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR, GCM

from webapp.cli.files import MemoryHeld
from webapp.engine.errors import SealBroken
from webapp.engine.ports import Held, Source

TAG_BYTES = 16
PIECE = 1 << 23


class NativeFileCipher:
    """Reads in pieces; only what comes out is held whole. Nothing is handed out before the tag verified."""

    limit = 1 << 33
    limit_unpacked = 1 << 34

    async def open_gcm(self, key: bytes, nonce: bytes, source: Source, start: int, end: int) -> Held:
        body = end - TAG_BYTES
        if body < start:
            raise SealBroken
        decryptor = Cipher(AES(key), GCM(nonce, source.read(body, TAG_BYTES))).decryptor()
        plain = bytearray(body - start + TAG_BYTES)
        view = memoryview(plain)
        for offset in range(start, body, PIECE):
            piece = source.read(offset, min(PIECE, body - offset))
            decryptor.update_into(piece, view[offset - start :])
        view.release()
        del plain[body - start :]
        try:
            decryptor.finalize()
        except InvalidTag as error:
            raise SealBroken from error
        return MemoryHeld(plain)

    async def open_unverified(self, key: bytes, counter: bytes, source: Source, start: int, end: int) -> Held:
        # A file is far shorter than 2³² blocks, so the counter's 32 bits of GCM carry over only from a random start.
        plain = bytearray()
        for offset in range(start, end, PIECE):
            block = int.from_bytes(counter[12:], "big") + (offset - start) // 16
            piece = source.read(offset, min(PIECE, end - offset))
            until_wrap = (-block % (1 << 32) or 1 << 32) * 16
            for part in (piece[:until_wrap], piece[until_wrap:]):
                here = counter[:12] + (block % (1 << 32)).to_bytes(4, "big")
                plain += Cipher(AES(key), CTR(here)).encryptor().update(part)
                block += len(part) // 16
        return MemoryHeld(plain)

    async def inflate_zlib(self, held: Held) -> Held:
        inflater = zlib.decompressobj()
        out = bytearray()
        for offset in range(0, held.size, PIECE):
            piece = held.read(offset, min(PIECE, held.size - offset))
            while piece:
                if inflater.eof:
                    raise ValueError("something follows the compressed stream")
                try:
                    out += inflater.decompress(piece, PIECE)
                except zlib.error as error:
                    raise ValueError("the compressed stream is damaged") from error
                if len(out) > self.limit_unpacked:
                    raise OverflowError
                piece = inflater.unconsumed_tail or inflater.unused_data
        if not inflater.eof:
            raise ValueError("the compressed stream is cut off")
        return MemoryHeld(out)

    def hold(self, pieces: Iterable[bytes]) -> Held:
        out = bytearray()
        for piece in pieces:
            out += piece
            if len(out) > self.limit_unpacked:
                raise OverflowError
        return MemoryHeld(out)
