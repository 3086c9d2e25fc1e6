"""K wrapped for a passkey, and what its owner signs (docs/format.md, "Passkeys").

    PRF value   = 32 bytes that the passkey gives for PRF_INPUT (WebAuthn's `prf` extension), in the browser only
    wrap key    = HKDF-SHA256(PRF value, info = "coffer/v1/passkey-wrap" ‖ credential id)
    wrapped key = nonce 12 ‖ AES-256-GCM(wrap key, nonce, K)
                  with associated data account ‖ safe ‖ credential id ‖ key-check

The credential's id is the one part of varying length, so no two sets of parts give the same associated data.
"""

import hashlib

from vault.wire.encoding import field
from vault.wire.hkdf import hkdf_sha256

from ..crypto.keys import BackupKey
from ..crypto.secret import Secret
from ..errors import PasskeyDoesNotOpen, SealBroken
from ..ports import CryptoProvider

PRF_INPUT = b"coffer/v1/passkey-prf"
WRAP_LABEL = b"coffer/v1/passkey-wrap"
ADD_DOMAIN = b"coffer/v1/passkey-add"
REMOVE_DOMAIN = b"coffer/v1/passkey-remove"
PRF_BYTES = 32
NONCE_BYTES = 12
WRAPPED_BYTES = NONCE_BYTES + 32 + 16
CREDENTIAL_BYTES = 1023
PASSKEY_ID_BYTES = 16


def _wrap_key(prf: Secret, credential: bytes) -> bytes:
    if len(prf) != PRF_BYTES:
        raise PasskeyDoesNotOpen
    if not 0 < len(credential) <= CREDENTIAL_BYTES:
        raise ValueError("a credential id has 1 to 1,023 bytes")
    return hkdf_sha256(prf.expose(), WRAP_LABEL + credential)


async def wrap(
    provider: CryptoProvider, prf: Secret, key: BackupKey, *, account: bytes, safe: bytes, credential: bytes
) -> bytes:
    """K → 60 bytes that only the same passkey opens. Raises PasskeyDoesNotOpen for a PRF value of another length."""
    nonce = provider.random_bytes(NONCE_BYTES)
    binding = account + safe + credential + key.key_check
    return nonce + await provider.aes_gcm_seal(_wrap_key(prf, credential), nonce, key.secret.expose(), binding)


async def unwrap(
    provider: CryptoProvider,
    prf: Secret,
    wrapped: bytes,
    *,
    account: bytes,
    safe: bytes,
    credential: bytes,
    key_check: bytes,
) -> BackupKey:
    """60 bytes → K of this safe. Raises PasskeyDoesNotOpen for anything else."""
    if len(wrapped) != WRAPPED_BYTES:
        raise PasskeyDoesNotOpen
    binding = account + safe + credential + key_check
    nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        key = BackupKey(Secret(await provider.aes_gcm_open(_wrap_key(prf, credential), nonce, sealed, binding)))
    except SealBroken:
        raise PasskeyDoesNotOpen from None
    if key.key_check != key_check:
        raise PasskeyDoesNotOpen
    return key


def added(passkey: bytes, credential: bytes, wrapped_key: bytes, name: str, beside: str) -> bytes:
    """What the owner signs to add a passkey: SHA-256 over every value with its length."""
    parts = (ADD_DOMAIN, passkey, credential, wrapped_key, name.encode(), beside.encode())
    return hashlib.sha256(b"".join(map(field, parts))).digest()


def removed(passkey: bytes, beside: str) -> bytes:
    """What the owner signs to remove one."""
    return hashlib.sha256(b"".join(map(field, (REMOVE_DOMAIN, passkey, beside.encode())))).digest()
