"""Keeping K's wraps under passkeys: added and removed by K's owner only, and never the only way in."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from vault.wire.owner_proof import Action
from webapp.server.accounts.models import Account

from .. import passkey_statement
from ..errors import PasskeyAlone, PasskeyExists, TooManyPasskeys
from ..limits import PASSKEYS
from ..models import Passkey, Safe
from ..passkey_statement import Beside
from ..proofs import spend_nonce, verify_proof


@dataclass(frozen=True, slots=True)
class Signed:
    """An owner proof as it came: nonce 32 bytes, signature 64; beside: the protector that stays, as the owner says."""

    nonce: bytes
    signature: bytes
    beside: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """passkey_id: 16 bytes, credential_id: 1 to 1,023, wrapped_key: 60."""

    passkey_id: bytes
    credential_id: bytes
    wrapped_key: bytes
    name: str


def _protector(beside: str) -> Beside:
    try:
        return Beside(beside)
    except ValueError:
        raise PasskeyAlone from None


def add_passkey(account: Account, safe: Safe, new: NewPasskey, signed: Signed) -> tuple[Passkey, bool]:
    """→ (passkey, whether it was added now); the same request again finds what it added.

    Raises PasskeyAlone, ProofRefused, NonceSpent, PasskeyExists, TooManyPasskeys.
    """
    beside = _protector(signed.beside)
    verify_proof(
        owner_public_key=safe.owner_public_key,
        action=Action.ADD_PASSKEY,
        account=account,
        safe=safe.safe_id,
        content=passkey_statement.added(new.passkey_id, new.credential_id, new.wrapped_key, new.name, beside),
        nonce=signed.nonce,
        signature=signed.signature,
    )
    with transaction.atomic():
        # The safe's row is the lock under which its passkeys are compared and counted.
        Safe.objects.select_for_update().get(pk=safe.pk)
        existing = _same(safe, new)
        if existing:
            return existing, False
        if safe.passkeys.count() >= PASSKEYS:
            raise TooManyPasskeys
        spend_nonce(account, signed.nonce, timezone.now())
        passkey = Passkey.objects.create(
            safe=safe,
            passkey_id=new.passkey_id,
            credential_id=new.credential_id,
            wrapped_key=new.wrapped_key,
            name=new.name,
            beside=beside,
        )
    return passkey, True


def _same(safe: Safe, new: NewPasskey) -> Passkey | None:
    """The passkey this request describes, if it is there. Raises PasskeyExists when its id or credential is taken."""
    for passkey in safe.passkeys.all():
        credential_id = bytes(passkey.credential_id)
        if (passkey.passkey_id, credential_id, passkey.wrapped_key) == (
            new.passkey_id,
            new.credential_id,
            new.wrapped_key,
        ):
            return passkey
        if passkey.passkey_id == new.passkey_id or credential_id == new.credential_id:
            raise PasskeyExists
    return None


def note_use(passkey: Passkey) -> None:
    """Remembers that it opened the safe just now, as its page says."""
    passkey.last_used = timezone.now()
    passkey.save(update_fields=["last_used"])


def remove_passkey(account: Account, safe: Safe, passkey: Passkey, signed: Signed) -> None:
    """Deletes the wrap for good. Raises PasskeyAlone, ProofRefused, NonceSpent."""
    verify_proof(
        owner_public_key=safe.owner_public_key,
        action=Action.REMOVE_PASSKEY,
        account=account,
        safe=safe.safe_id,
        content=passkey_statement.removed(passkey.passkey_id, _protector(signed.beside)),
        nonce=signed.nonce,
        signature=signed.signature,
    )
    with transaction.atomic():
        spend_nonce(account, signed.nonce, timezone.now())
        passkey.delete()
