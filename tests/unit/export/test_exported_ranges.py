"""Exports of a range of time, and how much they will be."""

import asyncio
from typing import Any

from tests.unit.export.exporting import MemoryFolder, Quiet, Tags, fetch
from webapp.engine.archive import Archive
from webapp.engine.export import ExportJob, export_chats
from webapp.engine.export.extent import extent_of
from webapp.engine.export.html import PAGE
from webapp.engine.ports import Data


def test_a_range_of_time_exports_only_its_messages_and_fetches_only_their_media(archive: Archive) -> None:
    rows = [row for chat in archive.chats() for row in archive.slice(chat.id, 0, chat.messages)]
    times = sorted(row.timestamp for row in rows if row.timestamp is not None)
    since, until = times[len(times) // 3], times[2 * len(times) // 3]
    within = [row for row in rows if row.timestamp is not None and since <= row.timestamp < until]
    assert 0 < len(within) < len(rows)
    asked: list[int] = []

    async def noting(media: Any) -> Data:
        asked.append(media.id)
        return await fetch(media)

    job = ExportJob(archive, "json", None, noting, since=since, until=until)
    asyncio.run(export_chats(job, MemoryFolder(), Quiet()))
    assert job.messages == len(within)
    shown = {row.media.id for row in within if row.media is not None and row.media.source is not None}
    assert set(asked) == shown


def test_pages_of_a_range_of_time_lead_nowhere_else(archive: Archive) -> None:
    since = 1_653_100_000_000 + 60_000 * (PAGE // 2)
    job = ExportJob(archive, "html", None, fetch, since=since, until=since + 60_000 * (PAGE + 5))
    folder = MemoryFolder()
    asyncio.run(export_chats(job, folder, Quiet()))
    pages = {path: content.decode() for path, content in folder.files.items() if path.endswith(".html")}
    # The index, and two pages of the one chat that has messages then.
    assert len(pages) == 3
    for text in pages.values():
        assert {address.partition("#")[0] for address in Tags(text).addresses} <= set(folder.files)
    assert "1,005 messages" in pages["index.html"]


def test_how_much_an_export_will_be_is_what_it_becomes(archive: Archive) -> None:
    extent = extent_of(archive, None, None, None)
    job = ExportJob(archive, "json", None, fetch)
    asyncio.run(export_chats(job, MemoryFolder(), Quiet()))
    # lost.jpg is in the backup as far as the archive knows.
    assert (extent.messages, extent.missing, extent.media) == (job.messages, job.missing_media - 1, 6)
    since, until = 1_653_040_900_002, 1_653_041_000_000
    part = extent_of(archive, [1], since, until)
    assert (part.messages, part.media, part.missing) == (6, 5, 1)
    assert (part.first, part.last) == (since, 1_653_040_900_007)
    nothing = extent_of(archive, [2], since, until)
    assert (nothing.messages, nothing.first, nothing.last) == (0, None, None)
