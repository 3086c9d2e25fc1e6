"""Backups in a folder of one's own: one format, incremental, signed, and honest about what a sync left half done."""

import asyncio
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.flows.circle.doubles import Chosen, Collected, Watcher
from webapp.cli.crypto import NativeCrypto
from webapp.cli.folder_access import DiskFolderAccess
from webapp.engine.backup import Backup, BackupResult, backup
from webapp.engine.completeness import BackupShrank
from webapp.engine.content import Content
from webapp.engine.crypto.keys import BackupKey
from webapp.engine.cutting import cut
from webapp.engine.errors import ChunkDamaged, KeyOfAnotherSafe, NetworkDown
from webapp.engine.folder import (
    NO_ACCOUNT,
    FileNotThere,
    FolderStore,
    NotACofferFolder,
    folder_of,
    open_folder,
    safe_of_folder,
)
from webapp.engine.owner import Owner
from webapp.engine.ports import Data
from webapp.engine.restore import SnapshotReader, fetch_manifest
from webapp.engine.safes import SAFE_ID_BYTES

PROVIDER = NativeCrypto()
NOISE = random.Random(5).randbytes(9_000_000)


class Mira:
    """A person with a key and a folder."""

    def __init__(self, folder: Path) -> None:
        self.key = BackupKey.generate(PROVIDER)
        self.safe = PROVIDER.random_bytes(SAFE_ID_BYTES)
        self.owner = Owner(NO_ACCOUNT, self.safe, self.key)
        self.folder = folder
        self.place = folder / folder_of(self.safe)

    def store(self, *, make: bool = True) -> FolderStore:
        return asyncio.run(open_folder(PROVIDER, DiskFolderAccess(self.folder), self.safe, self.key, make=make))

    def job(self, store: FolderStore, *files: Chosen, messages: int = 2) -> Backup:
        counts = {"chats": 1, "messages": messages, "media": 0}
        content = Content(tuple(cut(file) for file in files), {}, "whatsapp_text", counts)
        snapshot = PROVIDER.random_bytes(16)
        return Backup(PROVIDER, store, self.owner, content, snapshot=snapshot, created="2026-11-24T10:00:00Z")

    def back_up(self, *files: Chosen) -> BackupResult:
        async def run() -> BackupResult:
            store = await open_folder(PROVIDER, DiskFolderAccess(self.folder), self.safe, self.key, make=True)
            rows = await store.snapshots(self.safe)
            job = self.job(store, *files)
            if rows:
                job.known.trust((await fetch_manifest(PROVIDER, store, self.owner, rows[0])).chunks)
            return await backup(job, rows[0].head if rows else None, Watcher())

        return asyncio.run(run())

    def restored(self, number: int = 0) -> dict[str, bytes]:
        async def run() -> dict[str, bytes]:
            store = await open_folder(PROVIDER, DiskFolderAccess(self.folder), self.safe, self.key, make=False)
            row = (await store.snapshots(self.safe))[number]
            manifest = await fetch_manifest(PROVIDER, store, self.owner, row)
            reader = SnapshotReader(PROVIDER, store, self.owner, manifest)
            files = {}
            for file in manifest.files:
                sink = Collected()
                await reader.save(file, sink, Watcher())
                files[file.path] = sink.content
            return files

        return asyncio.run(run())

    def files(self, pattern: str) -> list[Path]:
        return sorted(self.place.glob(pattern))


@pytest.fixture
def mira(tmp_path: Path) -> Mira:
    return Mira(tmp_path)


FILM = Chosen("film.mp4", NOISE)
NOTES = Chosen("notes.txt", b"a line\n" * 1000)


def test_what_went_into_the_folder_comes_out_bit_for_bit(mira: Mira) -> None:
    mira.back_up(FILM, NOTES)
    assert mira.restored() == {"film.mp4": FILM.content, "notes.txt": NOTES.content}


def test_nothing_readable_lies_in_the_folder(mira: Mira) -> None:
    mira.back_up(NOTES)
    everything = b"".join(path.read_bytes() for path in mira.place.rglob("*") if path.is_file())
    assert b"a line" not in everything
    assert b"notes.txt" not in everything
    assert mira.key.secret.expose() not in everything


def test_a_second_backup_writes_only_what_is_new(mira: Mira) -> None:
    mira.back_up(FILM)
    result = mira.back_up(FILM, NOTES)
    assert (result.new_chunks, result.known_chunks) == (1, 2)
    assert [(share.path, share.new, share.known) for share in result.files] == [
        ("film.mp4", 0, len(NOISE)),
        ("notes.txt", len(NOTES.content), 0),
    ]
    assert len(mira.files("chunks/*/*")) == 3
    assert mira.restored(1) == {"film.mp4": FILM.content}


def test_a_folder_that_vanishes_in_mid_backup_keeps_what_was_written(mira: Mira) -> None:
    class Failing(DiskFolderAccess):
        left = 2

        async def write(self, path: str, data: Data) -> None:
            self.left -= 1
            if not self.left:
                raise NetworkDown
            await super().write(path, data)

    async def interrupted() -> None:
        store = await open_folder(PROVIDER, Failing(mira.folder), mira.safe, mira.key, make=True)
        await mira.job(store, FILM).run(None, Watcher())

    with pytest.raises(NetworkDown):
        asyncio.run(interrupted())
    assert mira.store().refused == 0
    assert asyncio.run(mira.store().snapshots(mira.safe)) == []
    before = {path: path.stat().st_mtime_ns for path in mira.files("chunks/*/*")}
    result = mira.back_up(FILM)
    assert result.known_chunks == len(before)
    assert all(path.stat().st_mtime_ns == then for path, then in before.items())


def test_a_file_that_a_sync_cut_short_counts_as_lacking_and_is_written_again(mira: Mira) -> None:
    mira.back_up(FILM)
    path = mira.files("chunks/*/*")[0]
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(FileNotThere):
        mira.restored()
    mira.back_up(FILM)
    assert mira.restored() == {"film.mp4": FILM.content}


def test_damage_of_the_right_length_is_noticed_when_it_is_read(mira: Mira) -> None:
    mira.back_up(FILM)
    path = mira.files("chunks/*/*")[0]
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(ChunkDamaged):
        mira.restored()


def test_two_ciphertexts_of_one_chunk_are_told_apart(mira: Mira, tmp_path: Path) -> None:
    """Two devices that sealed the same file before their folders were synced."""
    mira.back_up(NOTES)
    ours = mira.files("chunks/*/*")[0]
    other = Mira(tmp_path / "other")
    other.folder.mkdir()
    other.key, other.safe, other.owner = mira.key, mira.safe, mira.owner
    other.place = other.folder / folder_of(mira.safe)
    other.back_up(NOTES)
    for theirs in other.files("chunks/*/*"):
        (ours.parent / theirs.name).write_bytes(theirs.read_bytes())
    assert len(mira.files("chunks/*/*")) == 2
    assert mira.restored() == {"notes.txt": NOTES.content}
    for theirs in other.files("snapshots/*"):
        (mira.place / "snapshots" / theirs.name).write_bytes(theirs.read_bytes())
    assert mira.restored(0) == mira.restored(1) == {"notes.txt": NOTES.content}


@pytest.mark.parametrize("part", ["head", "previous_head", "manifest_sha256", "snapshot", "safe"])
def test_a_head_that_was_changed_is_not_believed(mira: Mira, part: str) -> None:
    mira.back_up(NOTES)
    (path,) = mira.files("snapshots/*.json")
    value: dict[str, Any] = json.loads(path.read_text())
    value[part] = "ab" * (len(value[part] or "ab" * 32) // 2)
    path.write_text(json.dumps(value))
    store = mira.store()
    rows = asyncio.run(store.snapshots(mira.safe))
    if part == "safe":
        assert len(rows) == 1  # what the head says of its safe is not used: its signature names one
    else:
        assert (rows, store.refused) == ([], 1)


@pytest.mark.parametrize("text", ["[" * 60_000, "{", "null", "{}"])
def test_a_head_that_is_nonsense_is_left_out(mira: Mira, text: str) -> None:
    mira.back_up(NOTES)
    (path,) = mira.files("snapshots/*.json")
    path.with_name(path.name.replace(path.name[:2], "00", 1)).write_text(text)
    store = mira.store()
    assert (len(asyncio.run(store.snapshots(mira.safe))), store.refused) == (1, 1)


def test_a_head_that_counts_without_end_is_left_out(mira: Mira) -> None:
    mira.back_up(NOTES)
    (path,) = mira.files("snapshots/*.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"chunks": float("inf")}))
    store = mira.store()
    assert (asyncio.run(store.snapshots(mira.safe)), store.refused) == ([], 1)


def test_a_head_larger_than_any_is_not_read(mira: Mira) -> None:
    mira.back_up(NOTES)
    (path,) = mira.files("snapshots/*.json")
    path.write_text(path.read_text() + " " * (1 << 16))
    store = mira.store()
    assert (asyncio.run(store.snapshots(mira.safe)), store.refused) == ([], 1)


@pytest.mark.parametrize("text", ["[" * 60_000, "nothing", "[]"])
def test_a_description_that_is_nonsense_is_none(mira: Mira, text: str) -> None:
    mira.back_up(NOTES)
    (mira.place / "coffer-safe.json").write_text(text)
    with pytest.raises(NotACofferFolder):
        mira.store(make=False)


def test_an_older_backup_cannot_be_put_in_the_newest_ones_place(mira: Mira) -> None:
    first, second = mira.back_up(NOTES), mira.back_up(FILM)
    for path in mira.files("snapshots/*.json"):
        value = json.loads(path.read_text())
        # In a circle there would be no newest at all; so turned, the older one would stand above.
        value["previous_head"] = None if value["head"] == second.head.hex() else second.head.hex()
        path.write_text(json.dumps(value))
    store = mira.store()
    assert (asyncio.run(store.snapshots(mira.safe)), store.refused) == ([], 2)
    assert first.head != second.head


def test_a_head_of_another_owner_is_left_out(mira: Mira, tmp_path: Path) -> None:
    mira.back_up(NOTES)
    stranger = Mira(tmp_path / "stranger")
    stranger.folder.mkdir()
    stranger.safe = mira.safe
    stranger.owner = Owner(NO_ACCOUNT, mira.safe, stranger.key)
    stranger.place = stranger.folder / folder_of(mira.safe)
    stranger.back_up(FILM)
    for path in stranger.files("snapshots/*"):
        (mira.place / "snapshots" / path.name).write_bytes(path.read_bytes())
    store = mira.store()
    assert len(asyncio.run(store.snapshots(mira.safe))) == 1
    assert store.refused == 1


def test_the_newest_follows_the_chain_whatever_the_clocks_said(mira: Mira) -> None:
    first, second = mira.back_up(NOTES), mira.back_up(FILM)
    for path in mira.files("snapshots/*.json"):
        value = json.loads(path.read_text())
        value["created"] = "2031-01-01T00:00:00Z" if value["head"] == first.head.hex() else "2001-01-01T00:00:00Z"
        path.write_text(json.dumps(value))
    rows = asyncio.run(mira.store().snapshots(mira.safe))
    assert [row.head for row in rows] == [second.head, first.head]


def test_two_devices_at_once_both_keep_their_snapshot(mira: Mira) -> None:
    mira.back_up(NOTES)
    store = mira.store()
    asyncio.run(backup(mira.job(store, FILM), None, Watcher()))
    rows = asyncio.run(store.snapshots(mira.safe))
    assert [row.previous_head for row in rows] == [rows[1].head, None]


def test_a_snapshot_without_its_head_is_none(mira: Mira) -> None:
    mira.back_up(NOTES)
    for path in mira.files("snapshots/*.json"):
        path.unlink()
    assert asyncio.run(mira.store().snapshots(mira.safe)) == []


def test_an_empty_folder_and_another_key_are_told(mira: Mira) -> None:
    with pytest.raises(NotACofferFolder):
        mira.store(make=False)
    mira.store()
    mira.key = BackupKey.generate(PROVIDER)
    with pytest.raises(KeyOfAnotherSafe):
        mira.store()


def test_several_safes_share_a_folder_and_each_can_be_chosen_itself(mira: Mira) -> None:
    other = Mira(mira.folder)
    mira.back_up(NOTES)
    other.back_up(FILM)
    mira.folder = mira.place
    assert mira.restored() == {"notes.txt": NOTES.content}
    told = asyncio.run(safe_of_folder(PROVIDER, DiskFolderAccess(mira.place)))
    assert told == (mira.safe, mira.key.key_check)


def paths_of(folder: Path) -> Sequence[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_layout_is_the_documented_one(mira: Mira) -> None:
    mira.back_up(NOTES)
    hexes = r"[0-9a-f]"
    patterns = (
        rf"chunks/{hexes}{{2}}/{hexes}{{64}}\.{hexes}{{64}}\.\d+",
        r"coffer-safe\.json",
        *(rf"snapshots/{hexes}{{32}}\.{hexes}{{64}}\.{end}" for end in ("ids", "json", "manifest")),
    )
    import re

    for path, pattern in zip(paths_of(mira.place), patterns, strict=True):
        assert re.fullmatch(pattern, path)


def test_a_backup_that_shrank_is_refused_before_anything_is_written(mira: Mira) -> None:
    from webapp.engine.completeness import Totals

    store = mira.store()
    job = mira.job(store, NOTES, messages=100)
    job.compare(Totals(1000, 0, len(NOTES.content)))
    with pytest.raises(BackupShrank):
        asyncio.run(job.run(None, Watcher()))
    assert mira.files("chunks/*/*") == []
    job.compare(Totals(1000, 0, len(NOTES.content)), accepted=True)
    asyncio.run(job.run(None, Watcher()))
    assert len(asyncio.run(store.snapshots(mira.safe))) == 1
