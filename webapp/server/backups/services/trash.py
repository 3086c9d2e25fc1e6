"""Snapshots on their way out: 7 days in the trash with the owner's signature, 30 days and a mail without it.

The newest snapshot of a safe stays: the vault remembers its head, and a person who restores expects it.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from vault.wire.owner_proof import Action
from webapp.server.accounts.models import Account
from webapp.server.notices.events import mail_account

from ..errors import NewestSnapshot
from ..framing import ID_BYTES
from ..keeping import Rule, kept
from ..models import KeepRule, Safe, Snapshot
from ..proofs import spend_nonce, verify_proof
from ..storage.names import snapshot_names
from . import removals

SIGNED = timedelta(days=7)
UNSIGNED = timedelta(days=30)
BATCH = 200


def trash_snapshot(account: Account, safe: Safe, snapshot: Snapshot, proof: tuple[bytes, bytes] | None) -> Snapshot:
    """proof: (nonce 32 bytes, signature 64 bytes) over the snapshot's head, or None. Again, it changes nothing.

    Raises NewestSnapshot, ProofRefused, NonceSpent.
    """
    asked = timezone.now()
    if proof is not None:
        verify_proof(
            owner_public_key=safe.owner_public_key,
            action=Action.DELETE_SNAPSHOT,
            account=account,
            safe=safe.safe_id,
            content=snapshot.head,
            nonce=proof[0],
            signature=proof[1],
        )
    with transaction.atomic():
        current = Safe.objects.select_for_update().get(pk=safe.pk)
        if current.head == snapshot.head:
            raise NewestSnapshot
        if proof is not None:
            spend_nonce(account, proof[0], asked)
        wait = SIGNED if proof is not None else UNSIGNED
        here = Snapshot.objects.filter(pk=snapshot.pk, trashed=None)
        if here.update(trashed=asked, purge_after=asked + wait) and proof is None:
            mail_account(account, "snapshot_trashed", {"made": snapshot.created, "purge_after": asked + wait})
    snapshot.refresh_from_db()
    return snapshot


def take_out(snapshot: Snapshot) -> None:
    """Out of the trash; again, it changes nothing."""
    Snapshot.objects.filter(pk=snapshot.pk, purge_after__gt=timezone.now()).update(trashed=None, purge_after=None)


def set_rule(account: Account, safe: Safe, rule: Rule | None, nonce: bytes, signature: bytes) -> int:
    """The rule from now on (None: keep all), signed by the safe's owner; → how many snapshots went into the trash.

    Raises ProofRefused, NonceSpent.
    """
    asked = timezone.now()
    verify_proof(
        owner_public_key=safe.owner_public_key,
        action=Action.SET_KEEP_RULE,
        account=account,
        safe=safe.safe_id,
        content=hashlib.sha256(rule.encoded() if rule else b"").digest(),
        nonce=nonce,
        signature=signature,
    )
    with transaction.atomic():
        spend_nonce(account, nonce, asked)
        if rule is None:
            KeepRule.objects.filter(safe=safe).delete()
            return 0
        values = {"last": rule.last, "daily": rule.daily, "weekly": rule.weekly, "monthly": rule.monthly}
        KeepRule.objects.update_or_create(safe=safe, defaults=values)
    return apply_rule(safe, asked)


def rule_of(safe: Safe) -> Rule | None:
    """The safe's rule, None where it keeps all."""
    row = KeepRule.objects.filter(safe=safe).first()
    return None if row is None else Rule(row.last, row.daily, row.weekly, row.monthly)


def leaving(safe: Safe, rule: Rule) -> list[Snapshot]:
    """What a rule would put into the trash now."""
    snapshots = list(safe.snapshots.filter(trashed=None).order_by("created", "pk"))
    stay = kept([snapshot.created for snapshot in snapshots], rule)
    return [snapshot for at, snapshot in enumerate(snapshots) if at not in stay and snapshot.head != safe.head]


def apply_rule(safe: Safe, now: datetime) -> int:
    """Snapshots that the safe's rule does not keep, into the trash for 7 days; → how many."""
    with transaction.atomic():
        current = Safe.objects.select_for_update().get(pk=safe.pk)
        rule = rule_of(current)
        if rule is None:
            return 0
        keys = [snapshot.pk for snapshot in leaving(current, rule)]
        return Snapshot.objects.filter(pk__in=keys).update(trashed=now, purge_after=now + SIGNED)


def apply_rules(now: datetime) -> int:
    """Every safe's rule; → how many snapshots went into the trash."""
    return sum(apply_rule(row.safe, now) for row in KeepRule.objects.select_related("safe").iterator())


def purge_due(now: datetime) -> int:
    """Snapshots whose time in the trash is over; → how many. Their chunks go with the next collection."""
    purged = 0
    for snapshot in Snapshot.objects.filter(purge_after__lte=now).select_related("safe")[:BATCH].iterator():
        safe = snapshot.safe
        size = snapshot.manifest_bytes + snapshot.chunk_count * ID_BYTES
        with transaction.atomic():
            Safe.objects.select_for_update().get(pk=safe.pk)
            gone, _ = Snapshot.objects.filter(pk=snapshot.pk, purge_after__lte=now).delete()
            if gone:
                removals.note(safe, snapshot_names(safe.safe_id, snapshot.snapshot_id, snapshot.head))
                Safe.objects.filter(pk=safe.pk).update(stored_bytes=F("stored_bytes") - size)
        purged += bool(gone)
    return purged
