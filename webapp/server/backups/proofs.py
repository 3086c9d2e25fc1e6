"""Owner proofs towards the site: checked before anything changes, spent together with the change.

A nonce is deleted in the transaction that makes the change, so a proof makes at most one change, and a commit that was
refused (a chunk lacking, say) can be sent again with the same proof: it still says exactly the same.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from vault.wire.owner_proof import NONCE_BYTES, Action, Audience, OwnerProof
from webapp.server import signing
from webapp.server.accounts.models import Account

from .errors import NonceSpent, ProofRefused, RateLimited
from .limits import LIVE_NONCES, NONCE_SECONDS
from .models import OwnerNonce

_NONCE_DOMAIN = b"coffer/v1/site-nonce"
LONGEST_UPLOAD = timedelta(hours=2)


def _digest(nonce: bytes) -> bytes:
    return hashlib.sha256(_NONCE_DOMAIN + nonce).digest()


def issue_nonce(account: Account) -> bytes:
    """32 fresh bytes, good for one change by this account within NONCE_SECONDS. Raises RateLimited."""
    now = timezone.now()
    if OwnerNonce.objects.filter(account=account, expires__gt=now).count() >= LIVE_NONCES:
        raise RateLimited(retry_after=NONCE_SECONDS)
    nonce = secrets.token_bytes(NONCE_BYTES)
    OwnerNonce.objects.create(
        account=account, nonce_sha256=_digest(nonce), expires=now + timedelta(seconds=NONCE_SECONDS)
    )
    return nonce


def require_live_nonce(account: Account, nonce: bytes, now: datetime) -> None:
    """Refuse early, before a long body is read. Raises NonceSpent."""
    if not _live(account, nonce, now).exists():
        raise NonceSpent


def spend_nonce(account: Account, nonce: bytes, asked: datetime) -> None:
    """Take the nonce away; call it inside the transaction of the change.

    `asked` is when the request began: a long upload over a slow line does not outlive its own proof. Raises NonceSpent
    for a nonce that is unknown, another account's, was too old then, or is spent: exactly one of several callers gets
    through.
    """
    spent, _ = _live(account, nonce, asked).delete()
    if spent != 1:
        raise NonceSpent


def _live(account: Account, nonce: bytes, at: datetime) -> QuerySet[OwnerNonce]:
    return OwnerNonce.objects.filter(account=account, nonce_sha256=_digest(nonce), expires__gt=at)


def clear_expired(now: datetime) -> int:
    """Remove nonces nobody can use any more, an upload still running included; → how many."""
    removed, _ = OwnerNonce.objects.filter(expires__lte=now - LONGEST_UPLOAD).delete()
    return removed


def verify_proof(
    *,
    owner_public_key: bytes,
    action: Action,
    account: Account,
    safe: bytes,
    content: bytes,
    nonce: bytes,
    signature: bytes,
) -> None:
    """The owner signed exactly this change, for the site. Raises ProofRefused."""
    statement = OwnerProof(
        audience=Audience.SITE,
        action=action,
        account=bytes(account.public_id),
        safe=safe,
        content=content,
        nonce=nonce,
    )
    try:
        signing.verify(owner_public_key, statement.message(), signature)
    except signing.SignatureInvalid as error:
        raise ProofRefused from error
