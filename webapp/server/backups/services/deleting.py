"""The end of a safe: at once with its owner's signature, or through a trash of 30 days without it.

A deleted safe is gone for everybody in the moment its row says so. Its chunks and snapshots are removed afterwards, a
batch at a time, the objects noted in the transaction that takes their rows away: whatever dies on the way, the next
sweep goes on with it.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from vault.wire.owner_proof import Action
from webapp.server.accounts.models import Account
from webapp.server.notices.events import mail_account

from ..models import Chunk, Safe
from ..proofs import spend_nonce, verify_proof
from ..storage import Store
from ..storage.names import chunk_name, snapshot_names
from . import removals

TRASH = timedelta(days=30)
BATCH = 500
_NOTHING = hashlib.sha256(b"").digest()


def trash_safe(account: Account, safe: Safe) -> Safe:
    """Into the trash, told by mail; → the safe. Doing it again changes nothing."""
    now = timezone.now()
    with transaction.atomic():
        if Safe.objects.filter(pk=safe.pk, trashed=None, purge_after=None).update(trashed=now, purge_after=now + TRASH):
            mail_account(account, "safe_trashed", {"made": safe.created, "purge_after": now + TRASH})
    safe.refresh_from_db()
    return safe


def take_out(safe: Safe) -> None:
    """Out of the trash; doing it again changes nothing."""
    Safe.objects.filter(pk=safe.pk, purge_after__gt=timezone.now()).update(trashed=None, purge_after=None)


def delete_safe(account: Account, safe: Safe, nonce: bytes, signature: bytes) -> None:
    """Gone from now on, told by mail. Raises ProofRefused, NonceSpent."""
    asked = timezone.now()
    verify_proof(
        owner_public_key=safe.owner_public_key,
        action=Action.DELETE_SAFE,
        account=account,
        safe=safe.safe_id,
        content=_NOTHING,
        nonce=nonce,
        signature=signature,
    )
    with transaction.atomic():
        spend_nonce(account, nonce, asked)
        Safe.objects.filter(pk=safe.pk).update(trashed=asked, purge_after=asked)
        safe.passkeys.all().delete()
        mail_account(account, "safe_deleted", {"made": safe.created})


def purge_due(store: Store, now: datetime, batches: int = 200) -> int:
    """Remove what deleted safes stored; → how many safes are wholly gone. At most `batches` of 500 objects a run."""
    purged = 0
    for safe in Safe.objects.filter(purge_after__lte=now).order_by("purge_after"):
        while _purge_batch(safe, store):
            batches -= 1
            if batches <= 0:
                return purged
        purged += _end(safe)
    return purged


def _purge_batch(safe: Safe, store: Store) -> bool:
    """Snapshots first, so that no list ever names a chunk that is gone; → whether there may be more."""
    snapshots = list(safe.snapshots.all()[:BATCH])
    chunks = [] if snapshots else list(Chunk.objects.filter(safe=safe)[:BATCH])
    with transaction.atomic():
        Safe.objects.select_for_update().get(pk=safe.pk)
        safe.snapshots.filter(pk__in=[snapshot.pk for snapshot in snapshots]).delete()
        Chunk.objects.filter(pk__in=[chunk.pk for chunk in chunks]).delete()
        for row in snapshots:
            removals.note(safe, snapshot_names(safe.safe_id, row.snapshot_id, row.head))
        removals.note(safe, (chunk_name(safe.safe_id, chunk.chunk_id, chunk.sha256) for chunk in chunks))
        Safe.objects.filter(pk=safe.pk).update(removals=F("removals") + 1, head=None, stored_bytes=0)
    removals.sweep(store)
    return bool(snapshots or chunks)


def _end(safe: Safe) -> int:
    """The row itself, and the mail where 30 days are over. A late upload may have added a chunk: next time."""
    with transaction.atomic():
        row = Safe.objects.select_for_update().filter(pk=safe.pk).first()
        if row is None or row.snapshots.exists() or Chunk.objects.filter(safe=row).exists():
            return 0
        if row.trashed != row.purge_after:
            mail_account(row.account, "safe_purged", {"made": row.created})
        row.delete()
    return 1
