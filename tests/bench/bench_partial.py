"""How much of a large snapshot is fetched before the first chat can be read: `python -m tests.bench partial`.

2 GiB in one chat export: 20,000 messages, the rest pictures and videos of everyday sizes. It is backed up into a folder
with the engine's own code, and read through a store that counts every byte it hands out: head, manifest, and chunks.
"""

import asyncio
import random
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from webapp.cli.crypto import NativeCrypto
from webapp.cli.files import FileSource
from webapp.cli.folder_access import DiskFolderAccess
from webapp.cli.inflater import NativeInflater
from webapp.engine.backup import Backup, backup
from webapp.engine.chosen import content_of, read_chosen
from webapp.engine.crypto.keys import BackupKey
from webapp.engine.folder import NO_ACCOUNT, FolderStore, open_folder
from webapp.engine.opened import OpenedSnapshot
from webapp.engine.owner import Owner
from webapp.engine.ports import Data, Progress
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.restore import SnapshotReader, fetch_manifest

SIZE = 2 << 30
MESSAGES = 20_000
PROVIDER = NativeCrypto()


class Quiet:
    def __call__(self, progress: Progress) -> None:
        return

    def check(self) -> None:
        return


class Counting(DiskFolderAccess):
    """Counts what is read."""

    read_bytes = 0

    async def read(self, path: str) -> Data:
        data = await super().read(path)
        self.read_bytes += len(data)
        return data


def _sizes(rng: random.Random) -> Iterator[int]:
    """Mostly pictures of some hundred kilobytes, now and then a video of some megabytes, up to SIZE."""
    left = SIZE
    while left > 0:
        size = rng.randrange(2_000_000, 16_000_000) if rng.random() < 0.04 else rng.randrange(60_000, 500_000)
        yield min(size, left)
        left -= size


def _export(path: Path) -> None:
    rng = random.Random(20)
    words = [f"word{number}" for number in range(3000)]
    sizes = list(_sizes(rng))
    lines = []
    for number in range(MESSAGES):
        stamp = f"{number // 800 % 28 + 1:02}/{number // 22400 + 1:02}/2026, {number // 60 % 24:02}:{number % 60:02}"
        shows = number < len(sizes)
        text = f"IMG-{number}.jpg (file attached)" if shows else " ".join(rng.choices(words, k=rng.randrange(2, 25)))
        lines.append(f"{stamp} - {'Mira' if number % 2 else 'Jon'}: {text}\n")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        target.writestr("WhatsApp Chat with Jon.txt", "".join(lines), zipfile.ZIP_DEFLATED)
        for number, size in enumerate(sizes):
            target.writestr(f"IMG-{number}.jpg", b"\xff\xd8\xff\xe0" + rng.randbytes(size))


async def _backed_up(export: Path, folder: Path, owner: Owner) -> None:
    reading = await read_chosen([FileSource(export)], ReadOptions(), PROVIDER, Quiet())
    store = await open_folder(PROVIDER, DiskFolderAccess(folder), owner.safe, owner.key, make=True)
    snapshot = PROVIDER.random_bytes(16)
    job = Backup(PROVIDER, store, owner, content_of(reading), snapshot=snapshot, created="2026-11-24T10:00:00Z")
    await backup(job, None, Quiet())
    reading.close()


async def _first_chat(access: Counting, store: FolderStore, owner: Owner) -> tuple[int, float, int]:
    """(messages shown, seconds, all bytes of the snapshot)"""
    start = time.perf_counter()
    row = (await store.snapshots(owner.safe))[0]
    manifest = await fetch_manifest(PROVIDER, store, owner, row)
    reader = SnapshotReader(PROVIDER, store, owner, manifest)
    opened = OpenedSnapshot(PROVIDER, NativeInflater(), PROVIDER, manifest, reader)
    await opened.open(Quiet())
    chat = opened.archive.chats()[0]
    shown = opened.archive.slice(chat.id, max(0, chat.messages - 60), 60)
    seconds = time.perf_counter() - start
    opened.close()
    return len(shown), seconds, row.size


def measure() -> Sequence[dict[str, object]]:
    """The share of bytes fetched, in percent."""
    with tempfile.TemporaryDirectory(prefix="coffer-bench-") as place:
        folder, export = Path(place), Path(place) / "WhatsApp Chat with Jon.zip"
        _export(export)
        owner = Owner(NO_ACCOUNT, PROVIDER.random_bytes(16), BackupKey.generate(PROVIDER))
        asyncio.run(_backed_up(export, folder, owner))
        export.unlink()
        access = Counting(folder)

        async def read() -> tuple[int, float, int]:
            store = await open_folder(PROVIDER, access, owner.safe, owner.key, make=False)
            return await _first_chat(access, store, owner)

        shown, seconds, whole = asyncio.run(read())
        if shown != 60:
            raise RuntimeError("the chat is not there")
        share = 100 * access.read_bytes / whole
        return [
            {
                "figure": f"first chat of a 2 GiB snapshot: fetched, of {whole / 1e9:.2f} GB ({seconds:.2f} s)",
                "ours": f"{access.read_bytes / 1e6:.2f} MB",
                "beside": f"{share:.2f} %",
                "value": share,
                "at_most": 1.0,
            }
        ]
