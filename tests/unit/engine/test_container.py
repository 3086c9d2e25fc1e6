"""A snapshot as one file: what is written opens again, and what was cut or changed is named for what it is."""

import asyncio
import json
import random
import tracemalloc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.flows.circle.doubles import Chosen, Collected, Watcher
from tests.unit.engine import container_vector as vector
from tests.unit.engine.kept_store import KeptStore
from webapp.cli.crypto import NativeCrypto
from webapp.engine.backup import Backup
from webapp.engine.container import ContainerReadOnly, container_name, open_container, save_container
from webapp.engine.content import Content
from webapp.engine.crypto.keys import BackupKey
from webapp.engine.cutting import cut
from webapp.engine.errors import Cancelled, ChunkDamaged, CofferError, KeyOfAnotherSafe, ManifestDamaged
from webapp.engine.format.container import PREFIX_BYTES, ContainerCutShort, ContainerDamaged, NotAContainer
from webapp.engine.owner import Owner
from webapp.engine.restore import SnapshotReader, fetch_manifest

PROVIDER = NativeCrypto()
FILES = (
    Chosen("two/words.txt", b"The boat leaves at eight.\n" * 90_000),
    Chosen("picture.jpg", b"\xff\xd8\xff" + random.Random(1).randbytes(700_000)),
    Chosen("empty.bin", b""),
)


@dataclass
class World:
    """A safe with one snapshot, and the container that was saved of it."""

    key: BackupKey = field(default_factory=lambda: BackupKey.generate(PROVIDER))
    store: KeptStore = field(default_factory=KeptStore)
    content: bytes = b""

    @property
    def owner(self) -> Owner:
        return Owner(bytes(16), b"s" * 16, self.key)

    async def make(self, files: tuple[Chosen, ...] = FILES) -> "World":
        content = Content(tuple(cut(file) for file in files), {}, "whatsapp_text", {"chats": 1})
        job = Backup(PROVIDER, self.store, self.owner, content, snapshot=b"n" * 16, created="2026-11-24T10:00:00Z")
        await job.run(None, Watcher())
        sink = Collected()
        (row,) = await self.store.snapshots(self.owner.safe)
        size = await save_container(PROVIDER, self.store, self.owner, row, sink, Watcher())
        self.content = sink.content
        assert sink.closed
        assert size == len(self.content)
        return self


async def restored(content: bytes, key: BackupKey, ahead: int = 0) -> dict[str, bytes]:
    container = await open_container(PROVIDER, Chosen("x.coffer", content), key)
    (row,) = await container.snapshots(container.head.safe)
    manifest = await fetch_manifest(PROVIDER, container, container.owner(key), row)
    reader = SnapshotReader(PROVIDER, container, container.owner(key), manifest, ahead=ahead)
    files = {}
    for file in manifest.files:
        sink = Collected()
        await reader.save(file, sink, Watcher())
        files[file.path] = sink.content
    return files


def run[T](job: Awaitable[T]) -> T:
    async def main() -> T:
        return await job

    return asyncio.run(main())


@pytest.fixture(scope="module")
def world() -> World:
    return run(World().make())


def failure(content: bytes, key: BackupKey) -> CofferError:
    with pytest.raises(CofferError) as raised:
        run(restored(content, key))
    return raised.value


@pytest.mark.parametrize("ahead", [0, 2])
def test_what_was_saved_comes_back_bit_for_bit(world: World, ahead: int) -> None:
    assert run(restored(world.content, world.key, ahead)) == {file.name: file.content for file in FILES}


def test_nothing_of_it_can_be_read_without_the_key(world: World) -> None:
    for word in (b"picture.jpg", b"two/words", b"boat", b"whatsapp", b"2026-11-24"):
        assert word not in world.content


def test_another_key_is_told_from_damage(world: World) -> None:
    assert isinstance(failure(world.content, BackupKey.generate(PROVIDER)), KeyOfAnotherSafe)


@pytest.mark.parametrize("left", [17, PREFIX_BYTES - 1, PREFIX_BYTES + 9, 2000, -700_000, -1])
def test_a_file_that_was_cut_short_says_so(world: World, left: int) -> None:
    assert isinstance(failure(world.content[:left], world.key), ContainerCutShort)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(100), b"coffer-backup" + bytes(100)])
def test_another_file_is_none_of_ours(world: World, content: bytes) -> None:
    assert isinstance(failure(content, world.key), NotAContainer)


def test_a_longer_file_is_damaged(world: World) -> None:
    assert isinstance(failure(world.content + b"x", world.key), ContainerDamaged)


def test_a_flipped_bit_anywhere_is_found_and_named(world: World) -> None:
    start = PREFIX_BYTES + int.from_bytes(world.content[PREFIX_BYTES - 4 : PREFIX_BYTES], "big")
    head = run(open_container(PROVIDER, Chosen("x", world.content), world.key)).head
    chunks = start + head.manifest_bytes
    expected = {
        3: NotAContainer,
        20: KeyOfAnotherSafe,
        PREFIX_BYTES - 4: ContainerDamaged,
        PREFIX_BYTES + 60: ContainerDamaged,
        start + 50: ManifestDamaged,
        chunks + 100: ChunkDamaged,
        len(world.content) - 1: ChunkDamaged,
    }
    for position, kind in expected.items():
        changed = bytearray(world.content)
        changed[position] ^= 1
        assert isinstance(failure(bytes(changed), world.key), kind), position


def test_a_chunk_that_came_back_changed_is_not_saved(world: World) -> None:
    async def job() -> None:
        other = await World(world.key).make()
        identity = next(iter(other.store.chunks))
        sealed = other.store.chunks[identity]
        other.store.chunks[identity] = sealed[:-1] + bytes([sealed[-1] ^ 1])
        (row,) = await other.store.snapshots(other.owner.safe)
        sink = Collected()
        with pytest.raises(ChunkDamaged):
            await save_container(PROVIDER, other.store, other.owner, row, sink, Watcher())
        assert sink.aborted
        assert not sink.closed

    run(job())


def test_saving_can_be_cancelled(world: World) -> None:
    async def job() -> None:
        (row,) = await world.store.snapshots(world.owner.safe)
        sink = Collected()
        with pytest.raises(Cancelled):
            await save_container(PROVIDER, world.store, world.owner, row, sink, Watcher(cancel_after=0))
        assert sink.aborted

    run(job())


def test_it_only_reads(world: World) -> None:
    async def job() -> None:
        container = await open_container(PROVIDER, Chosen("x", world.content), world.key)
        for attempt in (container.nonce(), container.put_chunks(bytes(16), [])):
            with pytest.raises(ContainerReadOnly):
                await attempt

    run(job())


def test_memory_does_not_grow_with_the_container(tmp_path: Path) -> None:
    """48 MiB through a few batches: what is held at once is bounded by those."""

    @dataclass
    class Counting:
        size: int = 0

        async def write(self, data: bytes) -> None:
            self.size += len(data)

        async def close(self) -> None: ...

        async def abort(self) -> None: ...

    async def job(count: int) -> int:
        world = World()
        files = tuple(Chosen(f"{n}.jpg", b"\xff\xd8\xff" + random.Random(n).randbytes(6 << 20)) for n in range(count))
        await world.make(files)
        world.content = b""
        (row,) = await world.store.snapshots(world.owner.safe)
        tracemalloc.start()
        try:
            await save_container(PROVIDER, world.store, world.owner, row, Counting(), Watcher())
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert run(job(8)) < 24 << 20


def test_its_name_tells_the_day() -> None:
    assert container_name("2026-11-24T10:00:00Z") == "coffer-backup-2026-11-24.coffer"


def test_the_pinned_container_opens() -> None:
    pinned = json.loads(vector.PATH.read_text(encoding="utf-8"))
    files = run(restored(bytes.fromhex(pinned["container"]), vector.backup_key()))
    assert files == {vector.NAME: vector.TEXT}


def test_the_head_is_made_again_to_the_last_byte() -> None:
    pinned = json.loads(vector.PATH.read_text(encoding="utf-8"))
    made: Callable[..., Awaitable[str]] = vector.sealed_head
    assert run(made(NativeCrypto())) == pinned["head"]
