"""Media that WhatsApp keeps encrypted on Drive: `<hexadecimal name>.mcrypt1`, under keys derived from their name."""

from collections.abc import Iterator

from vault.wire.hkdf import hkdf_sha256, hkdf_sha256_expand
from webapp.engine.crypto.secret import Secret
from webapp.engine.readers.whatsapp_crypt.container import IV_BYTES
from webapp.engine.readers.whatsapp_crypt.keys import RootKey

_KEY_BYTES = 32


def media_keys(root: RootKey, name: bytes) -> Iterator[tuple[Secret, bytes]]:
    """(key, IV) for a medium from the bytes that its hexadecimal name stands for, the usual derivation first."""
    for derive in (hkdf_sha256, hkdf_sha256_expand):
        derived = derive(root.root.expose(), info=name, length=_KEY_BYTES + IV_BYTES)
        yield Secret(derived[:_KEY_BYTES]), derived[_KEY_BYTES:]
