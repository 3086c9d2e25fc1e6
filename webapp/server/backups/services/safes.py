"""Making a safe."""

import hashlib
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from vault.wire.owner_proof import Action
from webapp.server.accounts.models import Account

from ..errors import SafeExists, TooManySafes
from ..limits import SAFES
from ..models import Safe
from ..proofs import spend_nonce, verify_proof
from ..selectors import living


@dataclass(frozen=True, slots=True)
class NewSafe:
    """safe_id, key_check: 16 bytes, owner_public_key: 32 bytes (Ed25519), nonce: 32, signature: 64."""

    safe_id: bytes
    owner_public_key: bytes
    key_check: bytes
    nonce: bytes
    signature: bytes


def create_safe(account: Account, new: NewSafe) -> tuple[Safe, bool]:
    """→ (safe, whether it was made now); the same request again finds the safe it made.

    Raises ProofRefused, NonceSpent, SafeExists, TooManySafes.
    """
    verify_proof(
        owner_public_key=new.owner_public_key,
        action=Action.CREATE_SAFE,
        account=account,
        safe=new.safe_id,
        content=hashlib.sha256(new.owner_public_key + new.key_check).digest(),
        nonce=new.nonce,
        signature=new.signature,
    )
    existing = _same_safe(account, new)
    if existing:
        return existing, False
    try:
        with transaction.atomic():
            # The account's row is the lock under which its safes are counted.
            Account.objects.select_for_update().get(pk=account.pk)
            if living().filter(account=account).count() >= SAFES:
                raise TooManySafes
            spend_nonce(account, new.nonce, timezone.now())
            safe = Safe.objects.create(
                account=account,
                safe_id=new.safe_id,
                owner_public_key=new.owner_public_key,
                key_check=new.key_check,
            )
    except (IntegrityError, TooManySafes):
        # Its own twin, sent twice at once, may have been first.
        existing = _same_safe(account, new)
        if existing:
            return existing, False
        raise
    return safe, True


def _same_safe(account: Account, new: NewSafe) -> Safe | None:
    """The safe this request describes, if it is there. Raises SafeExists when the id has other keys or owner."""
    safe = Safe.objects.filter(safe_id=new.safe_id).first()
    if safe is None:
        return None
    same = (safe.account_id, safe.owner_public_key, safe.key_check)
    if same != (account.pk, new.owner_public_key, new.key_check):
        raise SafeExists
    return safe
