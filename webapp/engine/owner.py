"""The owner of a safe, and signing as one: the only place where the owner-proof key is used."""

from dataclasses import dataclass

from vault.wire.owner_proof import NO_RECORD, Action, Audience, OwnerProof

from .crypto.keys import BackupKey
from .ports import CryptoProvider
from .site_life import Proof


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose safe: account and safe ids (16 bytes each) and the unlocked key."""

    account: bytes
    safe: bytes
    key: BackupKey


def owner_public_key(provider: CryptoProvider, key: BackupKey) -> bytes:
    """32 bytes: what site and vault keep to recognise the owner."""
    return provider.ed25519_public(key.owner_seed.expose())


def sign_as_owner(
    provider: CryptoProvider,
    key: BackupKey,
    *,
    audience: Audience,
    action: Action,
    account: bytes,
    safe: bytes,
    content: bytes,
    nonce: bytes,
    record: bytes = NO_RECORD,
    version: int = 0,
) -> Proof:
    """A proof over exactly this change (fields as in `OwnerProof`)."""
    statement = OwnerProof(audience, action, account, safe, content, nonce, record, version)
    return Proof(nonce, provider.ed25519_sign(key.owner_seed.expose(), statement.message()))
