"""The routes of a backup's later life: trash, keep-rules, staying (docs/api.md, "Later")."""

from typing import Any

from django.utils import timezone
from ninja import Router

from . import selectors
from .entrance import AccountRequest
from .errors import InvalidRequest
from .keeping import Rule
from .models import Safe, Snapshot
from .services import expiry, trash
from .wire_types import Id, KeepBody, KeepNumbers, PreviewBody, TrashBody, iso_time

router = Router()


def trash_state(snapshot: Snapshot) -> dict[str, Any]:
    """When it went into the trash and when it is deleted; null for one that is not there."""
    return {"trashed": iso_time(snapshot.trashed), "purge_after": iso_time(snapshot.purge_after)}


def keep_rule(safe: Safe) -> dict[str, int] | None:
    """The safe's keep-rule, null where all snapshots stay."""
    rule = trash.rule_of(safe)
    if rule is None:
        return None
    return {"last": rule.last, "daily": rule.daily, "weekly": rule.weekly, "monthly": rule.monthly}


@router.post("safes/{safe}/snapshots/{snapshot}/trash")
def trash_snapshot(request: AccountRequest, safe: Id, snapshot: Id, body: TrashBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Into the trash: 7 days with the owner's proof, 30 days and a mail without."""
    own = selectors.own_safe(request.auth, safe)
    proof = None if body.proof is None else (body.proof.nonce, body.proof.signature)
    return trash_state(trash.trash_snapshot(request.auth, own, selectors.own_snapshot(own, snapshot), proof))


@router.post("safes/{safe}/snapshots/{snapshot}/untrash")
def untrash_snapshot(request: AccountRequest, safe: Id, snapshot: Id) -> dict[str, Any]:  # type: ignore[valid-type]
    """Out of the trash."""
    own = selectors.own_safe(request.auth, safe)
    found = selectors.own_snapshot(own, snapshot)
    trash.take_out(found)
    found.refresh_from_db()
    return trash_state(found)


def _rule(numbers: KeepNumbers | None) -> Rule | None:
    """Raises InvalidRequest for numbers that make no rule."""
    try:
        return None if numbers is None else Rule(**numbers.model_dump())
    except ValueError:
        raise InvalidRequest({"fields": ["rule"]}) from None


@router.put("safes/{safe}/keep")
def set_keep_rule(request: AccountRequest, safe: Id, body: KeepBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """The keep-rule from now on; `trashed` says how many snapshots it put into the trash at once."""
    own = selectors.own_safe(request.auth, safe)
    rule = _rule(body.rule)
    trashed = trash.set_rule(request.auth, own, rule, body.proof.nonce, body.proof.signature)
    return {"keep": keep_rule(own), "trashed": trashed}


@router.post("safes/{safe}/keep/preview")
def preview_keep_rule(request: AccountRequest, safe: Id, body: PreviewBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Which snapshots a rule would put into the trash now; nothing is changed."""
    own = selectors.own_safe(request.auth, safe)
    rule = _rule(body.rule)
    leaving = [] if rule is None else trash.leaving(own, rule)
    return {"leaving": [snapshot.snapshot_id.hex() for snapshot in leaving]}


@router.post("safes/{safe}/touch")
def touch(request: AccountRequest, safe: Id) -> dict[str, Any]:  # type: ignore[valid-type]
    """This safe is in use: its backups stay."""
    own = selectors.own_safe(request.auth, safe)
    expiry.touch(own, timezone.now())
    own.refresh_from_db()
    return {"expires": iso_time(expiry.expires(own))}
