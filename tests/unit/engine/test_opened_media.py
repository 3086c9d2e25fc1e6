"""Media of an opened snapshot that lie deeper than a member of a zip: sealed ones, and those in inner zips."""

import asyncio
import sqlite3
import zipfile
import zlib

import pytest

from tests import fixtures_signal
from tests.fixtures_crypt import ROOT, flipped, mcrypt1, mcrypt1_metadata
from tests.fixtures_export import MemorySource, zip_of
from tests.fixtures_msgstore import message, modern
from tests.fixtures_opened import Quiet
from tests.fixtures_signal import JPEG, PASSPHRASE, story
from webapp.cli.crypto import NativeCrypto
from webapp.engine.archive import Archive
from webapp.engine.chosen import content_of, read_chosen
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import SealBroken
from webapp.engine.format.manifest import Manifest, ManifestFile
from webapp.engine.local_media import LocalMedia
from webapp.engine.opened import OpenedSnapshot
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.signal import passphrase


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "ROUNDS", 3)
    monkeypatch.setattr(fixtures_signal, "ROUNDS", 3)


class Kept:
    """A `SnapshotReader` over files in memory."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        self.contents = contents

    async def whole(self, file: ManifestFile, report: object = None) -> bytes:
        return self.contents[file.path]

    async def range(self, file: ManifestFile, offset: int, length: int) -> bytes:
        return self.contents[file.path][offset : offset + length]


class Inflater:
    async def inflate(self, data: bytes, size: int) -> bytes:
        return zlib.decompress(data, -15)


def first_medium(name: str, content: bytes, *, damage: bool = False) -> bytes:
    """Chosen, read, put into a snapshot's shape, opened again: the bytes of the first medium."""

    async def run() -> bytes:
        options = ReadOptions(keys=(Secret(PASSPHRASE.encode()),))
        reading = await read_chosen([MemorySource(name, content)], options, NativeCrypto(), Quiet())  # type: ignore[arg-type]
        files = tuple(ManifestFile(f.path, f.source.size, None, (), f.members) for f in content_of(reading).files)
        manifest = Manifest(bytes(16), bytes(16), "2024-01-01T00:00:00Z", None, reading.source, {}, files, {}, ())
        kept = {name: content.replace(content[-300:-290], bytes(10)) if damage else content}
        opened = OpenedSnapshot(NativeCrypto(), Inflater(), NativeCrypto(), manifest, Kept(kept))  # type: ignore[arg-type]
        opened.archive = Archive(reading.archive)
        try:
            return bytes((await opened.media(1))[0])  # type: ignore[call-overload]
        finally:
            reading.close()

    return asyncio.run(run())


@pytest.mark.parametrize("packed", ["lone", "stored", "deflated"])
def test_an_attachment_of_a_signal_backup_opens_wherever_the_backup_lies(packed: str) -> None:
    backup = story().end()
    method = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}.get(packed)
    content = backup if method is None else zip_of({"x/signal.backup": backup}, method)
    assert first_medium("a", content) == JPEG


def test_a_damaged_attachment_is_not_shown() -> None:
    backup = story().end()

    async def seal_start() -> int:
        options = ReadOptions(keys=(Secret(PASSPHRASE.encode()),))
        reading = await read_chosen([MemorySource("a", backup)], options, NativeCrypto(), Quiet())  # type: ignore[arg-type]
        seal = Archive(reading.archive).seal(1)
        reading.close()
        return int(seal.split('"offset": ')[1].split(",")[0])

    place = asyncio.run(seal_start()) + 100
    damaged = backup[:place] + bytes([backup[place] ^ 1]) + backup[place + 1 :]
    with pytest.raises(SealBroken):
        first_medium("a", damaged)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_picture_in_an_inner_zip_opens(method: int) -> None:
    line = b"12/05/2022, 10:00 - Ann: IMG-20220512-WA0001.jpg (file attached)\n"
    inner = zip_of({"chat.txt": line, "IMG-20220512-WA0001.jpg": JPEG})
    assert first_medium("a.zip", zip_of({"b/inner.zip": inner}, method)) == JPEG


def test_a_medium_of_drive_is_backed_up_as_it_is_and_opens_with_the_key_of_that_file_alone() -> None:
    name = "00112233445566778899aabbccddeeff"
    sealed = mcrypt1(JPEG, name)
    path = "Media/WhatsApp Images/IMG-1.jpg"
    database = modern(message(2, 1, 1), f"INSERT INTO message_media (message_row_id, file_path) VALUES (2, '{path}')")
    files = {
        "msgstore.db": database,
        f"drive/{name}.mcrypt1": sealed,
        f"drive/{name}.mcrypt1-metadata": mcrypt1_metadata({"name": path}),
    }

    async def run(kept: dict[str, bytes]) -> bytes:
        sources = [MemorySource(path, content) for path, content in files.items()]
        options = ReadOptions(keys=(Secret(ROOT.hex().encode()),))
        reading = await read_chosen(sources, options, NativeCrypto(), Quiet())
        shape = tuple(ManifestFile(f.path, f.source.size, None, (), f.members) for f in content_of(reading).files)
        manifest = Manifest(bytes(16), bytes(16), "2024-01-01T00:00:00Z", None, reading.source, {}, shape, {}, ())
        opened = OpenedSnapshot(NativeCrypto(), Inflater(), NativeCrypto(), manifest, Kept(kept))  # type: ignore[arg-type]
        opened.archive = Archive(reading.archive)
        try:
            (medium,) = reading.archive.execute("SELECT id FROM media WHERE source IS NOT NULL").fetchone()
            assert ROOT.hex() not in opened.archive.seal(medium)
            local = LocalMedia(opened.archive, reading.opened.sources, NativeCrypto())
            row = opened.archive.media_by_id(medium)
            assert row is not None
            assert await local.fetch(row) == JPEG
            return bytes((await opened.media(medium))[0])  # type: ignore[call-overload]
        finally:
            reading.close()

    assert asyncio.run(run(files)) == JPEG
    with pytest.raises(SealBroken):
        asyncio.run(run(files | {f"drive/{name}.mcrypt1": flipped(sealed, [3])}))


def test_a_reading_that_is_closed_gives_its_databases_back() -> None:
    async def run() -> None:
        options = ReadOptions(keys=(Secret(PASSPHRASE.encode()),))
        reading = await read_chosen([MemorySource("a", story().end())], options, NativeCrypto(), Quiet())  # type: ignore[arg-type]
        reading.close()
        with pytest.raises(sqlite3.ProgrammingError):
            reading.archive.execute("SELECT 1")

    asyncio.run(run())
