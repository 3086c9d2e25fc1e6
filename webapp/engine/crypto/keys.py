"""The backup key K and everything derived from it (docs/format.md, "Keys")."""

import unicodedata

from vault.wire.hkdf import hkdf_sha256

from ..ports import CryptoProvider
from .secret import Secret

KEY_BYTES = 32
KEY_CHECK_BYTES = 16
INFO_PREFIX = b"coffer/v1/"


class BackupKey:
    """K, 32 random bytes made on the person's device, with the keys derived from it by label.

    Raises ValueError when not given exactly 32 bytes.
    """

    __slots__ = ("_key", "chunk_name", "chunk_seal", "key_check", "manifest_seal", "owner_seed")

    def __init__(self, key: Secret) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a backup key is 32 bytes")
        self._key = key
        self.chunk_name = self._derive(b"chunk-name")
        self.chunk_seal = self._derive(b"chunk-seal")
        self.manifest_seal = self._derive(b"manifest-seal")
        self.owner_seed = self._derive(b"owner-proof")
        self.key_check = self._derive(b"key-check").expose()[:KEY_CHECK_BYTES]

    def _derive(self, label: bytes) -> Secret:
        return Secret(hkdf_sha256(self._key.expose(), info=INFO_PREFIX + label))

    @classmethod
    def generate(cls, provider: CryptoProvider) -> "BackupKey":
        """A new K from the provider's randomness."""
        return cls(Secret(provider.random_bytes(KEY_BYTES)))

    @property
    def secret(self) -> Secret:
        """K itself: to show its digits, or to wrap it for a protector."""
        return self._key

    def __repr__(self) -> str:
        return "BackupKey(REDACTED)"


def prepare_password(password: str) -> Secret:
    """A typed password → the bytes that enter OPAQUE: NFC, every non-ASCII space as a plain one, UTF-8.

    So the same password typed on another keyboard or system gives the same bytes. Nothing is trimmed.
    """
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in password)
    return Secret(unicodedata.normalize("NFC", spaced).encode("utf-8"))
