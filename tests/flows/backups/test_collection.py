"""Collection: nothing that counts is ever lost, whatever comes in between, and nothing else stays."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.flows.backups.later_life import back_up, later, readable, sums_agree, tidy
from tests.flows.backups.site_client import Browser, chunk, code, stored_files
from webapp.server.backups.models import Chunk, Snapshot
from webapp.server.backups.services import collection, removals
from webapp.server.backups.storage.local import LocalStore


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
    odd = store / f"{browser.safe.hex()}/chunks/00/readme"
    odd.write_text("not ours either")
    tidy(later(hours=47))
    assert len(stored_files(store)) == len(whole) + 4
    tidy(later(hours=49))
    assert stored_files(store) == sorted([*whole, "notes.txt", str(odd.relative_to(store))])


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
