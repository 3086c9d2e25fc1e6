"""Trash, keep-rules, collection, scrubbing, expiry: nothing that counts is ever lost, and nothing else stays."""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.flows.backups.site_client import Browser, chunk, code, received, stored_files, unframe
from vault.wire.owner_proof import Action
from webapp.server.backups.keeping import Rule
from webapp.server.backups.models import Chunk, Quota, Removal, Safe, Snapshot
from webapp.server.backups.services import collection, expiry, removals, scrubbing, trash
from webapp.server.backups.storage import current_store
from webapp.server.backups.storage.local import LocalStore
from webapp.server.notices.models import Mail

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


# --- trash -----------------------------------------------------------------------------------------------------------


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


# --- keep-rules ------------------------------------------------------------------------------------------------------


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


# --- collection ------------------------------------------------------------------------------------------------------


def test_chunks_of_a_backup_on_its_way_are_left_alone(browser: Browser) -> None:
    parts = sorted([chunk(), chunk()])
    browser.put(parts)
    tidy(later(hours=47))
    assert readable(browser, parts)
    tidy(later(hours=49))
    assert not Chunk.objects.exists()


def test_a_commit_that_counted_on_a_collected_chunk_is_refused_and_can_send_it_again(browser: Browser) -> None:
    part = chunk()
    browser.put([part])
    body, _ = browser.commit_body([part[0]])
    tidy(later(hours=49))
    assert code(browser.octets("snapshots", body)) == "chunks_missing"
    browser.put([part])
    assert browser.octets("snapshots", body).status_code == 201
    tidy(later(days=9))
    assert readable(browser, [part])


def interleavings() -> list[str]:
    return ["before", "between lists and rows", "between rows and objects", "while deleting"]


@pytest.mark.parametrize("moment", interleavings())
def test_a_backup_that_comes_in_at_any_moment_of_a_collection_stays_whole(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The same chunk, with the very same bytes, is sent and committed while its old copy is being collected."""
    part = chunk()
    browser.put([part])
    at = later(hours=49)
    committed: list[bool] = []

    def come_in() -> None:
        if committed:
            return
        committed.append(True)
        sent = browser.put([part])
        if sent.status_code == 503:
            assert code(sent) == "store_busy"
            return
        reply, _ = browser.commit([part[0]])
        assert reply.status_code in (201, 409)

    def before(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            come_in()
            return function(*arguments)

        return run

    if moment == "before":
        come_in()
    elif moment == "between lists and rows":
        monkeypatch.setattr(collection, "_take_away", before(collection._take_away))
    elif moment == "between rows and objects":
        monkeypatch.setattr(removals, "_take_portion", before(removals._take_portion))
    else:
        take = removals._take_portion

        def then_come_in() -> list[str]:
            names = take()
            come_in()
            return names

        monkeypatch.setattr(removals, "_take_portion", then_come_in)
    tidy(at)
    assert committed
    if Snapshot.objects.exists():
        assert readable(browser, [part])
    else:
        browser.put([part])
        reply, _ = browser.commit([part[0]])
        assert reply.status_code == 201
        assert readable(browser, [part])
    tidy(later(hours=50))
    assert readable(browser, [part])
    assert sums_agree()


@pytest.mark.parametrize("step", ["_take_away", "note", "delete"])
def test_a_collection_that_dies_anywhere_is_finished_by_the_next(
    browser: Browser, store: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    kept, lost = chunk(), chunk()
    back_up(browser, [kept])
    browser.put([lost])

    def die(*arguments: Any) -> None:
        raise KeyboardInterrupt

    target = {"_take_away": collection, "note": removals, "delete": LocalStore}[step]
    with monkeypatch.context() as broken:
        broken.setattr(target, step, die)
        with pytest.raises(KeyboardInterrupt):
            tidy(later(hours=49))
    tidy(later(hours=49))
    assert readable(browser, [kept])
    assert len(stored_files(store)) == 3
    assert sums_agree()


def test_objects_without_a_row_go_once_no_upload_can_want_them(browser: Browser, store: Path) -> None:
    back_up(browser, [chunk()])
    whole = stored_files(store)
    name, sealed = chunk()
    stray = store / f"{browser.safe.hex()}/chunks/00/{name.hex()}.{hashlib.sha256(sealed).hexdigest()}"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(sealed)
    elsewhere = store / f"{bytes(16).hex()}/chunks/00/{name.hex()}.{hashlib.sha256(sealed).hexdigest()}"
    elsewhere.parent.mkdir(parents=True)
    elsewhere.write_bytes(sealed)
    (store / "notes.txt").write_text("not ours")
    tidy(later(hours=47))
    assert len(stored_files(store)) == len(whole) + 3
    tidy(later(hours=49))
    assert stored_files(store) == sorted([*whole, "notes.txt"])


def test_a_list_that_cannot_be_read_stops_the_collection(browser: Browser, store: Path) -> None:
    part, other = chunk(), chunk()
    back_up(browser, [part])
    browser.put([other])
    next(store.rglob("*.ids")).unlink()
    tidy(later(hours=49))
    assert Chunk.objects.count() == 2


def test_another_safes_chunks_are_not_touched(browser: Browser, stranger: Browser) -> None:
    part = chunk()
    back_up(stranger, [part])
    browser.put([(part[0], b"same name, other safe")])
    tidy(later(hours=49))
    assert readable(stranger, [part])
    assert Chunk.objects.count() == 1


# --- scrubbing -------------------------------------------------------------------------------------------------------


def test_rot_is_found_and_the_next_upload_replaces_it(browser: Browser, store: Path) -> None:
    good, bad = chunk(), chunk()
    back_up(browser, [good, bad])
    path = next(store.rglob(f"{bad[0].hex()}.*"))
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    done = scrubbing.scrub(current_store(), later(days=31))
    assert (done.chunks, done.damaged) == (2, 1)
    assert scrubbing.scrub(current_store(), later(days=31)).chunks == 0
    again = (bad[0], b"sealed anew")
    assert browser.put([again]).content == hashlib.sha256(again[1]).digest()
    assert readable(browser, [again])
    tidy(later(days=40))
    assert not path.exists()
    assert sums_agree()


def test_a_scrub_reads_a_bounded_amount_and_goes_on_next_time(browser: Browser) -> None:
    back_up(browser, [chunk(1000) for _ in range(5)])
    at = later(days=31)
    assert [scrubbing.scrub(current_store(), at, run_bytes=2000).chunks for _ in range(4)] == [2, 2, 1, 0]


# --- expiry ----------------------------------------------------------------------------------------------------------


def test_a_year_of_silence_is_told_three_times_and_then_it_goes_into_the_trash(browser: Browser) -> None:
    back_up(browser, [chunk()])
    told = []
    for day in range(300, 372):
        warned, trashed = expiry.warn_and_expire(later(days=day))
        told += [day] * warned
        if trashed:
            break
    assert told == [335, 358, 364]
    assert day == 365
    safe = Safe.objects.get()
    assert safe.purge_after - safe.trashed == 30 * DAY


def test_a_worker_that_slept_warns_before_anything_expires(browser: Browser) -> None:
    back_up(browser, [chunk()])
    assert expiry.warn_and_expire(later(days=500)) == (1, 0)
    assert expiry.warn_and_expire(later(days=500, hours=23)) == (0, 0)
    assert expiry.warn_and_expire(later(days=501)) == (0, 1)


def test_using_the_safe_or_saying_so_keeps_it(browser: Browser) -> None:
    back_up(browser, [chunk()])
    expiry.warn_and_expire(later(days=340))
    expiry.touch(Safe.objects.get(), later(days=341))
    assert expiry.warn_and_expire(later(days=366)) == (0, 0)
    assert Safe.objects.get().warned_days is None
    reply = browser.post(browser.path("touch"), {})
    assert reply.json()["expires"] is not None


def test_one_click_in_the_mail_keeps_it(browser: Browser, client: Any) -> None:
    back_up(browser, [chunk()])
    expiry.warn_and_expire(later(days=340))
    mail = Mail.objects.latest("pk")
    link = next(word for word in mail.text.split() if "/keep/" in word)
    path, token = "/" + link.split("/", 3)[3], link.partition("?t=")[2]
    assert client.get(path).status_code == 200
    assert Safe.objects.get().warned_days == 30
    assert client.post("/keep/", {"t": token}).status_code == 200
    assert Safe.objects.get().warned_days is None
    assert client.post("/keep/", {"t": "of nobody"}).status_code == 404


def test_an_empty_safe_and_a_site_without_expiry_tell_nobody(browser: Browser, settings: Any) -> None:
    assert expiry.warn_and_expire(later(days=400)) == (0, 0)
    back_up(browser, [chunk()])
    settings.BACKUP_EXPIRY_DAYS = 0
    assert expiry.warn_and_expire(later(days=4000)) == (0, 0)


def test_an_account_can_have_a_limit_of_its_own(browser: Browser) -> None:
    Quota.objects.create(account=browser.account, bytes=150)
    assert browser.put([chunk(100)]).status_code == 200
    assert code(browser.put([chunk(100)])) == "quota_exceeded"
