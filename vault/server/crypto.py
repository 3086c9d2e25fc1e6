"""The vault's crypto provider: Ed25519 and AES-256-GCM through `cryptography`. It knows no protocol."""

import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.wire.limits import NONCE_BYTES, PUBLIC_KEY_BYTES, SIGNATURE_BYTES


class SignatureInvalid(Exception):
    """The signature was not made by this key over these bytes."""


def verify(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Ed25519 (RFC 8032). Raises SignatureInvalid, also for a key or signature of another length."""
    if len(public_key) != PUBLIC_KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        raise SignatureInvalid
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise SignatureInvalid from error


def sign(seed: bytes, message: bytes) -> bytes:
    """Ed25519 signature, 64 bytes, under the key of this 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def public_key(seed: bytes) -> bytes:
    """The public half (32 bytes) of a 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def seal(key: bytes, plaintext: bytes, associated_data: bytes) -> bytes:
    """nonce (12 fresh random bytes) ‖ AES-256-GCM ciphertext ‖ tag (16)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, associated_data)
