"""The trash and keep-rules: a week to change one's mind, a signature for the short way."""

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.flows.backups.later_life import DAY, back_up, later, put_into_trash, readable, sums_agree, tidy
from tests.flows.backups.site_client import Browser, chunk, code, stored_files
from vault.wire.owner_proof import Action
from webapp.server.backups.keeping import Rule
from webapp.server.backups.models import Chunk, Removal, Snapshot
from webapp.server.notices.models import Mail


def test_a_signed_deletion_waits_a_week_and_can_be_undone(browser: Browser) -> None:
    snapshot, head = back_up(browser, [chunk()])
    back_up(browser, [chunk()])
    reply = put_into_trash(browser, snapshot, head)
    assert reply.status_code == 200
    row = Snapshot.objects.get(snapshot_id=snapshot)
    assert row.purge_after - row.trashed == 7 * DAY
    tidy(later(days=6))
    undone = browser.post(browser.path(f"snapshots/{snapshot.hex()}/untrash"), {})
    assert undone.json() == {"trashed": None, "purge_after": None}
    tidy(later(days=60))
    assert Snapshot.objects.filter(snapshot_id=snapshot).exists()


def test_an_unsigned_deletion_waits_thirty_days_and_is_told_by_mail(browser: Browser) -> None:
    snapshot, _ = back_up(browser, [chunk()])
    back_up(browser, [chunk()])
    assert put_into_trash(browser, snapshot, None).status_code == 200
    row = Snapshot.objects.get(snapshot_id=snapshot)
    assert row.purge_after - row.trashed == 30 * DAY
    assert [mail.recipients for mail in Mail.objects.all()] == [["owner@example.org"]]
    # A signature afterwards does not shorten the wait: it is in the trash already.
    put_into_trash(browser, snapshot, row.head)
    assert Snapshot.objects.get(snapshot_id=snapshot).purge_after == row.purge_after


def test_a_signature_over_another_backup_deletes_nothing(browser: Browser) -> None:
    first, _ = back_up(browser, [chunk()])
    _, other = back_up(browser, [chunk()])
    assert code(put_into_trash(browser, first, other)) == "proof_refused"
    assert not Snapshot.objects.exclude(trashed=None).exists()


def test_the_newest_backup_stays(browser: Browser) -> None:
    snapshot, head = back_up(browser, [chunk()])
    assert code(put_into_trash(browser, snapshot, head)) == "newest_snapshot"


def test_after_the_wait_only_what_others_need_is_left(browser: Browser, store: Path) -> None:
    shared, old, new = chunk(10), chunk(20), chunk(30)
    snapshot, head = back_up(browser, [shared, old])
    back_up(browser, [shared, new])
    put_into_trash(browser, snapshot, head)
    tidy(later(days=8))
    assert not Snapshot.objects.filter(snapshot_id=snapshot).exists()
    assert readable(browser, [shared, new])
    assert not Chunk.objects.filter(chunk_id=old[0]).exists()
    assert len(stored_files(store)) == 4  # two chunks, a manifest, a list
    assert sums_agree()
    assert not Removal.objects.exists()


def set_rule(browser: Browser, rule: Rule | None, signed: Rule | None = None) -> Any:
    signed = signed or rule
    proof = browser.proof(Action.SET_KEEP_RULE, hashlib.sha256(signed.encoded() if signed else b"").digest())
    numbers = rule and {"last": rule.last, "daily": rule.daily, "weekly": rule.weekly, "monthly": rule.monthly}
    body = json.dumps({"rule": numbers, "proof": proof})
    return browser.client.put(browser.path("keep"), body, content_type="application/json")


def test_a_keep_rule_works_at_once_and_from_then_on(browser: Browser) -> None:
    made = [back_up(browser, [chunk()])[0] for _ in range(4)]
    reply = set_rule(browser, Rule(2, 0, 0, 0))
    assert reply.json() == {"keep": {"last": 2, "daily": 0, "weekly": 0, "monthly": 0}, "trashed": 2}
    gone = {bytes(row.snapshot_id) for row in Snapshot.objects.exclude(trashed=None)}
    assert gone == set(made[:2])
    back_up(browser, [chunk()])
    tidy(later(hours=1))
    assert Snapshot.objects.exclude(trashed=None).count() == 3
    assert set_rule(browser, None).json() == {"keep": None, "trashed": 0}
    assert Snapshot.objects.exclude(trashed=None).count() == 3


def test_a_keep_rule_needs_a_signature_over_its_numbers(browser: Browser) -> None:
    back_up(browser, [chunk()])
    assert code(set_rule(browser, Rule(1, 0, 0, 0), signed=Rule(9, 0, 0, 0))) == "proof_refused"
    assert browser.client.get("/api/v1/safes").json()[0]["keep"] is None
