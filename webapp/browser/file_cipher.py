"""The part of `BackupCipher` that opens whole files: WebCrypto and DecompressionStream, all bytes in JavaScript.

A file passes in pieces of 8 MiB: each is decrypted (AES-CTR) and authenticated (as associated data of an empty AES-GCM
message, `engine.readers.whatsapp_crypt.gcm`), then unpacked. Only what comes out is held, and nobody sees it before the
tag of the whole verified.
"""

import hmac
from collections.abc import Iterable
from typing import Any

from pyodide.ffi import to_js

from webapp.engine.errors import SealBroken
from webapp.engine.ports import Held, Progress, Reporter, Source
from webapp.engine.readers.whatsapp_crypt.gcm import BLOCK, TagFromPieces, counter_at, hash_key, start_block

from . import bridge
from .crossing import crossing
from .held import BrowserHeld, held_from

MIB = 1 << 20
PIECE = 8 * MIB
# The nonce under which pieces are authenticated. Its tags are combined here and go nowhere else.
_PIECES_NONCE = bytes(12)


class BrowserFileCipher:
    """Sizes measured in Chromium (docs/readers/whatsapp-android.md)."""

    limit_unpacked = 2040 * MIB

    async def open_gcm(
        self, key: bytes, nonce: bytes, source: Source, start: int, end: int, report: Reporter, *, unpack: bool
    ) -> Held:
        body = end - BLOCK
        if body < start:
            raise SealBroken
        secret = await hash_key(self, key)  # type: ignore[arg-type]
        first = start_block(secret, nonce)
        masks = await self.aes_ctr_streams(key, [first, _PIECES_NONCE + b"\0\0\0\1"], BLOCK)  # type: ignore[attr-defined]
        whole = TagFromPieces(secret, masks[BLOCK:])
        opening = await bridge.js.opening(to_js(key), to_js(_PIECES_NONCE), unpack, self.limit_unpacked)
        try:
            await self._pieces(opening, source, start, body, first, report, whole)
            if not hmac.compare_digest(whole.tag(masks[:BLOCK]), source.read(body, BLOCK)):
                raise SealBroken
            return _held(await opening.finish())
        finally:
            opening.drop()

    async def open_unverified(
        self, key: bytes, counter: bytes, source: Source, start: int, end: int, report: Reporter
    ) -> Held:
        first = counter_at(counter, (1 << 32) - 2)
        opening = await bridge.js.opening(to_js(key), None, False, self.limit_unpacked)
        try:
            await self._pieces(opening, source, start, end, first, report, None)
            return _held(await opening.finish())
        finally:
            opening.drop()

    async def _pieces(
        self,
        opening: Any,
        source: Source,
        start: int,
        end: int,
        first: bytes,
        report: Reporter,
        whole: TagFromPieces | None,
    ) -> None:
        for offset in range(start, end, PIECE):
            report.check()
            size = min(PIECE, end - offset)
            sealed = crossing(await source.data(offset, size))
            tag = await opening.piece(sealed, to_js(counter_at(first, (offset - start) // BLOCK)))
            if whole is not None:
                whole.add(tag.to_bytes(), size)
            report(Progress("opening", offset - start + size, end - start))

    def hold(self, pieces: Iterable[bytes]) -> Held:
        return held_from(pieces, self.limit_unpacked)


def _held(result: Any) -> BrowserHeld:
    if result == "too_large":
        raise OverflowError
    if result == "damaged":
        raise ValueError("the compressed stream is damaged or cut off")
    return BrowserHeld(result)
