"""The whole way: make a safe, ask what is lacking, upload, commit, list, and read back bit for bit."""

import hashlib
from pathlib import Path

from tests.flows.backups.site_client import Browser, chunk, frames, received, sign_in, stored_files, unframe
from webapp.server.backups.models import Safe, Snapshot
from webapp.server.backups.storage.names import chunk_name


def test_a_backup_comes_back_bit_for_bit(browser: Browser, store: Path) -> None:
    chunks = [chunk(1), chunk(100), chunk(700_000)]
    ids = [name for name, _ in chunks]
    assert browser.octets("chunks/lacking", b"".join(ids)).content == bytes(96)

    stored = browser.put(chunks)
    digests = [hashlib.sha256(sealed).digest() for _, sealed in chunks]
    assert stored.status_code == 200
    assert stored.content == b"".join(digests)

    manifest = b"sealed" * 50_000
    reply, head = browser.commit(sorted(ids), manifest=manifest)
    assert reply.status_code == 201
    assert reply.json()["head"] == head.hex()

    reader = sign_in("owner@example.org").client  # another browser with nothing stored
    base = browser.path("")
    listed = reader.get(f"{base}snapshots").json()
    assert [(one["head"], one["chunks"], one["bytes"], one["manifest_bytes"]) for one in listed] == [
        (head.hex(), 3, 700_101, 300_000)
    ]
    assert listed[0]["previous_head"] is None
    assert received(reader.get(f"{base}snapshots/{listed[0]['snapshot']}/manifest")) == manifest
    body = received(reader.post(f"{base}chunks/read", b"".join(ids), content_type="application/octet-stream"))
    assert unframe(body) == chunks
    assert not [name for name in stored_files(store) if name.startswith("staging")]


def test_a_second_snapshot_stands_on_the_first(browser: Browser) -> None:
    first, second = chunk(), chunk()
    browser.put([first])
    _, head = browser.commit([first[0]])
    browser.put([second])
    reply, newer = browser.commit(sorted([first[0], second[0]]), previous=head)
    assert reply.status_code == 201
    listed = browser.client.get(browser.path("snapshots")).json()
    assert [(one["head"], one["previous_head"]) for one in listed] == [(newer.hex(), head.hex()), (head.hex(), None)]
    assert Safe.objects.get(safe_id=browser.safe).head == newer


def test_the_list_of_safes_tells_sizes_times_and_the_head(browser: Browser) -> None:
    part = chunk(1000)
    browser.put([part])
    _, head = browser.commit([part[0]], manifest=b"m" * 50)
    (safe,) = browser.client.get("/api/v1/safes").json()
    assert safe["safe"] == browser.safe.hex()
    assert safe["head"] == head.hex()
    assert safe["snapshots"] == 1
    assert safe["bytes"] == 1000 + 50 + 32
    assert safe["last_snapshot"].endswith("Z")
    assert set(safe) == {
        "safe", "created", "key_check", "owner_public_key", "head", "snapshots", "bytes", "last_snapshot",
        "passkeys", "purge_after", "keep", "expires", "rehearsal", "reminders",
    }  # fmt: skip


def test_each_chunk_is_one_file_named_by_id_and_digest(browser: Browser, store: Path) -> None:
    part = chunk(10)
    browser.put([part])
    name = chunk_name(browser.safe, part[0], hashlib.sha256(part[1]).digest())
    assert stored_files(store) == [name]
    assert (store / name).read_bytes() == part[1]


def test_the_lacking_reply_is_exact_and_in_order(browser: Browser) -> None:
    there, gone, also = chunk(), chunk(), chunk()
    browser.put([there, also])
    reply = browser.octets("chunks/lacking", also[0] + gone[0] + there[0] + also[0])
    expected = [hashlib.sha256(also[1]).digest(), bytes(32), hashlib.sha256(there[1]).digest()]
    assert reply.content == b"".join([*expected, expected[0]])


def test_a_thousand_ids_are_answered_in_one_question(browser: Browser) -> None:
    parts = [chunk(3) for _ in range(1_200)]
    assert browser.put(parts).status_code == 200
    ids = [name for name, _ in parts]
    reply = browser.octets("chunks/lacking", b"".join(ids)).content
    assert reply == b"".join(hashlib.sha256(sealed).digest() for _, sealed in parts)
    committed, _ = browser.commit(sorted(ids))
    assert committed.status_code == 201
    assert Snapshot.objects.get().chunk_bytes == 3_600


def test_reading_stops_before_sixteen_mebibytes(browser: Browser) -> None:
    parts = [chunk(6 * 1024 * 1024) for _ in range(3)]
    assert browser.put(parts[:2]).status_code == 200
    assert browser.put(parts[2:]).status_code == 200
    body = received(browser.octets("chunks/read", b"".join(name for name, _ in parts)))
    assert unframe(body) == parts[:2]
    assert len(body) <= 16 * 1024 * 1024


def test_reading_fills_the_sixteen_mebibytes_to_the_last_byte(browser: Browser) -> None:
    half = 8 * 1024 * 1024 - 36
    parts = [chunk(half), chunk(half), chunk(1)]
    assert browser.put(parts[:2]).status_code == 200
    assert browser.put(parts[2:]).status_code == 200
    body = received(browser.octets("chunks/read", b"".join(name for name, _ in parts)))
    assert len(body) == 16 * 1024 * 1024
    assert body == frames(parts[:2])


def test_me_names_the_account_and_the_limits(browser: Browser) -> None:
    me = browser.client.get("/api/v1/me").json()
    assert me["email"] == "owner@example.org"
    assert me["account"] == bytes(browser.account.public_id).hex()
    assert me["csrf"]
    assert me["limits"]["batch_bytes"] == 16 * 1024 * 1024
    assert me["limits"]["chunk_bytes"] == 9 * 1024 * 1024
    assert me["limits"]["manifest_bytes"] > 0
