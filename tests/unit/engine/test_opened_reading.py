"""What was read is looked at without safe or server, by the same verbs, and stays as it was for a backup."""

import asyncio
import sqlite3
import zipfile
import zlib
from io import BytesIO

import pytest

from tests.browser.exports import png
from tests.fixtures_crypt import Quiet
from tests.fixtures_export import MemorySource
from tests.flows.circle.doubles import Collected, Watcher
from webapp.cli.crypto import NativeCrypto
from webapp.engine.chosen import Reading, content_of, read_chosen
from webapp.engine.errors import Cancelled
from webapp.engine.opened import NotInBackup
from webapp.engine.opened_reading import OpenedReading
from webapp.engine.ports import Data
from webapp.engine.readers.reading import ReadOptions

PICTURE = png(3, 2, 1, 2, 3)
TEXT = (
    "04/11/2026, 09:13 - Ada: The boat leaves at eight.\n"
    "04/11/2026, 09:14 - Tom: harbour.png (file attached)\n"
    "04/11/2026, 09:15 - Tom: gone.png (file attached)\n"
)


def zipped(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("WhatsApp Chat with Ada.txt", TEXT)
        archive.writestr("harbour.png", PICTURE)
    return target.getvalue()


def within(inner: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("chats/one.zip", inner)
    return target.getvalue()


class Counting:
    """An inflater that counts what passes through it."""

    def __init__(self) -> None:
        self.inflated = 0

    async def inflate(self, data: Data, size: int) -> Data:
        self.inflated += 1
        content = zlib.decompress(bytes(data), -15)  # type: ignore[call-overload]
        assert len(content) == size
        return content  # type: ignore[no-any-return]


def read(content: bytes) -> Reading:
    source = MemorySource("chat.zip", content)
    return asyncio.run(read_chosen([source], ReadOptions(), NativeCrypto(), Quiet()))


def picture_of(reading: Reading) -> int:
    query = "SELECT id FROM media WHERE name = 'harbour.png'"
    return int(reading.archive.execute(query).fetchone()[0])


@pytest.mark.parametrize("content", [zipped(), zipped(zipfile.ZIP_STORED), within(zipped())])
@pytest.mark.parametrize("inflater", [None, Counting()])
def test_a_picture_comes_out_of_its_zip_or_of_a_zip_in_it(content: bytes, inflater: Counting | None) -> None:
    reading = read(content)
    opened = OpenedReading(reading, NativeCrypto(), inflater)
    data, mime = asyncio.run(opened.media(picture_of(reading)))
    assert bytes(data) == PICTURE
    assert mime == "image/png"
    reading.close()


def test_a_packed_picture_passes_the_inflater_and_not_pythons_memory() -> None:
    reading, inflater = read(zipped()), Counting()
    asyncio.run(OpenedReading(reading, NativeCrypto(), inflater).media(picture_of(reading)))
    assert inflater.inflated == 1
    reading.close()


def test_what_the_chat_names_and_nobody_gave_is_told() -> None:
    reading = read(zipped())
    missing = reading.archive.execute("SELECT id FROM media WHERE name = 'gone.png'").fetchone()[0]
    for identity in (missing, 9999):
        with pytest.raises(NotInBackup):
            asyncio.run(OpenedReading(reading, NativeCrypto()).media(identity))
    reading.close()


def test_search_leaves_the_reading_as_it_was_for_a_backup() -> None:
    reading = read(zipped())
    before = [bytes(connection.serialize()) for connection in (reading.archive, reading.index)]
    opened = OpenedReading(reading, NativeCrypto())
    assert asyncio.run(opened.search()).find("boat").total == 1
    opened.close()
    assert [bytes(connection.serialize()) for connection in (reading.archive, reading.index)] == before
    with pytest.raises(sqlite3.OperationalError):
        reading.archive.execute("SELECT 1 FROM search.words")
    assert content_of(reading).counts["messages"] == 3
    again = OpenedReading(reading, NativeCrypto())
    assert asyncio.run(again.search()).find("boat").total == 1
    reading.close()


def test_a_chosen_file_is_saved_bit_for_bit() -> None:
    content = zipped()
    reading, sink = read(content), Collected()
    asyncio.run(OpenedReading(reading, NativeCrypto()).save("chat.zip", sink, Quiet()))
    assert (sink.content, sink.closed) == (content, True)
    with pytest.raises(NotInBackup):
        asyncio.run(OpenedReading(reading, NativeCrypto()).save("other.zip", sink, Quiet()))
    reading.close()


def test_a_file_that_was_not_saved_whole_is_taken_back() -> None:
    reading, sink = read(zipped()), Collected()
    opened = OpenedReading(reading, NativeCrypto())
    with pytest.raises(Cancelled):
        asyncio.run(opened.save("chat.zip", sink, Watcher(cancel_after=0)))
    assert (sink.aborted, sink.closed) == (True, False)
    reading.close()
