"""What a safe goes through after its first backup, in steps."""

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.flows.backups.site_client import Browser, received, unframe
from vault.wire.owner_proof import Action
from webapp.server.backups.models import Chunk, Safe
from webapp.server.backups.services import collection, removals, trash
from webapp.server.backups.storage import current_store

DAY = timedelta(days=1)
Parts = list[tuple[bytes, bytes]]


def later(**delta: int) -> Any:
    return timezone.now() + timedelta(**delta)


def back_up(browser: Browser, parts: Parts) -> tuple[bytes, bytes]:
    """→ (snapshot id, head)"""
    browser.put(parts)
    safe = Safe.objects.get(safe_id=browser.safe)
    snapshot = secrets.token_bytes(16)
    reply, head = browser.commit(sorted(name for name, _ in parts), previous=safe.head, snapshot=snapshot)
    assert reply.status_code == 201, reply.content
    return snapshot, head


def put_into_trash(browser: Browser, snapshot: bytes, head: bytes | None) -> Any:
    proof = None if head is None else browser.proof(Action.DELETE_SNAPSHOT, head)
    return browser.post(browser.path(f"snapshots/{snapshot.hex()}/trash"), {"proof": proof})


def tidy(at: Any) -> None:
    """What the clock does in an hour."""
    trash.apply_rules(at)
    trash.purge_due(at)
    for safe in Safe.objects.all():
        collection.collect_safe(safe, current_store(), at)
    collection.collect_objects(current_store(), at)
    removals.sweep(current_store())


def readable(browser: Browser, parts: Parts) -> bool:
    reply = browser.octets("chunks/read", b"".join(name for name, _ in parts))
    return reply.status_code == 200 and unframe(received(reply)) == parts


def sums_agree() -> bool:
    for safe in Safe.objects.all():
        chunks = sum(Chunk.objects.filter(safe=safe).values_list("size", flat=True))
        lists = sum(row.manifest_bytes + 32 * row.chunk_count for row in safe.snapshots.all())
        if safe.stored_bytes != chunks + lists:
            return False
    return True
