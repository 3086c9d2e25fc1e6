"""The keys of WhatsApp's encrypted backups, typed or from files.

    encrypted_backup.key = JAVA_ARRAY ‖ uint32 32 ‖ root key 32                                        (59 bytes)
    key                  = JAVA_ARRAY ‖ uint32 131 ‖ version 2 ‖ key version 1 ‖ server salt 32 ‖ googleId 16 ‖
                           SHA-256 of googleId 32 ‖ zeros 16 ‖ AES key 32                              (158 bytes)

JAVA_ARRAY is how Java serialises the beginning of a byte[]. Some phones write one byte more behind `key`.
"""

import re
from dataclasses import dataclass

from vault.wire.hkdf import hkdf_sha256
from webapp.engine.crypto.secret import Secret
from webapp.engine.readers.whatsapp_crypt.errors import BackupKeyUnreadable
from webapp.engine.recovery_key import parse_digits

JAVA_ARRAY = bytes.fromhex("aced0005757200025b42acf317f8060854e00200007870")
ROOT_FILE_BYTES = 59
LEGACY_FILE_BYTES = (158, 159)
LONGEST_KEY_FILE = 4096
_ROOT_BYTES = 32
_LEGACY_BYTES = 131
_DATABASE_INFO = b"backup encryption"
_HEXADECIMAL = re.compile(rb"[\s0-9a-fA-F:\-]+")


@dataclass(frozen=True, slots=True)
class RootKey:
    """The 64 digits: opens crypt15 and mcrypt1."""

    root: Secret

    def database_key(self) -> Secret:
        """The AES key of crypt15 databases (32 bytes)."""
        return Secret(hkdf_sha256(self.root.expose(), info=_DATABASE_INFO))


@dataclass(frozen=True, slots=True)
class LegacyKey:
    """The file `key`: opens crypt12 and crypt14 whose salts are the same."""

    aes: Secret
    key_version: bytes
    server_salt: bytes
    google_id: bytes


WhatsAppKey = RootKey | LegacyKey


def key_of_digits(text: str) -> RootKey:
    """Typed in any spelling. Raises KeyBadLetter, KeyWrongLength."""
    return RootKey(parse_digits(text).secret)


def is_key_file(content: bytes) -> bool:
    """Whether the beginning of a file (LONGEST_KEY_FILE bytes) is one of WhatsApp's two key files."""
    return content.startswith(JAVA_ARRAY) and len(content) in (ROOT_FILE_BYTES, *LEGACY_FILE_BYTES)


def key_of_file(content: bytes) -> WhatsAppKey:
    """A key file's content: one of the phone's own, 32 bare bytes, or a text with 64 digits.

    Raises BackupKeyUnreadable, KeyBadLetter, KeyWrongLength.
    """
    if is_key_file(content):
        body = content[len(JAVA_ARRAY) + 4 :]
        announced = int.from_bytes(content[len(JAVA_ARRAY) : len(JAVA_ARRAY) + 4], "big")
        if announced == _ROOT_BYTES == len(body):
            return RootKey(Secret(body))
        if announced == _LEGACY_BYTES <= len(body) and body[:2] == b"\x00\x01":
            return LegacyKey(Secret(body[99:131]), body[2:3], body[3:35], body[35:51])
        raise BackupKeyUnreadable(len(content))
    if len(content) == _ROOT_BYTES and not _HEXADECIMAL.fullmatch(content):
        return RootKey(Secret(content))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise BackupKeyUnreadable(len(content)) from None
    if len(content) > LONGEST_KEY_FILE or "\x00" in text:
        raise BackupKeyUnreadable(len(content))
    return key_of_digits(text)
