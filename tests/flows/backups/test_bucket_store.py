"""The bucket as a store, on a real S3 server: the same promises as the folder, and addresses good for one object."""

import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.flows.backups.seaweed import Seaweed, seaweed
from tests.flows.backups.site_client import OCTETS, Browser, chunk, code, data, received, sign_in, unframe
from webapp.server.backups.bucket import SignedRequest
from webapp.server.backups.models import Chunk, Safe
from webapp.server.backups.services import collection, direct, removals
from webapp.server.backups.services.chunks import record
from webapp.server.backups.storage import ObjectMissing, bucket_store, s3
from webapp.server.backups.storage.s3 import S3Store

ORIGIN = "http://localhost:8000"


@pytest.fixture(scope="module")
def server() -> Iterator[Seaweed]:
    with seaweed() as running:
        yield running


@pytest.fixture
def bucket(server: Seaweed, tmp_path: Path) -> S3Store:
    store = S3Store(server.place(), tmp_path / "spool")
    store.make_bucket(ORIGIN)
    return store


def put(store: S3Store, name: str, content: bytes) -> None:
    with store.stage() as staging:
        staging.publish({staging.write([content]): name})


def send(request: SignedRequest, content: bytes, **headers: str) -> int:
    """The status of a PUT as a browser sends it, from the site's pages."""
    message = urllib.request.Request(
        request.url, content, {**request.headers, "Origin": ORIGIN} | headers, method="PUT"
    )
    try:
        with urllib.request.urlopen(message) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_what_was_published_is_read_back_and_gone_when_deleted(bucket: S3Store) -> None:
    put(bucket, "a/b/one", b"hello")
    assert bucket.size("a/b/one") == 5
    with bucket.open("a/b/one") as file:
        assert file.read(2) + file.read() == b"hello"
    for _ in range(2):
        bucket.delete("a/b/one")
        with pytest.raises(ObjectMissing):
            bucket.size("a/b/one")
        with pytest.raises(ObjectMissing):
            bucket.open("a/b/one")


def test_what_was_not_published_leaves_nothing(bucket: S3Store, tmp_path: Path) -> None:
    with bucket.stage() as staging:
        staging.write([b"hello"])
    assert not list(bucket.objects())
    assert not [path for path in (tmp_path / "spool").rglob("*") if path.is_file()]


def test_objects_are_listed_by_name_beyond_one_page(bucket: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "PAGE_OBJECTS", 10)
    names = sorted(f"safe/{number % 7}/{number:04}" for number in range(45))
    with bucket.stage() as staging:
        staging.publish({staging.write([b"x"]): name for name in names})
    assert [found.name for found in bucket.objects()] == names
    assert [found.name for found in bucket.objects("safe/3/")] == [name for name in names if name[5] == "3"]


def test_a_signed_address_takes_exactly_the_announced_bytes_once(bucket: S3Store) -> None:
    content = secrets.token_bytes(5000)
    request = bucket.signed_put("safe/chunk", hashlib.sha256(content).digest(), 5000)
    assert send(request, secrets.token_bytes(5000)) == 400
    assert send(request, content[:-1]) == 403
    assert send(request, content, **{"x-amz-checksum-sha256": "A" * 43 + "="}) == 403
    assert not list(bucket.objects())
    assert send(request, content) == 200
    assert send(request, content) == 412  # never over what is there
    with urllib.request.urlopen(bucket.signed_get("safe/chunk").url) as reply:
        assert reply.read() == content


def test_a_signed_address_opens_no_other_object(bucket: S3Store) -> None:
    put(bucket, "safe/one", b"mine")
    put(bucket, "safe/two", b"another's")
    address = bucket.signed_get("safe/one").url.replace("safe/one", "safe/two")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address)
    with refused.value as error:
        assert error.code == 403


def test_only_the_sites_own_pages_may_talk_to_the_bucket(bucket: S3Store) -> None:
    def allowed(origin: str) -> str | None:
        headers = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
        message = urllib.request.Request(
            bucket.signed_put("safe/chunk", bytes(32), 1).url, headers=headers, method="OPTIONS"
        )
        try:
            with urllib.request.urlopen(message) as reply:
                return reply.headers["Access-Control-Allow-Origin"]
        except urllib.error.HTTPError as error:
            error.close()
            return None

    assert allowed(ORIGIN) == ORIGIN
    assert allowed("https://elsewhere.example") is None


# --- the site in front of it -----------------------------------------------------------------------------------------


@pytest.fixture
def person(db: None, server: Seaweed, settings: Any, tmp_path: Path) -> Browser:
    """Signed in at a site whose chunks lie in a bucket of its own, with a safe."""
    settings.CHUNK_STORE = tmp_path / "chunks"
    settings.CHUNK_BUCKET = server.place()
    bucket_store(settings.CHUNK_BUCKET).make_bucket(ORIGIN)
    return sign_in("owner@example.org").make_safe()


def rows(*chunks: tuple[bytes, bytes]) -> bytes:
    return b"".join(name + hashlib.sha256(sealed).digest() + len(sealed).to_bytes(4, "big") for name, sealed in chunks)


def addresses(person: Browser, *chunks: tuple[bytes, bytes]) -> list[SignedRequest | None]:
    reply = person.octets("chunks/uploads", rows(*chunks))
    assert reply.status_code == 200, reply.content
    return [each and SignedRequest(each["url"], each["headers"]) for each in json.loads(reply.content)["uploads"]]


def test_chunks_go_past_the_site_and_count_once_they_are_there(person: Browser) -> None:
    chunks = [chunk(size) for size in (1, 100, 70_000)]
    for request, (_, sealed) in zip(addresses(person, *chunks), chunks, strict=True):
        assert request is not None
        assert send(request, sealed) == 200
    assert not Chunk.objects.exists()
    arrived = person.octets("chunks/arrived", rows(*chunks))
    assert arrived.content == b"".join(hashlib.sha256(sealed).digest() for _, sealed in chunks)
    assert Safe.objects.get().stored_bytes == 70_101
    assert addresses(person, *chunks) == [None] * 3

    listed = person.octets("chunks/downloads", b"".join(name for name, _ in chunks))
    for entry, (_, sealed) in zip(json.loads(listed.content)["downloads"], chunks, strict=True):
        assert entry["bytes"] == len(sealed)
        with urllib.request.urlopen(entry["url"]) as reply:
            assert reply.read() == sealed


def test_what_has_not_arrived_does_not_count(person: Browser) -> None:
    there, lost = chunk(10), chunk(20)
    requests = addresses(person, there, lost)
    assert requests[0] is not None
    send(requests[0], there[1])
    refused = person.octets("chunks/arrived", rows(there, lost))
    assert code(refused) == "chunks_not_arrived"
    assert data(refused) == {"missing": [lost[0].hex()], "count": 1}
    assert not Chunk.objects.exists()
    # The same object under another size does not count either.
    wrong = there[0] + hashlib.sha256(there[1]).digest() + (11).to_bytes(4, "big")
    assert code(person.octets("chunks/arrived", wrong)) == "chunks_not_arrived"


def test_no_address_is_given_beyond_the_quota(person: Browser, settings: Any) -> None:
    settings.COFFER_QUOTA_BYTES = 1000
    assert code(person.octets("chunks/uploads", rows(chunk(600), chunk(600)))) == "quota_exceeded"


def test_addresses_that_nobody_uses_count_against_the_quota(person: Browser, settings: Any) -> None:
    settings.COFFER_QUOTA_BYTES = 1000
    used = chunk(600)
    request = addresses(person, used)[0]
    assert code(person.octets("chunks/uploads", rows(chunk(600)))) == "quota_exceeded"
    # What has arrived counts once, in its row.
    assert request is not None
    send(request, used[1])
    assert person.octets("chunks/arrived", rows(used)).status_code == 200
    assert addresses(person, chunk(350))[0] is not None


def test_broken_bytes_in_the_bucket_are_not_healed_by_words(person: Browser, settings: Any) -> None:
    part = chunk(5000)
    person.put([part])
    store = bucket_store(settings.CHUNK_BUCKET)
    (name,) = [found.name for found in store.objects() if "/chunks/" in found.name]
    store.delete(name)
    put(store, name, secrets.token_bytes(5000))
    Chunk.objects.update(damaged=timezone.now())
    assert code(person.octets("chunks/arrived", rows(part))) == "chunks_not_arrived"
    request = addresses(person, part)[0]
    assert request is not None
    assert send(request, part[1]) == 200
    assert person.octets("chunks/arrived", rows(part)).status_code == 200
    assert unframe(received(person.octets("chunks/read", part[0]))) == [part]


def test_what_another_browser_has_healed_meanwhile_is_not_deleted(
    person: Browser, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = chunk()
    person.put([part])
    Chunk.objects.update(damaged=timezone.now())
    look = direct._damaged

    def then_heal(*arguments: Any) -> set[str]:
        found = look(*arguments)
        person.put([part])
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(direct, "_damaged", then_heal)
        addresses(person, part)
    assert unframe(received(person.octets("chunks/read", part[0]))) == [part]


def test_a_chunk_that_a_sweep_took_before_its_row_was_written_is_asked_for_again(
    person: Browser, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = chunk()
    person.put([part])
    store = bucket_store(settings.CHUNK_BUCKET)
    collection.collect_safe(Safe.objects.get(), store, timezone.now() + timedelta(hours=49))

    def after_a_sweep(*arguments: Any) -> Any:
        assert removals.sweep(store) == 1
        return record(*arguments)

    with monkeypatch.context() as sweeping:
        sweeping.setattr(direct, "record", after_a_sweep)
        assert code(person.octets("chunks/arrived", rows(part))) == "store_busy"
    assert code(person.octets("chunks/arrived", rows(part))) == "chunks_not_arrived"
    request = addresses(person, part)[0]
    assert request is not None
    assert send(request, part[1]) == 200
    assert person.octets("chunks/arrived", rows(part)).status_code == 200
    assert unframe(received(person.octets("chunks/read", part[0]))) == [part]


def test_addresses_are_for_the_owner_of_the_safe_alone(person: Browser) -> None:
    part = chunk()
    stranger = sign_in("stranger@example.org").make_safe()
    stranger.safe = person.safe
    for route, body in (("uploads", rows(part)), ("arrived", rows(part)), ("downloads", part[0])):
        assert code(stranger.octets(f"chunks/{route}", body)) == "safe_not_found"


@pytest.mark.parametrize("route", ["uploads", "arrived"])
def test_rows_are_exact(person: Browser, route: str) -> None:
    good = rows(chunk())
    for body in (b"", good[:-1], good + b"\0", good + good, good[:64] + bytes(4)):
        assert code(person.octets(f"chunks/{route}", body)) == "bad_framing"
    assert code(person.octets(f"chunks/{route}", good[:64] + b"\xff" * 4)) == "body_too_large"
    assert code(person.client.post(person.path(f"chunks/{route}"), "{}", content_type="application/json")) == (
        "unsupported_type"
    )


def test_what_comes_through_the_site_lies_in_the_bucket_too(person: Browser) -> None:
    part = chunk(5000)
    assert person.put([part]).status_code == 200
    reply, _ = person.commit([part[0]])
    assert reply.status_code == 201
    assert unframe(received(person.octets("chunks/read", part[0]))) == [part]
    snapshot = Safe.objects.get().snapshots.get()
    manifest = person.client.get(person.path(f"snapshots/{snapshot.snapshot_id.hex()}/manifest"))
    assert received(manifest) == b"sealed manifest"


def test_a_site_with_a_folder_gives_no_addresses(browser: Browser) -> None:
    assert code(browser.octets("chunks/uploads", rows(chunk()))) == "not_direct"
    assert browser.client.get("/api/v1/me").json()["direct"] is False


def test_the_app_may_connect_to_the_bucket_and_to_nothing_else(person: Browser, server: Seaweed, settings: Any) -> None:
    def connect() -> str:
        page = person.client.get("/app/")
        page.getvalue()  # a file is closed by whoever has read it
        policy = page["Content-Security-Policy"]
        return next(rule for rule in policy.split("; ") if rule.startswith("connect-src"))

    assert connect() == f"connect-src 'self' {server.endpoint}"
    assert server.endpoint not in person.client.get("/")["Content-Security-Policy"]
    settings.CHUNK_DIRECT = False
    assert connect() == "connect-src 'self'"


def test_the_secret_is_in_no_address_and_in_no_repr(person: Browser, settings: Any, server: Seaweed) -> None:
    request = addresses(person, chunk())[0]
    assert request is not None
    assert server.secret_key not in request.url
    assert server.secret_key not in repr(settings.CHUNK_BUCKET)
    assert request.headers["content-type"] == OCTETS
