"""The native crypto provider: `cryptography` behind the engine's ports. Only it and `file_cipher` import that here."""

import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, CTR
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from webapp.cli.file_cipher import NativeFileCipher
from webapp.engine.crypto.seal import TAG_BYTES
from webapp.engine.errors import SealBroken, SignatureInvalid
from webapp.engine.ports import Data, Segment


def _bytes(data: Data) -> bytes | memoryview:
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError("natively, data are bytes")
    return memoryview(data)


class NativeCrypto(NativeFileCipher):
    """`CryptoProvider` and `BackupCipher` over OpenSSL by way of `cryptography`; Data are bytes."""

    def random_bytes(self, length: int) -> bytes:
        return os.urandom(length)

    def load(self, data: Data) -> bytes:
        return bytes(_bytes(data))

    def join(self, parts: Sequence[Data], padding: int = 0) -> Data:
        return b"".join([*map(_bytes, parts), bytes(padding)])

    def slice(self, data: Data, start: int, end: int) -> Data:
        return _bytes(data)[start:end]

    def sha256_now(self, data: Data) -> bytes:
        return hashlib.sha256(_bytes(data)).digest()

    def hmac_sha256_now(self, key: bytes, data: Data) -> bytes:
        return hmac.digest(key, _bytes(data), "sha256")

    def seal_segments_now(self, key: bytes, segments: Sequence[Segment], source: Data, header: bytes) -> Data:
        cipher, view = AESGCM(key), _bytes(source)
        sealed = bytearray(len(header) + sum(s.end - s.start + TAG_BYTES for s in segments))
        sealed[: len(header)] = header
        at, written = len(header), memoryview(sealed)
        for s in segments:
            end = at + s.end - s.start + TAG_BYTES
            cipher.encrypt_into(s.nonce, view[s.start : s.end], None, written[at:end])
            at = end
        return written

    def open_segments_now(self, key: bytes, segments: Sequence[Segment], source: Data) -> Data:
        cipher, view = AESGCM(key), _bytes(source)
        opened = bytearray(sum(s.end - s.start - TAG_BYTES for s in segments))
        at, written = 0, memoryview(opened)
        try:
            for s in segments:
                end = at + s.end - s.start - TAG_BYTES
                cipher.decrypt_into(s.nonce, view[s.start : s.end], None, written[at:end])
                at = end
        except InvalidTag as error:
            raise SealBroken from error
        return written

    async def sha256(self, data: Data) -> bytes:
        return self.sha256_now(data)

    async def hmac_sha256(self, key: bytes, data: Data) -> bytes:
        return self.hmac_sha256_now(key, data)

    async def seal_segments(self, key: bytes, segments: Sequence[Segment], source: Data, header: bytes) -> Data:
        return self.seal_segments_now(key, segments, source, header)

    async def open_segments(self, key: bytes, segments: Sequence[Segment], source: Data) -> Data:
        return self.open_segments_now(key, segments, source)

    async def aes_gcm_seal(self, key: bytes, nonce: bytes, plaintext: bytes, associated_data: bytes) -> bytes:
        return AESGCM(key).encrypt(nonce, plaintext, associated_data)

    async def aes_gcm_open(self, key: bytes, nonce: bytes, ciphertext: bytes, associated_data: bytes) -> bytes:
        try:
            return AESGCM(key).decrypt(nonce, ciphertext, associated_data)
        except InvalidTag as error:
            raise SealBroken from error

    async def aes_ctr(self, key: bytes, counter: bytes, data: Data) -> Data:
        return Cipher(AES(key), CTR(counter)).encryptor().update(_bytes(data))

    async def aes_ctr_streams(self, key: bytes, counters: Sequence[bytes], length: int) -> bytes:
        zeros = bytes(length)
        return b"".join([Cipher(AES(key), CTR(counter)).encryptor().update(zeros) for counter in counters])

    async def aes_cbc_open(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        decryptor, unpadder = Cipher(AES(key), CBC(iv)).decryptor(), PKCS7(128).unpadder()
        try:
            return unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()
        except ValueError as error:
            raise SealBroken from error

    def ed25519_public(self, seed: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def ed25519_sign(self, seed: bytes, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(seed).sign(message)

    def ed25519_verify(self, public: bytes, message: bytes, signature: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise SignatureInvalid from error
