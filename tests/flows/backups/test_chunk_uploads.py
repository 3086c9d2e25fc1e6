"""What an upload may and may not do: exact sizes, all or nothing, the first complete write wins."""

import errno
import hashlib
import os
import resource
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.flows.backups.site_client import (
    OCTETS,
    BrokenConnection,
    Browser,
    chunk,
    code,
    data,
    frames,
    received,
    stored_files,
    unframe,
)
from webapp.server.backups import api
from webapp.server.backups.models import Chunk, Safe
from webapp.server.backups.services import removals
from webapp.server.backups.storage import current_store
from webapp.server.backups.storage.local import LocalStaging, LocalStore

MIB = 1024 * 1024


def send(browser: Browser, body: bytes) -> Any:
    return browser.client.put(browser.path("chunks"), body, content_type=OCTETS, CONTENT_TYPE=OCTETS)


def nothing_is_stored(store: Path) -> bool:
    return not stored_files(store) and not Chunk.objects.exists() and Safe.objects.get().stored_bytes == 0


def test_sending_the_same_bytes_again_changes_nothing(browser: Browser, store: Path) -> None:
    part = chunk()
    first, files = browser.put([part]), stored_files(store)
    assert browser.put([part]).content == first.content
    assert stored_files(store) == files
    assert Safe.objects.get().stored_bytes == 100


def test_the_first_write_of_an_id_wins_and_the_reply_says_so(browser: Browser) -> None:
    name, sealed = chunk()
    browser.put([(name, sealed)])
    late = browser.put([(name, b"sealed again"), (other := chunk())])
    assert late.content == hashlib.sha256(sealed).digest() + hashlib.sha256(other[1]).digest()
    assert unframe(received(browser.octets("chunks/read", name))) == [(name, sealed)]


def test_a_batch_mixes_known_and_new_chunks_in_any_order(browser: Browser) -> None:
    parts = [chunk(10 + number) for number in range(6)]
    browser.put(parts[::2])
    reply = browser.put(parts)
    assert reply.content == b"".join(hashlib.sha256(sealed).digest() for _, sealed in parts)
    assert Safe.objects.get().stored_bytes == sum(len(sealed) for _, sealed in parts)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda body: body[:-1], id="the last byte is missing"),
        pytest.param(lambda body: body + b"\0", id="one byte too many"),
        pytest.param(lambda body: body + bytes(35), id="a part of a frame head"),
        pytest.param(lambda body: body + bytes(36), id="an empty ciphertext"),
        pytest.param(lambda body: body + body, id="an id twice"),
        pytest.param(lambda body: body + bytes(32) + b"\xff\xff\xff\xff", id="a length beyond the cap"),
    ],
)
def test_a_batch_that_does_not_add_up_is_refused_whole(
    browser: Browser, store: Path, spoil: Callable[[bytes], bytes]
) -> None:
    reply = send(browser, spoil(frames([chunk(), chunk()])))
    assert reply.status_code in {413, 422}
    assert code(reply) in {"bad_framing", "body_too_large"}
    assert nothing_is_stored(store)


def test_an_empty_batch_is_an_empty_reply(browser: Browser) -> None:
    reply = send(browser, b"")
    assert (reply.status_code, reply.content) == (200, b"")


def test_a_ciphertext_of_nine_mebibytes_fits_and_one_byte_more_does_not(browser: Browser, store: Path) -> None:
    biggest = chunk(9 * MIB)
    over = send(browser, frames([chunk(9 * MIB + 1)]))
    assert (over.status_code, code(over)) == (413, "body_too_large")
    assert nothing_is_stored(store)
    assert browser.put([biggest]).status_code == 200
    assert unframe(received(browser.octets("chunks/read", biggest[0]))) == [biggest]


def test_a_body_beyond_a_batch_and_a_chunk_is_refused_before_it_is_read(browser: Browser, store: Path) -> None:
    reply = send(browser, frames([chunk(9 * MIB), chunk(9 * MIB), chunk(8 * MIB)]))
    assert (reply.status_code, code(reply)) == (413, "body_too_large")
    assert data(reply)["limit"] == 25 * MIB + 36
    assert nothing_is_stored(store)


def test_too_many_chunks_in_one_batch_are_refused(browser: Browser, store: Path) -> None:
    reply = browser.put([(number.to_bytes(32, "big"), b"x") for number in range(4_097)])
    assert (reply.status_code, data(reply)["chunks"]) == (413, 4_096)
    assert nothing_is_stored(store)


@pytest.mark.parametrize("error", [None, OSError("connection reset")])
@pytest.mark.parametrize("arrived", [0, 20, 35, 36, 100, 136, 150, 271])
def test_a_connection_that_ends_early_leaves_nothing(
    browser: Browser, store: Path, arrived: int, error: Exception | None
) -> None:
    body = frames([chunk(), chunk()])
    assert len(body) == 272
    broken = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BrokenConnection(body[:arrived], error)}
    reply = browser.client.put(browser.path("chunks"), body, content_type=OCTETS, **broken)
    assert (reply.status_code, code(reply)) == (400, "body_truncated")
    assert nothing_is_stored(store)


def full_store(call: str, after: int) -> type[LocalStore]:
    """The real store on a disk that runs full: the system call named fails from its use number `after` on."""

    class FullStaging(LocalStaging):
        uses = 0

        def _use(self, name: str) -> None:
            if name == call:
                type(self).uses += 1
                if type(self).uses > after:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def _write(self, descriptor: int, view: memoryview) -> int:
            self._use("write")
            return super()._write(descriptor, view[: max(1, len(view) // 2)])

        def _sync(self, path: str) -> None:
            self._use("fsync")
            super()._sync(path)

        def _make_folder(self, folder: str) -> None:
            self._use("mkdir")
            super()._make_folder(folder)

    class FullStore(LocalStore):
        staging_type = FullStaging

    return FullStore


@pytest.mark.parametrize(("call", "after"), [("write", 0), ("write", 9), ("fsync", 0), ("fsync", 1), ("mkdir", 0)])
def test_a_full_disk_is_said_and_a_retry_completes(
    browser: Browser, store: Path, monkeypatch: pytest.MonkeyPatch, call: str, after: int
) -> None:
    parts = [chunk(), chunk()]
    with monkeypatch.context() as patch:
        patch.setattr(api, "current_store", lambda: full_store(call, after)(store))
        reply = browser.put(parts)
        assert (reply.status_code, code(reply)) == (507, "storage_full")
        assert nothing_is_stored(store)
    assert browser.put(parts).status_code == 200


def test_a_limit_of_the_operating_system_is_said_as_a_full_store(browser: Browser, store: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6 * MIB, hard))
    try:
        reply = browser.put([chunk(), chunk(8 * MIB)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (reply.status_code, code(reply)) == (507, "storage_full")
    assert nothing_is_stored(store)


def test_other_failures_of_the_disk_are_not_called_full(
    browser: Browser, store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store.parent.mkdir(exist_ok=True)
    store.write_text("a file where the folder should be")
    reply = browser.put([chunk()])
    assert (reply.status_code, code(reply)) == (500, "server_failed")
    assert not Chunk.objects.exists()


class Crash(BaseException):
    """The process is gone at this point."""


def test_a_crash_between_file_and_row_does_no_harm_and_a_retry_completes(
    browser: Browser, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class CrashingStaging(LocalStaging):
        def publish(self, names: dict[int, str]) -> None:
            super().publish(names)
            raise Crash

    class CrashingStore(LocalStore):
        staging_type = CrashingStaging

    name, sealed = chunk()
    with monkeypatch.context() as patch:
        patch.setattr(api, "current_store", lambda: CrashingStore(store))
        with pytest.raises(Crash):
            browser.put([(name, sealed)])
    assert len(stored_files(store)) == 1  # whole, but no row says that it counts
    assert browser.octets("chunks/lacking", name).content == bytes(32)
    sealed_again = secrets.token_bytes(120)
    assert browser.put([(name, sealed_again)]).content == hashlib.sha256(sealed_again).digest()
    assert unframe(received(browser.octets("chunks/read", name))) == [(name, sealed_again)]


def test_a_damaged_chunk_counts_as_lacking_and_is_replaced(browser: Browser, store: Path) -> None:
    name, sealed = chunk(100)
    browser.put([(name, sealed)])
    (store / stored_files(store)[0]).write_bytes(bytes(100))
    Chunk.objects.update(damaged=timezone.now())
    assert browser.octets("chunks/lacking", name).content == bytes(32)
    assert code(browser.octets("chunks/read", name)) == "chunk_missing"
    refused, _ = browser.commit([name])
    assert code(refused) == "chunks_missing"

    # The very same bytes heal the file; other bytes replace it.
    assert browser.put([(name, sealed)]).content == hashlib.sha256(sealed).digest()
    assert removals.sweep(current_store()) == 0
    assert unframe(received(browser.octets("chunks/read", name))) == [(name, sealed)]
    Chunk.objects.update(damaged=timezone.now())
    longer = secrets.token_bytes(130)
    assert browser.put([(name, longer)]).content == hashlib.sha256(longer).digest()
    assert removals.sweep(current_store()) == 1
    assert unframe(received(browser.octets("chunks/read", name))) == [(name, longer)]
    assert Safe.objects.get().stored_bytes == 130


def test_the_quota_is_kept_to_the_byte(browser: Browser, store: Path, settings: Any) -> None:
    settings.COFFER_QUOTA_BYTES = 250
    assert browser.put([chunk(), chunk()]).status_code == 200
    files = stored_files(store)
    over = browser.put([chunk(51)])
    assert (over.status_code, code(over)) == (507, "quota_exceeded")
    assert data(over) == {"quota_bytes": 250, "used_bytes": 200}
    assert stored_files(store) == files
    assert browser.put([chunk(50)]).status_code == 200


def test_a_full_quota_does_not_refuse_what_is_stored_already(browser: Browser, settings: Any) -> None:
    part = chunk()
    settings.COFFER_QUOTA_BYTES = 100
    assert browser.put([part]).status_code == 200
    assert browser.put([part]).status_code == 200


def test_the_quota_counts_all_safes_of_the_account(browser: Browser, settings: Any) -> None:
    browser.put([chunk()])
    second = Browser(browser.client, browser.account).make_safe()
    settings.COFFER_QUOTA_BYTES = 150
    assert code(second.put([chunk()])) == "quota_exceeded"


@pytest.mark.parametrize("rest", ["chunks/lacking", "chunks/read"])
@pytest.mark.parametrize("body", [b"", bytes(31), bytes(33)])
def test_an_id_list_is_whole_ids_and_not_empty(browser: Browser, rest: str, body: bytes) -> None:
    reply = browser.octets(rest, body)
    assert (reply.status_code, code(reply)) == (422, "bad_framing")


@pytest.mark.parametrize("rest", ["chunks/lacking", "chunks/read"])
def test_an_id_list_has_a_limit(browser: Browser, rest: str) -> None:
    reply = browser.octets(rest, bytes(32 * 16_385))
    assert (reply.status_code, code(reply)) == (413, "body_too_large")


def test_the_longest_id_list_is_answered(browser: Browser) -> None:
    assert len(browser.octets("chunks/lacking", secrets.token_bytes(32 * 16_384)).content) == 32 * 16_384


def test_reading_names_the_chunk_that_is_missing(browser: Browser) -> None:
    there, gone = chunk(), chunk()
    browser.put([there])
    reply = browser.octets("chunks/read", there[0] + gone[0])
    assert (reply.status_code, code(reply), data(reply)) == (404, "chunk_missing", {"id": gone[0].hex()})


@pytest.mark.parametrize("harm", ["gone", "shorter"])
def test_reading_notices_a_file_that_is_gone_or_short(browser: Browser, store: Path, harm: str) -> None:
    name, sealed = chunk()
    browser.put([(name, sealed)])
    file = store / stored_files(store)[0]
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(sealed[:-1])
    reply = browser.octets("chunks/read", name)
    assert (reply.status_code, data(reply)) == (404, {"id": name.hex()})
