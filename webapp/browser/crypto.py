"""The browser's crypto provider: WebCrypto and libsodium through the bridge. The only importer of either in Python.

Data are JavaScript Uint8Arrays; small values are Python bytes. One await covers a whole batch of segments.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Sequence
from typing import Any

from pyodide.ffi import to_js

from webapp.engine.errors import SealBroken, SignatureInvalid
from webapp.engine.ports import Data, Segment

from . import bridge
from .crossing import crossing
from .file_cipher import BrowserFileCipher

_ROW = struct.Struct("<12sII")


def _order(front: bytes, segments: Sequence[Segment]) -> Any:
    """All that crosses for one batch, in one array: what stands in front, then a row a segment."""
    return to_js(front + b"".join([_ROW.pack(*segment) for segment in segments]))


class BrowserCrypto(BrowserFileCipher):
    """`CryptoProvider` over WebCrypto (bulk) and libsodium (Ed25519); `BackupCipher` over WebCrypto."""

    def random_bytes(self, length: int) -> bytes:
        return os.urandom(length)

    def load(self, data: Data) -> bytes:
        return bytes(data) if isinstance(data, (bytes, bytearray, memoryview)) else bridge.js.whole(data).to_bytes()

    def join(self, parts: Sequence[Data], padding: int = 0) -> Data:
        if all(isinstance(part, bytes) for part in parts):
            return b"".join([*parts, bytes(padding)])
        return bridge.js.join(to_js([crossing(part) for part in parts]), padding)

    def slice(self, data: Data, start: int, end: int) -> Data:
        return data[start:end] if isinstance(data, bytes) else bridge.js.slice(data, start, end)

    async def sha256(self, data: Data) -> bytes:
        if isinstance(data, bytes):
            return hashlib.sha256(data).digest()
        return (await bridge.js.sha256(data)).to_bytes()

    async def hmac_sha256(self, key: bytes, data: Data) -> bytes:
        if isinstance(data, bytes):
            return hmac.digest(key, data, "sha256")
        return (await bridge.js.hmacSha256(to_js(key), data)).to_bytes()

    async def seal_segments(self, key: bytes, segments: Sequence[Segment], source: Data, header: bytes) -> Data:
        return await bridge.js.sealSegments(_order(key + header, segments), len(header), crossing(source))

    async def open_segments(self, key: bytes, segments: Sequence[Segment], source: Data) -> Data:
        opened = await bridge.js.openSegments(_order(key, segments), crossing(source))
        if opened is None:
            raise SealBroken
        return opened

    async def aes_gcm_seal(self, key: bytes, nonce: bytes, plaintext: bytes, associated_data: bytes) -> bytes:
        return await self._aes_gcm(True, key, nonce, plaintext, associated_data)

    async def aes_gcm_open(self, key: bytes, nonce: bytes, ciphertext: bytes, associated_data: bytes) -> bytes:
        return await self._aes_gcm(False, key, nonce, ciphertext, associated_data)

    async def _aes_gcm(self, sealing: bool, key: bytes, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        result = await bridge.js.aesGcm(sealing, to_js(key), to_js(nonce), to_js(data), to_js(associated_data))
        if result is None:
            raise SealBroken
        return result.to_bytes()

    async def aes_ctr(self, key: bytes, counter: bytes, data: Data) -> Data:
        return await bridge.js.aesCtr(to_js(key), to_js(counter), crossing(data))

    async def aes_cbc_open(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        opened = await bridge.js.aesCbcOpen(to_js(key), to_js(iv), to_js(data))
        if opened is None:
            raise SealBroken
        return opened.to_bytes()

    async def aes_ctr_streams(self, key: bytes, counters: Sequence[bytes], length: int) -> bytes:
        return (await bridge.js.aesCtrStreams(to_js(key), to_js(b"".join(counters)), length)).to_bytes()

    def ed25519_public(self, seed: bytes) -> bytes:
        return self._key_pair(seed)[1]

    def ed25519_sign(self, seed: bytes, message: bytes) -> bytes:
        private = self._key_pair(seed)[0]
        return bridge.js.sodium("crypto_sign_detached", to_js(message), to_js(private)).to_bytes()

    def ed25519_verify(self, public: bytes, message: bytes, signature: bytes) -> None:
        if bridge.js.sodium("crypto_sign_verify_detached", to_js(signature), to_js(message), to_js(public)) is not True:
            raise SignatureInvalid

    def _key_pair(self, seed: bytes) -> tuple[bytes, bytes]:
        pair = bridge.js.sodium("crypto_sign_seed_keypair", to_js(seed))
        return pair.privateKey.to_bytes(), pair.publicKey.to_bytes()
