"""Our own writer of WhatsApp's encrypted files, in every shape that phones give them, and their keys."""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Sequence

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from vault.wire.hkdf import hkdf_sha256
from webapp.engine.crypto.secret import Secret
from webapp.engine.ports import Progress
from webapp.engine.readers.whatsapp_crypt.keys import JAVA_ARRAY, LegacyKey, RootKey

ROOT = bytes(range(32))
AES_KEY = bytes(range(100, 132))
SERVER_SALT = bytes(range(32, 64))
GOOGLE_ID = bytes(range(64, 80))
IV = bytes(range(200, 216))
ROOT_KEY = RootKey(Secret(ROOT))
LEGACY_KEY = LegacyKey(Secret(AES_KEY), b"\x02", SERVER_SALT, GOOGLE_ID)


class Quiet:
    """A reporter that listens to nothing."""

    def __call__(self, progress: Progress) -> None: ...

    def check(self) -> None: ...


def varint(number: int) -> bytes:
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def _about_the_phone(flags: int = 37) -> bytes:
    return field(1, b"2.26.1.7") + field(3, b"67") + b"".join(field(n, n % 2) for n in range(4, flags))


def prefix15(iv: bytes = IV, extra: bytes = b"", flags: int = 37) -> bytes:
    return field(1, 1) + field(3, field(1, iv)) + field(4, _about_the_phone(flags)) + extra


def prefix14(iv: bytes = IV) -> bytes:
    salts = field(1, b"\x00\x01") + field(2, b"2") + field(3, SERVER_SALT) + field(4, GOOGLE_ID) + field(5, iv)
    return field(1, 0) + field(2, salts) + field(4, _about_the_phone())


def _with_footer(body: bytes, footer: bool) -> bytes:
    return body + hashlib.md5(body).digest() if footer else body


def crypt15(
    content: bytes, *, root: bytes = ROOT, iv: bytes = IV, footer: bool = True, packed: bool = True, prefix: bytes = b""
) -> bytes:
    """A database or increment as phones with an end-to-end encrypted backup write it."""
    prefix = prefix or prefix15(iv)
    key = hkdf_sha256(root, info=b"backup encryption")
    sealed = AESGCM(key).encrypt(iv, zlib.compress(content, 1) if packed else content, None)
    return _with_footer(varint(len(prefix)) + prefix + sealed, footer)


def crypt14(content: bytes, *, footer: bool = True) -> bytes:
    prefix = prefix14()
    return _with_footer(
        varint(len(prefix)) + prefix + AESGCM(AES_KEY).encrypt(IV, zlib.compress(content, 1), None), footer
    )


def crypt12(content: bytes) -> bytes:
    head = b"\x00\x01\x02" + SERVER_SALT + GOOGLE_ID + IV
    return _with_footer(head + AESGCM(AES_KEY).encrypt(IV, zlib.compress(content, 1), None), True) + b"--67"


def mcrypt1(content: bytes, name: str, root: bytes = ROOT) -> bytes:
    """A medium of Drive whose file is called `<name>.mcrypt1`."""
    derived = hkdf_sha256(root, info=bytes.fromhex(name), length=48)
    return AESGCM(derived[:32]).encrypt(derived[32:], content, None)


def mcrypt1_metadata(described: dict[str, object], root: bytes = ROOT) -> bytes:
    """What lies beside it as `<name>.mcrypt1-metadata`."""
    padder = padding.PKCS7(128).padder()
    text = padder.update(json.dumps(described).encode()) + padder.finalize()
    encryptor = Cipher(AES(hkdf_sha256(root, info=b"metadata encryption")), CBC(IV)).encryptor()
    sealed = encryptor.update(text) + encryptor.finalize()
    tag = hmac.digest(hkdf_sha256(root, info=b"metadata authentication"), IV + sealed, "sha256")
    return base64.b64encode(b"\x10" + IV + b"\x20" + tag + sealed)


def root_key_file(root: bytes = ROOT) -> bytes:
    """`encrypted_backup.key`."""
    return JAVA_ARRAY + (32).to_bytes(4, "big") + root


def legacy_key_file(trailing: bytes = b"", *, salt: bytes = SERVER_SALT, aes: bytes = AES_KEY) -> bytes:
    """`key`."""
    body = b"\x00\x01\x02" + salt + GOOGLE_ID + hashlib.sha256(GOOGLE_ID).digest() + bytes(16) + aes
    return JAVA_ARRAY + (131).to_bytes(4, "big") + body + trailing


def flipped(content: bytes, places: Sequence[int]) -> bytes:
    """The same with one bit changed at each place."""
    changed = bytearray(content)
    for place in places:
        changed[place] ^= 1
    return bytes(changed)
