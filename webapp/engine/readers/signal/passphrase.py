"""The 30 digits → keys. 250,000 rounds of SHA-512, then HKDF-SHA256: a tenth of a second to a second."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from vault.wire.hkdf import hkdf_sha256
from webapp.engine.crypto.secret import Secret

DIGITS = 30
ROUNDS = 250_000
_INFO = b"Backup Export"
_BETWEEN = re.compile(rb"(?:[\s\-]|\xc2\xa0|\xe2\x80[\x80-\x95\xaf])+")
_WHOLE = re.compile(rb"[0-9]{30}")


@dataclass(frozen=True, slots=True)
class BackupKeys:
    """cipher: AES-256; mac: HMAC-SHA256; 32 bytes each."""

    cipher: Secret
    mac: Secret


def passphrases_among(keys: Sequence[Secret]) -> list[Secret]:
    """What was given and is 30 digits, spaces and dashes left out."""
    typed = [_BETWEEN.sub(b"", key.expose()) for key in keys if len(key) <= 1024]
    return [Secret(digits) for digits in typed if _WHOLE.fullmatch(digits)]


def derive(passphrase: Secret, salt: bytes) -> BackupKeys:
    """The keys of a backup with that salt (32 bytes, or empty)."""
    digits = passphrase.expose()
    state = digits
    sha512 = hashlib.sha512
    first = sha512(salt + state + digits)
    state = first.digest()
    for _ in range(ROUNDS - 1):
        state = sha512(state + digits).digest()
    derived = hkdf_sha256(state[:32], _INFO, 64)
    return BackupKeys(Secret(derived[:32]), Secret(derived[32:]))
