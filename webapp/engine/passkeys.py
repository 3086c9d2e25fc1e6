"""Passkeys as a way into a safe: added beside another protector, opening it without a guess, removed (docs/format.md).

A passkey is never the only protector. So adding and removing both need another one *proved*: the digits or the password
gave K while the safe was open here. Whoever came in by a passkey types one of them first.
"""

import hmac

from vault.wire.owner_proof import Action, Audience

from .crypto.keys import prepare_password
from .crypto.secret import Secret
from .errors import KeyOfAnotherSafe, NetworkDown, PasskeyAlone, PasskeyDoesNotOpen, SiteRefused
from .format import passkey as wire
from .owner import sign_as_owner
from .ports import CryptoProvider
from .recovery_key import parse_digits
from .safes import OpenSafe, Protector, remembered_head
from .site_client import PasskeyRow, SafeRow, SiteClient
from .site_life import Proof
from .vault_client import VaultClient

GONE = "passkey_not_found"


async def proved_beside(vault: VaultClient, opened: OpenSafe) -> Protector | None:
    """The protector that can stand beside a passkey: the digits, or a password that the vault still guards."""
    if Protector.DIGITS in opened.proved:
        return Protector.DIGITS
    if Protector.VAULT in opened.proved:
        # Guesses of somebody else may have destroyed it since.
        if (await vault.status(opened.safe)).state == "active":
            return Protector.VAULT
        opened.proved.discard(Protector.VAULT)
    return None


def prove_digits(opened: OpenSafe, text: str) -> None:
    """The digits as typed or saved are K's. Raises KeyWrongLength, KeyBadLetter, KeyOfAnotherSafe."""
    if parse_digits(text).secret != opened.key.secret:
        raise KeyOfAnotherSafe
    opened.proved.add(Protector.DIGITS)


async def prove_password(vault: VaultClient, opened: OpenSafe, password: str) -> None:
    """The password gives K, by a full login that counts as any other. Raises WrongPassword and the vault's refusals."""
    unlocked = await vault.login_with_password(opened.safe, opened.key.key_check, prepare_password(password))
    if unlocked.key.secret != opened.key.secret:
        raise KeyOfAnotherSafe
    opened.proved.add(Protector.VAULT)


async def add_passkey(
    provider: CryptoProvider,
    site: SiteClient,
    vault: VaultClient,
    account: bytes,
    opened: OpenSafe,
    name: str,
    credential: bytes,
    prf: Secret,
) -> bytes:
    """Wraps K under what the passkey gave → the new passkey's id (16 bytes).

    Raises PasskeyAlone, and SiteRefused with the codes passkey_exists and too_many_passkeys.
    """
    beside = await proved_beside(vault, opened)
    if beside is None:
        raise PasskeyAlone
    passkey = provider.random_bytes(wire.PASSKEY_ID_BYTES)
    wrapped = await wire.wrap(provider, prf, opened.key, account=account, safe=opened.safe, credential=credential)
    content = wire.added(passkey, credential, wrapped, name, beside)
    proof = await _proof(provider, site, account, opened, Action.ADD_PASSKEY, content)
    await site.add_passkey(opened.safe, passkey, credential, wrapped, name, beside, proof)
    return passkey


async def remove_passkey(
    provider: CryptoProvider, site: SiteClient, vault: VaultClient, account: bytes, opened: OpenSafe, passkey: bytes
) -> None:
    """Removes the wrap for good; one that is gone already is fine. Raises PasskeyAlone."""
    beside = await proved_beside(vault, opened)
    if beside is None:
        raise PasskeyAlone
    content = wire.removed(passkey, beside)
    proof = await _proof(provider, site, account, opened, Action.REMOVE_PASSKEY, content)
    try:
        await site.remove_passkey(opened.safe, passkey, beside, proof)
    except SiteRefused as refused:
        if refused.code != GONE:
            raise


async def unlock_with_passkey(
    provider: CryptoProvider,
    site: SiteClient,
    vault: VaultClient,
    account: bytes,
    row: SafeRow,
    credential: bytes,
    prf: Secret,
) -> OpenSafe:
    """What the passkey gave → the open safe. The vault is asked for the safe's head, and for no guess.

    Raises PasskeyDoesNotOpen.
    """
    kept = next((each for each in await site.passkeys(row.safe) if _same(each, credential)), None)
    if kept is None:
        raise PasskeyDoesNotOpen
    key = await wire.unwrap(
        provider,
        prf,
        kept.wrapped_key,
        account=account,
        safe=row.safe,
        credential=credential,
        key_check=row.key_check,
    )
    opened = OpenSafe(row.safe, key, await remembered_head(vault, row.safe, key), proved={Protector.PASSKEY})
    try:
        await site.note_passkey_use(row.safe, kept.passkey)
    except (NetworkDown, SiteRefused):
        # Only the date in the list would be older than it is: no reason to keep the safe closed.
        pass
    return opened


def _same(row: PasskeyRow, credential: bytes) -> bool:
    return hmac.compare_digest(row.credential, credential)


async def _proof(
    provider: CryptoProvider, site: SiteClient, account: bytes, opened: OpenSafe, action: Action, content: bytes
) -> Proof:
    return sign_as_owner(
        provider,
        opened.key,
        audience=Audience.SITE,
        action=action,
        account=account,
        safe=opened.safe,
        content=content,
        nonce=await site.nonce(),
    )
