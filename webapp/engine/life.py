"""What an owner decides about snapshots that are there: trash, keep-rules; signed, as they take something away."""

import hashlib

from vault.wire.owner_proof import Action

from .owner import Owner, sign_as_owner
from .ports import CryptoProvider
from .site_client import SiteClient, SnapshotRow
from .site_life import KeepRule, Proof


async def _signed(provider: CryptoProvider, site: SiteClient, owner: Owner, action: Action, content: bytes) -> Proof:
    return sign_as_owner(
        provider,
        owner.key,
        audience=site.audience,
        action=action,
        account=owner.account,
        safe=owner.safe,
        content=content,
        nonce=await site.nonce(),
    )


async def trash_snapshot(provider: CryptoProvider, site: SiteClient, owner: Owner, row: SnapshotRow) -> str:
    """Into the trash for 7 days; → when it will be deleted (ISO 8601). Raises SiteRefused newest_snapshot."""
    proof = await _signed(provider, site, owner, Action.DELETE_SNAPSHOT, row.head)
    return await site.trash_snapshot(owner.safe, row.snapshot, proof)


async def set_keep(provider: CryptoProvider, site: SiteClient, owner: Owner, rule: KeepRule | None) -> int:
    """The rule from now on, None to keep everything; → how many snapshots went into the trash at once."""
    digest = hashlib.sha256(rule.encoded() if rule else b"").digest()
    proof = await _signed(provider, site, owner, Action.SET_KEEP_RULE, digest)
    return await site.set_keep(owner.safe, rule, proof)
