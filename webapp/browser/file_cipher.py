"""The part of `BackupCipher` that opens whole files: WebCrypto and DecompressionStream, all of it in JavaScript.

WebCrypto opens an AES-GCM message only in one piece, so a file has to fit into memory about three times for a moment.
"""

from collections.abc import Iterable

from pyodide.ffi import to_js

from webapp.engine.errors import SealBroken
from webapp.engine.ports import Held, Source

from . import bridge
from .crossing import crossing
from .held import BrowserHeld, held_from

MIB = 1 << 20


class BrowserFileCipher:
    """Sizes measured in Chromium (docs/readers/whatsapp-android.md)."""

    limit = 1024 * MIB
    limit_unpacked = 2040 * MIB

    async def open_gcm(self, key: bytes, nonce: bytes, source: Source, start: int, end: int) -> Held:
        sealed = crossing(await source.data(start, max(0, end - start)))
        opened = await bridge.js.openGcm(to_js(key), to_js(nonce), sealed)
        if opened is None:
            raise SealBroken
        return BrowserHeld(opened)

    async def open_unverified(self, key: bytes, counter: bytes, source: Source, start: int, end: int) -> Held:
        sealed = crossing(await source.data(start, max(0, end - start)))
        return BrowserHeld(await bridge.js.openCtr32(to_js(key), to_js(counter), sealed))

    async def inflate_zlib(self, held: Held) -> Held:
        if not isinstance(held, BrowserHeld):
            raise TypeError("in the browser, plaintexts are held by the browser")
        inflated = await bridge.js.inflateZlib(held.array, self.limit_unpacked)
        if inflated == "too_large":
            raise OverflowError
        if inflated == "damaged":
            raise ValueError("the compressed stream is damaged or cut off")
        return BrowserHeld(inflated)

    def hold(self, pieces: Iterable[bytes]) -> Held:
        return held_from(pieces, self.limit_unpacked)
