"""Writing an archive and paging through it."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.fixtures_export import MemorySource, write_export, zip_of
from webapp.engine.archive import Archive, ArchiveWriter, Found, load, open_file, to_bytes
from webapp.engine.archive.connection import ArchiveUnreadable
from webapp.engine.errors import Cancelled
from webapp.engine.ports import Progress
from webapp.engine.readers.registry import read

START = datetime(2022, 5, 20, 10, 0)
COUNT = 250


def export() -> bytes:
    # Five messages a minute: most times are ties, which the sequence must break.
    lines = [(START + timedelta(minutes=n // 5), "Ann" if n % 3 else "Ben", f"message {n}") for n in range(COUNT)]
    text = write_export("english android", lines)
    text += "21/05/2022, 09:00 - Ann: IMG-20220521-WA0001.jpg (file attached)\nA caption\n"
    text += "21/05/2022, 09:01 - Ben: gone.jpg (file attached)\n"
    text += "20/05/2022, 10:00 - Ann: told last, but belongs to the first minute\n"
    files = {"WhatsApp Chat with Ann.txt": text.encode(), "IMG-20220521-WA0001.jpg": b"\xff\xd8\xff" + bytes(97)}
    return zip_of({**files, "loose.pdf": b"%PDF-1.4"})


def written() -> tuple[bytes, Found]:
    writer = ArchiveWriter(sqlite3.connect(":memory:"))
    found = writer.write(read([MemorySource("a.zip", export())]))
    data = to_bytes(writer.connection)
    writer.connection.close()
    return data, found


@pytest.fixture
def archive() -> Iterator[Archive]:
    connection = load(written()[0])
    yield Archive(connection)
    connection.close()


def test_the_summary_tells_what_was_found() -> None:
    found = written()[1]
    assert found.messages == COUNT + 3
    assert found.by_kind == {"image": 2, "text": COUNT + 1}
    assert (found.participants, found.media, found.media_bytes, found.media_missing) == (2, 2, 108, 1)
    assert found.unknown == {"unreferenced_file": 1}
    assert found.dates_certain
    (chat,) = found.chats
    assert (chat.title, chat.messages, chat.first, chat.last) == ("Ann", found.messages, found.first, found.last)


def test_the_same_input_gives_the_same_bytes() -> None:
    assert written()[0] == written()[0]


def test_the_list_of_chats_shows_the_newest_message(archive: Archive) -> None:
    (chat,) = archive.chats()
    assert (chat.title, chat.messages, chat.media, chat.floating) == ("Ann", COUNT + 3, 2, True)
    assert chat.preview is not None
    assert chat.preview.media is not None
    assert chat.preview.media.name == "gone.jpg"
    assert archive.totals() == {"chats": 1, "participants": 2, "messages": COUNT + 3, "media": 2, "media_bytes": 108}


def test_walking_back_meets_every_message_once_in_order(archive: Archive) -> None:
    page = archive.messages(1, limit=37)
    assert page.newer is None
    messages = list(page.messages)
    while page.older is not None:
        page = archive.messages(1, before=page.older, limit=37)
        messages = list(page.messages) + messages
    assert page.place == 0
    assert [m.cursor for m in messages] == sorted(m.cursor for m in messages)
    assert len({m.id for m in messages}) == len(messages) == COUNT + 3
    assert messages[5].text == "told last, but belongs to the first minute"


def test_walking_forward_meets_the_same_messages(archive: Archive) -> None:
    page = archive.around(1, archive.slice(1, 0, 1)[0].cursor, limit=40)
    seen = list(page.messages)
    while page.newer is not None:
        page = archive.messages(1, after=page.newer, limit=40)
        assert page.place == len(seen)
        seen += page.messages
    assert seen == archive.slice(1, 0, 1000)


def test_around_a_message_it_stands_in_the_middle(archive: Archive) -> None:
    wanted = archive.slice(1, 120, 1)[0]
    page = archive.around_message(wanted.id, limit=20)
    assert page is not None
    assert page.messages[10] == wanted
    assert page.place == 110
    assert page.older is not None
    assert page.newer is not None
    assert archive.around_message(10_000) is None


def test_beyond_both_ends_there_is_nothing(archive: Archive) -> None:
    everything = archive.messages(1, limit=1000)
    assert (everything.older, everything.newer) == (None, None)
    assert archive.messages(1, before=everything.messages[0].cursor).messages == ()
    assert archive.messages(1, after=everything.messages[-1].cursor).messages == ()
    assert archive.messages(99).messages == ()


def test_media_are_listed_newest_first_and_found_by_file(archive: Archive) -> None:
    entries = archive.media(1)
    assert [entry.media.name for entry in entries] == ["gone.jpg", "IMG-20220521-WA0001.jpg"]
    assert [entry.media.source for entry in entries] == [None, 0]
    assert archive.media(1, kinds=["video"]) == []
    assert [entry.media.name for entry in archive.loose_media(1)] == ["loose.pdf"]
    (medium,) = archive.find_media("a.zip", "IMG-20220521-WA0001.jpg")
    assert archive.media_by_id(medium.id) == medium
    assert (medium.mime, medium.size) == ("image/jpeg", 100)


def test_participants_come_by_how_much_they_wrote(archive: Archive) -> None:
    people = archive.participants(1)
    assert [person.name for person in people] == ["Ann", "Ben"]
    assert sum(person.messages for person in people) == COUNT + 3


def test_an_open_archive_cannot_be_changed(archive: Archive) -> None:
    with pytest.raises(sqlite3.OperationalError):
        archive.connection.execute("DELETE FROM messages")


@pytest.mark.parametrize("data", [b"no database" * 100, b"SQLite format 3\0" + bytes(4080)])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ArchiveUnreadable):
        load(data)


def test_an_archive_of_another_version_is_refused(tmp_path: object) -> None:
    path = f"{tmp_path}/other.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(ArchiveUnreadable):
        open_file(path)


class Impatient:
    """A reporter that cancels once it has heard of some progress."""

    def __init__(self) -> None:
        self.heard: list[Progress] = []

    def __call__(self, progress: Progress) -> None:
        self.heard.append(progress)

    def check(self) -> None:
        if self.heard:
            raise Cancelled


def test_writing_reports_and_can_be_cancelled() -> None:
    text = write_export("english android", [(START, "Ann", f"{n}") for n in range(20_000)])
    reporter = Impatient()
    writer = ArchiveWriter(sqlite3.connect(":memory:"))
    with pytest.raises(Cancelled):
        writer.write(read([MemorySource("a.txt", text.encode())]), reporter)
    assert [progress.done for progress in reporter.heard] == [4096]
    writer.connection.close()
