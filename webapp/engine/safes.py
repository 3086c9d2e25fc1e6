"""Making a safe and opening it: the digits or the vault in, K out (docs/vault-protocol.md)."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from vault.wire.errors import ErrorCode
from vault.wire.messages import Status
from vault.wire.owner_proof import Action, Audience

from .crypto.keys import BackupKey, prepare_password
from .errors import SiteRefused
from .owner import owner_public_key, sign_as_owner
from .ports import CryptoProvider
from .recovery_key import parse_digits, require_key_of_safe
from .site_client import SafeRow, SiteClient
from .vault_client import VaultClient

SAFE_ID_BYTES = 16


class Protector(StrEnum):
    """What gives K back."""

    DIGITS = "digits"
    VAULT = "vault"
    PASSKEY = "passkey"


@dataclass(slots=True)
class OpenSafe:
    """An unlocked safe. vault_head: the newest snapshot's head as the vault remembers it, None where it knows none;
    failures: wrong passwords since the last unlock; proved: the protectors that gave K while it was open here."""

    safe: bytes
    key: BackupKey
    vault_head: bytes | None
    failures: int = 0
    proved: set[Protector] = field(default_factory=set)


@dataclass(slots=True)
class NewSafe:
    """A safe being made. Its id is chosen here, so that making it again after an error is the same safe.
    digits_proved: the digits were typed or loaded from the person's copy."""

    safe: bytes
    key: BackupKey
    digits_proved: bool = False

    @classmethod
    def begin(cls, provider: CryptoProvider) -> "NewSafe":
        """A new K and id; nothing has left the browser."""
        return cls(provider.random_bytes(SAFE_ID_BYTES), BackupKey.generate(provider))


async def create_safe(
    provider: CryptoProvider, site: SiteClient, vault: VaultClient, account: bytes, new: NewSafe, password: str | None
) -> OpenSafe:
    """Makes the safe known to site and vault, and guards K with the password if one is given. May be repeated."""
    public = owner_public_key(provider, new.key)
    proof = sign_as_owner(
        provider,
        new.key,
        audience=Audience.SITE,
        action=Action.CREATE_SAFE,
        account=account,
        safe=new.safe,
        content=hashlib.sha256(public + new.key.key_check).digest(),
        nonce=await site.nonce(),
    )
    await site.create_safe(new.safe, public, new.key.key_check, proof)
    await vault.open_safe(new.safe, new.key)
    opened = OpenSafe(new.safe, new.key, None)
    if new.digits_proved:
        opened.proved.add(Protector.DIGITS)
    if password is not None:
        await set_first_password(vault, new.safe, new.key, password)
        opened.proved.add(Protector.VAULT)
    return opened


async def set_first_password(vault: VaultClient, safe: bytes, key: BackupKey, password: str) -> None:
    """Guards K with a password where none does. May be repeated."""
    try:
        await vault.register_password(safe, key, prepare_password(password))
    except SiteRefused as refused:
        if refused.code != ErrorCode.RECORD_ACTIVE:
            raise
        # An earlier attempt got through and only its reply was lost: the password itself proves that it did.
        await vault.login_with_password(safe, key.key_check, prepare_password(password))


async def unlock_with_key(vault: VaultClient, row: SafeRow, text: str) -> OpenSafe:
    """Typed or saved digits → the open safe.

    Raises KeyWrongLength, KeyBadLetter, KeyOfAnotherSafe, all before any request.
    """
    key = parse_digits(text)
    require_key_of_safe(key, row.key_check)
    return OpenSafe(row.safe, key, await remembered_head(vault, row.safe, key), proved={Protector.DIGITS})


async def remembered_head(vault: VaultClient, safe: bytes, key: BackupKey) -> bytes | None:
    """The head that the vault keeps for the safe, for whoever holds K; None where the vault does not know the safe."""
    try:
        return await vault.read_head(safe, key)
    except SiteRefused as refused:
        if refused.code == ErrorCode.SAFE_UNKNOWN:
            return None
        raise


async def unlock_with_password(vault: VaultClient, row: SafeRow, password: str) -> OpenSafe:
    """The password → the open safe, through the vault. Raises WrongPassword {guesses_left} and the vault's refusals."""
    unlocked = await vault.login_with_password(row.safe, row.key_check, prepare_password(password))
    return OpenSafe(row.safe, unlocked.key, unlocked.head, unlocked.failures, {Protector.VAULT})


async def delete_safe(
    provider: CryptoProvider, site: SiteClient, vault: VaultClient, account: bytes, opened: OpenSafe
) -> None:
    """The safe and all that opens it, at once and for good, as its owner. May be repeated after an error.

    The vault first: it takes tickets for a safe that the site still knows.
    """
    await end_records(vault, opened.safe, opened.key)
    proof = sign_as_owner(
        provider,
        opened.key,
        audience=Audience.SITE,
        action=Action.DELETE_SAFE,
        account=account,
        safe=opened.safe,
        content=hashlib.sha256(b"").digest(),
        nonce=await site.nonce(),
    )
    await site.delete_safe(opened.safe, proof)


async def standing(vault: VaultClient, safe: bytes) -> Status | None:
    """What the vault says of the safe's password; None: it never heard of the safe."""
    try:
        return await vault.status(safe)
    except SiteRefused as refused:
        if refused.code == ErrorCode.SAFE_UNKNOWN:
            return None
        raise


async def end_records(vault: VaultClient, safe: bytes, key: BackupKey) -> None:
    """Destroys the safe's record in the vault, and the one staged beside it, as their owner. May be repeated."""
    status = await standing(vault, safe)
    if status is None or status.record is None or status.version is None or status.state == "destroyed":
        return
    await vault.destroy(safe, key, status.record, status.version)
