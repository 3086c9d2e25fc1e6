"""Media that WhatsApp keeps encrypted on Drive: `<hexadecimal name>.mcrypt1`, under keys derived from their name.

What a file was called on the phone stands beside it, in `<hexadecimal name>.mcrypt1-metadata`:

    base64(10h ‖ IV 16 ‖ 20h ‖ HMAC-SHA256 of IV and ciphertext 32 ‖ AES-256-CBC of JSON: {"name": path, …})
"""

import base64
import binascii
import hmac
import json
from collections.abc import Iterator

from vault.wire.hkdf import hkdf_sha256, hkdf_sha256_expand
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import SealBroken
from webapp.engine.ports import BackupCipher
from webapp.engine.readers.whatsapp_crypt.container import IV_BYTES
from webapp.engine.readers.whatsapp_crypt.keys import RootKey

METADATA_ENDING = "-metadata"
LONGEST_METADATA = 1 << 16
_KEY_BYTES = 32
_MAC_BYTES = 32
_LENGTHS = (0, 1 + IV_BYTES)
_HEAD = 2 + IV_BYTES + _MAC_BYTES


def media_keys(root: RootKey, name: bytes) -> Iterator[tuple[Secret, bytes]]:
    """(key, IV) for a medium from the bytes that its hexadecimal name stands for, the usual derivation first."""
    for derive in (hkdf_sha256, hkdf_sha256_expand):
        derived = derive(root.root.expose(), info=name, length=_KEY_BYTES + IV_BYTES)
        yield Secret(derived[:_KEY_BYTES]), derived[_KEY_BYTES:]


async def name_on_the_phone(cipher: BackupCipher, root: RootKey, content: bytes) -> str | None:
    """The path that `.mcrypt1-metadata` tells, without anything that climbs; None where the key does not fit, or it
    is damaged."""
    try:
        data = base64.b64decode(content.strip(), validate=True)
    except binascii.Error:
        return None
    if len(data) < _HEAD or (data[_LENGTHS[0]], data[_LENGTHS[1]]) != (IV_BYTES, _MAC_BYTES):
        return None
    iv, tag, sealed = data[1 : 1 + IV_BYTES], data[2 + IV_BYTES : _HEAD], data[_HEAD:]
    secret = root.root.expose()
    expected = hmac.digest(hkdf_sha256(secret, info=b"metadata authentication"), iv + sealed, "sha256")
    if not hmac.compare_digest(tag, expected):
        return None
    try:
        described = json.loads(await cipher.aes_cbc_open(hkdf_sha256(secret, info=b"metadata encryption"), iv, sealed))
        parts = [part for part in described["name"].split("/") if part not in ("", ".", "..")]
    except (SealBroken, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return "/".join(parts) or None
