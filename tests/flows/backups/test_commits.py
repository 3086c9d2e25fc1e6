"""Committing a snapshot: proved, complete, on top of the known head, in one step."""

import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from tests.flows.backups.site_client import BrokenConnection, Browser, chunk, code, data, stored_files
from vault.wire.encoding import to_text
from vault.wire.owner_proof import Action, Audience
from webapp.server.backups.models import OwnerNonce, Safe, Snapshot
from webapp.server.backups.services import snapshots


def nothing_is_committed() -> bool:
    return not Snapshot.objects.exists() and Safe.objects.get().head is None


def uploaded(browser: Browser, number: int = 2) -> list[bytes]:
    parts = [chunk() for _ in range(number)]
    assert browser.put(parts).status_code == 200
    return sorted(name for name, _ in parts)


def test_a_missing_chunk_refuses_the_commit_and_names_it(browser: Browser, store: Path) -> None:
    ids = sorted([*uploaded(browser), gone := secrets.token_bytes(32)])
    reply, _ = browser.commit(ids)
    assert (reply.status_code, code(reply)) == (409, "chunks_missing")
    assert data(reply) == {"missing": [gone.hex()], "count": 1}
    assert nothing_is_committed()
    assert not [name for name in stored_files(store) if "snapshots" in name]


def test_at_most_a_hundred_missing_chunks_are_named_and_all_are_counted(browser: Browser) -> None:
    gone = sorted(secrets.token_bytes(32) for _ in range(1_300))
    reply, _ = browser.commit(sorted([*gone, *uploaded(browser)]))
    assert data(reply)["count"] == 1_300
    assert data(reply)["missing"] == [name.hex() for name in gone[:100]]


def test_the_same_body_commits_once_the_missing_chunk_has_arrived(browser: Browser) -> None:
    late = chunk()
    body, head = browser.commit_body([late[0]])
    assert code(browser.octets("snapshots", body)) == "chunks_missing"
    browser.put([late])
    reply = browser.octets("snapshots", body)
    assert (reply.status_code, reply.json()["head"]) == (201, head.hex())


def test_repeating_a_commit_finds_what_it_made(browser: Browser) -> None:
    body, head = browser.commit_body(uploaded(browser))
    first = browser.octets("snapshots", body)
    assert first.status_code == 201
    again = browser.octets("snapshots", body)
    assert again.status_code == 200
    assert again.json() == first.json()
    assert Snapshot.objects.count() == 1
    assert Safe.objects.get().head == head


def test_repeating_an_older_commit_does_not_move_the_head_back(browser: Browser) -> None:
    ids = uploaded(browser)
    body, head = browser.commit_body(ids)
    browser.octets("snapshots", body)
    _, newer = browser.commit(ids, previous=head)
    assert browser.octets("snapshots", body).status_code == 200
    assert Safe.objects.get().head == newer


def test_a_repeat_needs_the_owner_too(browser: Browser) -> None:
    snapshot = secrets.token_bytes(16)
    ids = uploaded(browser)
    browser.commit(ids, snapshot=snapshot)
    forged = {"nonce": to_text(secrets.token_bytes(32)), "signature": to_text(secrets.token_bytes(64))}
    reply, _ = browser.commit(ids, snapshot=snapshot, proof=forged)
    assert (reply.status_code, code(reply)) == (403, "proof_refused")


def test_a_snapshot_name_is_taken_only_once(browser: Browser) -> None:
    snapshot, ids = secrets.token_bytes(16), uploaded(browser)
    _, head = browser.commit(ids, snapshot=snapshot)
    reply, _ = browser.commit(ids, snapshot=snapshot, previous=head, manifest=b"another")
    assert (reply.status_code, code(reply)) == (409, "snapshot_exists")
    assert Safe.objects.get().head == head


@pytest.mark.parametrize("previous", [None, b"\7" * 32])
def test_a_commit_on_another_head_is_refused_and_told_the_head(browser: Browser, previous: bytes | None) -> None:
    ids = uploaded(browser)
    _, head = browser.commit(ids)
    reply, _ = browser.commit(ids, previous=previous)
    assert (reply.status_code, code(reply), data(reply)) == (409, "head_moved", {"head": head.hex()})
    assert Snapshot.objects.count() == 1


def test_a_first_commit_cannot_name_a_head_before_it(browser: Browser) -> None:
    reply, _ = browser.commit(uploaded(browser), previous=b"\7" * 32)
    assert (code(reply), data(reply)) == ("head_moved", {"head": None})
    assert nothing_is_committed()


WRONG: dict[str, dict[str, Any]] = {
    "for the vault": {"audience": Audience.VAULT},
    "for another action": {"action": Action.CREATE_SAFE},
    "for another safe": {"safe": bytes(16)},
    "for another account": {"account": bytes(16)},
    "for another record": {"record": b"\1" * 16},
    "for another version": {"version": 1},
    "for another content": {"content": bytes(32)},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_proof_is_refused(browser: Browser, store: Path, wrong: dict[str, Any]) -> None:
    ids, snapshot = uploaded(browser), secrets.token_bytes(16)
    head = browser.commit_body(ids, snapshot=snapshot)[1]
    fields = {"action": Action.COMMIT_SNAPSHOT, "content": head} | wrong
    reply, _ = browser.commit(ids, snapshot=snapshot, proof=browser.proof(**fields))
    assert (reply.status_code, code(reply)) == (403, "proof_refused")
    assert nothing_is_committed()
    assert not [name for name in stored_files(store) if "snapshots" in name or "staging" in name]


def test_a_proof_by_another_key_is_refused(browser: Browser) -> None:
    ids = uploaded(browser)
    browser.key = Ed25519PrivateKey.generate()
    reply, _ = browser.commit(ids)
    assert code(reply) == "proof_refused"
    assert nothing_is_committed()


def test_a_proof_over_another_nonce_than_it_shows_is_refused(browser: Browser) -> None:
    ids, snapshot = uploaded(browser), secrets.token_bytes(16)
    head = browser.commit_body(ids, snapshot=snapshot)[1]
    proof = browser.proof(Action.COMMIT_SNAPSHOT, head) | {"nonce": to_text(browser.nonce())}
    assert code(browser.commit(ids, snapshot=snapshot, proof=proof)[0]) == "proof_refused"


@pytest.mark.parametrize(
    "changed", [{"manifest": b"another manifest"}, {"snapshot": b"\5" * 16}, {"previous": bytes(32)}]
)
def test_a_proof_does_not_cover_a_changed_commit(browser: Browser, changed: dict[str, Any]) -> None:
    ids = uploaded(browser)
    given: dict[str, Any] = {"snapshot": secrets.token_bytes(16), "manifest": b"sealed", "previous": None}
    head = browser.commit_body(ids, **given)[1]
    if changed.get("previous") == bytes(32):
        # Zeros stand for "none" inside the head, so only the safe's own head can tell the two apart.
        given["previous"] = bytes(32)
        expected = "head_moved"
    else:
        given |= changed
        expected = "proof_refused"
    reply, _ = browser.commit(ids, proof=browser.proof(Action.COMMIT_SNAPSHOT, head), **given)
    assert code(reply) == expected
    assert nothing_is_committed()


def test_a_proof_does_not_cover_another_id_list(browser: Browser) -> None:
    ids, snapshot = uploaded(browser, 3), secrets.token_bytes(16)
    head = browser.commit_body(ids, snapshot=snapshot)[1]
    proof = browser.proof(Action.COMMIT_SNAPSHOT, head)
    assert code(browser.commit(ids[:2], snapshot=snapshot, proof=proof)[0]) == "proof_refused"


def test_a_nonce_makes_one_change_only(browser: Browser) -> None:
    ids, nonce = uploaded(browser), browser.nonce()
    snapshot = secrets.token_bytes(16)
    head = browser.commit_body(ids, snapshot=snapshot)[1]
    done, _ = browser.commit(ids, snapshot=snapshot, proof=browser.proof(Action.COMMIT_SNAPSHOT, head, nonce))
    assert done.status_code == 201
    second = secrets.token_bytes(16)
    newer = browser.commit_body(ids, snapshot=second, previous=head)[1]
    reply, _ = browser.commit(
        ids, snapshot=second, previous=head, proof=browser.proof(Action.COMMIT_SNAPSHOT, newer, nonce)
    )
    assert (reply.status_code, code(reply)) == (409, "nonce_spent")
    assert Safe.objects.get().head == head


@pytest.mark.parametrize("whose", ["nobody's", "another account's", "an old one"])
def test_a_nonce_must_be_live_and_the_accounts_own(browser: Browser, stranger: Browser, whose: str) -> None:
    ids, snapshot = uploaded(browser), secrets.token_bytes(16)
    head = browser.commit_body(ids, snapshot=snapshot)[1]
    nonce = {"nobody's": os.urandom(32), "another account's": stranger.nonce(), "an old one": browser.nonce()}[whose]
    if whose == "an old one":
        OwnerNonce.objects.filter(account=browser.account).update(expires=timezone.now())
    reply, _ = browser.commit(ids, snapshot=snapshot, proof=browser.proof(Action.COMMIT_SNAPSHOT, head, nonce))
    assert (reply.status_code, code(reply)) == (409, "nonce_spent")
    assert not Snapshot.objects.exists()


def test_a_slow_upload_does_not_outlive_its_own_proof(browser: Browser) -> None:
    """The nonce grows old while the body arrives; what counts is when the request began."""
    body, head = browser.commit_body(uploaded(browser))

    class Slow(BrokenConnection):
        def read(self, size: int = -1) -> bytes:
            OwnerNonce.objects.update(expires=timezone.now()) if len(self._arrived) < 64 else None
            return super().read(min(size, 16) if size > 16 else size)

    slow = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": Slow(body, None)}
    reply = browser.client.post(browser.path("snapshots"), body, content_type="application/octet-stream", **slow)
    assert (reply.status_code, reply.json()["head"]) == (201, head.hex())


def test_a_nonce_is_never_stored_as_it_is(browser: Browser) -> None:
    nonce = browser.nonce()
    assert nonce not in {row.nonce_sha256 for row in OwnerNonce.objects.all()}
    assert not OwnerNonce.objects.filter(nonce_sha256=hashlib.sha256(nonce).digest()).exists()


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(lambda ids: ids[::-1], id="falling"),
        pytest.param(lambda ids: [ids[0], ids[0], ids[1]], id="twice the same"),
    ],
)
def test_the_id_list_rises_strictly(browser: Browser, order: Any) -> None:
    reply, _ = browser.commit(order(uploaded(browser)))
    assert (reply.status_code, code(reply)) == (422, "bad_framing")
    assert nothing_is_committed()


def test_the_id_list_rises_across_the_portions_it_is_checked_in(browser: Browser) -> None:
    ids = uploaded(browser, 501)
    reply, _ = browser.commit([*ids[:500], ids[499]])
    assert code(reply) == "bad_framing"


def with_head(head: bytes, rest: bytes = b"") -> bytes:
    return len(head).to_bytes(4, "big") + head + rest


def valid_head(**other: Any) -> dict[str, Any]:
    return {
        "snapshot": "00" * 16,
        "previous_head": None,
        "manifest_bytes": 1,
        "proof": {"nonce": to_text(bytes(32)), "signature": to_text(bytes(64))},
    } | other


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b"", "bad_framing", id="empty"),
        pytest.param(b"\0\0\0", "bad_framing", id="half a length"),
        pytest.param(b"\0\0\0\5abc", "bad_framing", id="JSON cut off"),
        pytest.param(b"\0\1\0\0" + bytes(65_536), "bad_framing", id="JSON too long"),
        pytest.param(with_head(b"[]"), "invalid_request", id="not an object"),
        pytest.param(with_head(b"{"), "invalid_request", id="not JSON"),
        pytest.param(with_head(json.dumps(valid_head(more=1)).encode(), b"m"), "invalid_request", id="unknown field"),
        pytest.param(
            with_head(json.dumps(valid_head(snapshot="AA" * 16)).encode(), b"m"), "invalid_request", id="capitals"
        ),
        pytest.param(
            with_head(json.dumps(valid_head(manifest_bytes=True)).encode(), b"m"), "invalid_request", id="not a number"
        ),
        pytest.param(with_head(json.dumps(valid_head()).encode()), "bad_framing", id="no manifest"),
        pytest.param(
            with_head(json.dumps(valid_head(manifest_bytes=0)).encode(), b""), "bad_framing", id="an empty manifest"
        ),
        pytest.param(
            with_head(json.dumps(valid_head(manifest_bytes=-32)).encode(), b""), "bad_framing", id="a negative one"
        ),
        pytest.param(with_head(json.dumps(valid_head()).encode(), bytes(32)), "bad_framing", id="a part of an id"),
    ],
)
def test_a_commit_that_does_not_add_up_is_refused(browser: Browser, body: bytes, expected: str) -> None:
    reply = browser.octets("snapshots", body)
    assert (reply.status_code, code(reply)) == (422, expected)
    assert nothing_is_committed()


def test_a_manifest_has_a_limit(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MANIFEST_BYTES", 100)
    ids = uploaded(browser)
    reply, _ = browser.commit(ids, manifest=bytes(101))
    assert (reply.status_code, code(reply)) == (413, "body_too_large")
    assert browser.commit(ids, manifest=bytes(100))[0].status_code == 201


def test_manifest_and_ids_count_towards_the_quota(browser: Browser, store: Path, settings: Any) -> None:
    ids = uploaded(browser)
    settings.COFFER_QUOTA_BYTES = 200 + 64 + 99
    reply, _ = browser.commit(ids, manifest=bytes(100))
    assert (reply.status_code, code(reply)) == (507, "quota_exceeded")
    assert nothing_is_committed()
    settings.COFFER_QUOTA_BYTES = 200 + 64 + 100
    assert browser.commit(ids, manifest=bytes(100))[0].status_code == 201
    assert Safe.objects.get().stored_bytes == 364


@pytest.mark.parametrize("missing", [1, 33, 70, 79, 300])
def test_a_commit_whose_connection_ends_early_leaves_nothing(browser: Browser, store: Path, missing: int) -> None:
    body, _ = browser.commit_body(uploaded(browser))
    files = stored_files(store)
    broken = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BrokenConnection(body[:-missing], None)}
    reply = browser.client.post(browser.path("snapshots"), body, content_type="application/octet-stream", **broken)
    assert (reply.status_code, code(reply)) == (400, "body_truncated")
    assert nothing_is_committed()
    assert stored_files(store) == files
    assert browser.octets("snapshots", body).status_code == 201


def test_an_unknown_snapshot_has_no_manifest(browser: Browser) -> None:
    reply = browser.client.get(browser.path(f"snapshots/{'0' * 32}/manifest"))
    assert (reply.status_code, code(reply)) == (404, "snapshot_not_found")


def test_a_manifest_that_the_store_lost_is_not_half_sent(browser: Browser, store: Path) -> None:
    reply, _ = browser.commit(uploaded(browser))
    (file,) = [name for name in stored_files(store) if name.endswith(".manifest")]
    (store / file).write_bytes(b"short")
    lost = browser.client.get(browser.path(f"snapshots/{reply.json()['snapshot']}/manifest"))
    assert (lost.status_code, code(lost)) == (404, "snapshot_not_found")
