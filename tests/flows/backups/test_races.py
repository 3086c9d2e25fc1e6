"""Requests that meet: real threads, real database, and one winner each time."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.models import F

from tests.flows.backups.site_client import Browser, chunk, code, received, sign_in, stored_files, unframe
from vault.wire.owner_proof import Action
from webapp.server.backups import api
from webapp.server.backups.models import Chunk, OwnerNonce, Safe, Snapshot
from webapp.server.backups.storage.local import LocalStaging, LocalStore

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(transactional_db: None, store: Path) -> Browser:
    return sign_in("owner@example.org").make_safe()


@pytest.fixture
def meeting(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two requests wait for each other after their objects became durable, before the database decides."""
    barrier = threading.Barrier(2)

    class MeetingStaging(LocalStaging):
        def publish(self, names: dict[int, str]) -> None:
            super().publish(names)
            barrier.wait(timeout=10)

    class MeetingStore(LocalStore):
        staging_type = MeetingStaging

    monkeypatch.setattr(api, "current_store", lambda: MeetingStore(store))
    yield
    barrier.abort()


def together(*actions: Callable[[], Any]) -> list[Any]:
    """Run the actions at the same time, each with connections of its own; their results in order."""
    results: list[Any] = [None] * len(actions)

    def run(number: int, action: Callable[[], Any]) -> None:
        try:
            results[number] = action()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    return results


def twin(browser: Browser) -> Browser:
    """A second browser of the same person."""
    other = sign_in(browser.account.email)
    other.key, other.safe, other.key_check = browser.key, browser.safe, browser.key_check
    return other


def test_of_two_commits_on_one_head_exactly_one_wins(browser: Browser, meeting: None) -> None:
    other = twin(browser)
    first, head_one = browser.commit_body([])
    second, head_two = other.commit_body([])
    replies = together(lambda: browser.octets("snapshots", first), lambda: other.octets("snapshots", second))
    assert sorted(reply.status_code for reply in replies) == [201, 409]
    (lost,) = [reply for reply in replies if reply.status_code == 409]
    assert code(lost) == "head_moved"
    assert Safe.objects.get().head == (head_one if replies[0].status_code == 201 else head_two)
    assert Snapshot.objects.count() == 1
    assert OwnerNonce.objects.count() == 1, "the loser's proof was not spent"


def test_one_commit_sent_twice_at_once_is_made_once_and_both_hear_so(browser: Browser, meeting: None) -> None:
    other = twin(browser)
    body, head = browser.commit_body([])
    replies = together(lambda: browser.octets("snapshots", body), lambda: other.octets("snapshots", body))
    assert sorted(reply.status_code for reply in replies) == [200, 201]
    assert {reply.json()["head"] for reply in replies} == {head.hex()}
    assert Snapshot.objects.count() == 1


def test_one_nonce_used_twice_at_once_makes_one_change(browser: Browser, meeting: None) -> None:
    """In two safes, so that nothing but the nonce can tell the two apart."""
    second = Browser(twin(browser).client, browser.account, key=browser.key).make_safe()
    nonce = browser.nonce()
    bodies = []
    for one in (browser, second):
        snapshot = secrets.token_bytes(16)
        head = one.commit_body([], snapshot=snapshot)[1]
        proof = one.proof(Action.COMMIT_SNAPSHOT, head, nonce)
        bodies.append(one.commit_body([], snapshot=snapshot, proof=proof)[0])
    replies = together(lambda: browser.octets("snapshots", bodies[0]), lambda: second.octets("snapshots", bodies[1]))
    assert sorted(reply.status_code for reply in replies) == [201, 409]
    (lost,) = [reply for reply in replies if reply.status_code == 409]
    assert code(lost) == "nonce_spent"
    assert Safe.objects.filter(head=None).count() == 1


def test_of_two_writers_of_one_id_one_wins_and_both_hear_which(browser: Browser, meeting: None, store: Path) -> None:
    other, name = twin(browser), secrets.token_bytes(32)
    versions = [secrets.token_bytes(100), secrets.token_bytes(120)]
    replies = together(lambda: browser.put([(name, versions[0])]), lambda: other.put([(name, versions[1])]))
    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[0].content == replies[1].content
    (kept,) = [version for version in versions if hashlib.sha256(version).digest() == replies[0].content]
    assert unframe(received(browser.octets("chunks/read", name))) == [(name, kept)]
    assert Chunk.objects.count() == 1
    assert Safe.objects.get().stored_bytes == len(kept)
    assert not [file for file in stored_files(store) if "staging" in file]


def test_the_same_bytes_sent_twice_at_once_are_counted_once(browser: Browser, meeting: None) -> None:
    other, part = twin(browser), chunk()
    replies = together(lambda: browser.put([part]), lambda: other.put([part]))
    assert [reply.status_code for reply in replies] == [200, 200]
    assert Safe.objects.get().stored_bytes == 100
    assert unframe(received(browser.octets("chunks/read", part[0]))) == [part]


def test_many_writers_and_one_sum(browser: Browser) -> None:
    parts = [chunk(50) for _ in range(40)]
    people = [twin(browser) for _ in range(4)]
    replies = together(*[lambda one=one: one.put(parts) for one in people])
    assert {reply.content for reply in replies} == {b"".join(hashlib.sha256(sealed).digest() for _, sealed in parts)}
    assert Safe.objects.get().stored_bytes == 2_000


def test_the_quota_holds_when_two_batches_meet(browser: Browser, meeting: None, settings: Any) -> None:
    settings.COFFER_QUOTA_BYTES = 150
    other = twin(browser)
    replies = together(lambda: browser.put([chunk()]), lambda: other.put([chunk()]))
    assert sorted(reply.status_code for reply in replies) == [200, 507]
    assert Safe.objects.get().stored_bytes == 100


def test_a_safe_made_twice_at_once_is_one_safe(browser: Browser) -> None:
    new = Browser(twin(browser).client, browser.account)
    requests = [new.safe_request(), new.safe_request()]
    clients = [twin(browser), twin(browser)]
    replies = together(
        *[
            lambda one=one, value=value: one.post("/api/v1/safes", value)
            for one, value in zip(clients, requests, strict=True)
        ]
    )
    assert sorted(reply.status_code for reply in replies) == [200, 201]
    assert Safe.objects.filter(safe_id=new.safe).count() == 1


def test_a_chunk_that_is_removed_during_a_commit_refuses_it(
    browser: Browser, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What collection will do, at the worst moment: after the commit has looked, before the head moves."""
    part = chunk()
    browser.put([part])

    class CollectingStaging(LocalStaging):
        def publish(self, names: dict[int, str]) -> None:
            super().publish(names)
            Chunk.objects.all().delete()
            Safe.objects.update(removals=F("removals") + 1)

    class CollectingStore(LocalStore):
        staging_type = CollectingStaging

    monkeypatch.setattr(api, "current_store", lambda: CollectingStore(store))
    reply, _ = browser.commit([part[0]])
    assert (reply.status_code, code(reply)) == (409, "chunks_missing")
    assert Safe.objects.get().head is None
