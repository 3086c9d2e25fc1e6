"""Collection: nothing that counts is ever lost, whatever comes in between, and nothing else stays."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.flows.backups.later_life import back_up, later, readable, sums_agree, tidy
from tests.flows.backups.site_client import Browser, chunk, code, stored_files
from webapp.server.backups.models import Chunk, Removal, Safe, Snapshot
from webapp.server.backups.services import collection, removals
from webapp.server.backups.storage import current_store
from webapp.server.backups.storage.local import LocalStaging, LocalStore


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

        def then_come_in(now: datetime) -> list[str]:
            names = take(now)
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


class InTurn:
    """A pool of threads that is none: a test's database belongs to its own thread."""

    def __init__(self, workers: int) -> None:
        self.map = map

    def __enter__(self) -> "InTurn":
        return self

    def __exit__(self, *error: object) -> None:
        return None


def let_go(browser: Browser, part: tuple[bytes, bytes]) -> None:
    """The chunk's row is gone, and its object is noted."""
    browser.put([part])
    collection.collect_safe(Safe.objects.get(), current_store(), later(hours=49))
    assert Removal.objects.count() == 1


def test_a_second_sweep_leaves_alone_what_the_first_has_taken(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would finish, the chunk would be brought again, and the first would then delete what counts."""
    part = chunk()
    let_go(browser, part)
    take = removals._take_portion
    seen: list[tuple[int, int]] = []

    def meanwhile(now: datetime) -> list[str]:
        names = take(now)
        if names and not seen:
            seen.append((0, 0))
            seen[0] = (removals.sweep(current_store()), browser.put([part]).status_code)
        return names

    monkeypatch.setattr(removals, "_take_portion", meanwhile)
    removals.sweep(current_store())
    assert seen == [(0, 503)]
    assert browser.put([part]).status_code == 200
    assert readable(browser, [part])


def test_what_a_killed_sweep_had_taken_is_free_after_an_hour(browser: Browser, store: Path) -> None:
    let_go(browser, chunk())
    assert len(removals._take_portion(later(minutes=-59))) == 1
    assert removals.sweep(current_store()) == 0
    assert len(stored_files(store)) == 1
    Removal.objects.update(taken=later(minutes=-61))
    assert removals.sweep(current_store()) == 1
    assert stored_files(store) == []


def test_a_sweep_whose_hour_is_over_takes_away_no_note_of_the_next(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go(browser, chunk())
    after = later(hours=2)

    def slow(store: LocalStore, name: str) -> None:
        Removal.objects.update(taken=after)

    monkeypatch.setattr(removals, "ThreadPoolExecutor", InTurn)
    monkeypatch.setattr(LocalStore, "delete", slow)
    removals.sweep(current_store())
    assert list(Removal.objects.values_list("taken", flat=True)) == [after]


def test_a_slow_sweep_stops_deleting_before_its_hour_is_over(
    browser: Browser, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go(browser, chunk())
    with monkeypatch.context() as slow:
        slow.setattr(removals, "WORK_SECONDS", 0)
        assert removals.sweep(current_store(), portions=1) == 0
    assert len(stored_files(store)) == 1
    assert removals.sweep(current_store()) == 1
    assert stored_files(store) == []


def test_what_the_store_refuses_to_delete_is_free_for_the_next_sweep(
    browser: Browser, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = chunk()
    let_go(browser, part)

    def refuse(store: LocalStore, name: str) -> None:
        raise OSError("refused")

    with monkeypatch.context() as broken:
        broken.setattr(LocalStore, "delete", refuse)
        with pytest.raises(OSError, match="refused"):
            removals.sweep(current_store())
    assert code(browser.put([part])) == "store_busy"  # the store may have lost it
    assert removals.sweep(current_store()) == 1
    assert browser.put([part]).status_code == 200
    assert readable(browser, [part])


def test_an_object_that_a_sweep_took_before_its_row_was_written_is_missed_at_once(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = chunk()
    let_go(browser, part)
    publish = LocalStaging.publish

    def then_sweep(staging: LocalStaging, names: dict[int, str]) -> None:
        publish(staging, names)
        assert removals.sweep(current_store()) == 1

    body, _ = browser.commit_body([part[0]])
    before = Safe.objects.get().removals
    with monkeypatch.context() as sweeping:
        sweeping.setattr(LocalStaging, "publish", then_sweep)
        assert code(browser.put([part])) == "store_busy"
    assert Safe.objects.get().removals == before + 1  # whoever counted on it meanwhile looks again
    assert code(browser.octets("snapshots", body)) == "chunks_missing"
    assert browser.put([part]).status_code == 200
    assert readable(browser, [part])
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
