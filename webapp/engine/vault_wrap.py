"""K under a password: one AES-256-GCM wrap that opens only for the same account, safe, record and key-check."""

from vault.wire.hkdf import hkdf_sha256
from vault.wire.limits import NONCE_BYTES

from .crypto.keys import BackupKey
from .crypto.secret import Secret
from .errors import SealBroken
from .ports import CryptoProvider
from .vault_failures import VaultUnreadable

WRAP_LABEL = b"coffer/v1/wrap"


async def wrap(
    provider: CryptoProvider, export_key: Secret, key: BackupKey, *, account: bytes, safe: bytes, record: bytes
) -> bytes:
    """→ nonce 12 ‖ ciphertext 32 ‖ tag 16."""
    nonce = provider.random_bytes(NONCE_BYTES)
    binding = account + safe + record + key.key_check
    wrapping = hkdf_sha256(export_key.expose(), WRAP_LABEL + record)
    return nonce + await provider.aes_gcm_seal(wrapping, nonce, key.secret.expose(), binding)


async def unwrap(
    provider: CryptoProvider,
    export_key: Secret,
    wrapped: bytes,
    *,
    account: bytes,
    safe: bytes,
    record: bytes,
    key_check: bytes,
) -> BackupKey:
    """Raises VaultUnreadable."""
    binding = account + safe + record + key_check
    wrapping = hkdf_sha256(export_key.expose(), WRAP_LABEL + record)
    try:
        opened = await provider.aes_gcm_open(wrapping, wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], binding)
    except SealBroken:
        raise VaultUnreadable from None
    key = BackupKey(Secret(opened))
    if key.key_check != key_check:
        raise VaultUnreadable
    return key
