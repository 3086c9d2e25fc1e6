"""Making the index: it leaves the archive as it was, tells how far it is, can be stopped, and takes any bytes."""

import sqlite3
from collections.abc import Iterator

import pytest

from webapp.engine.archive import ArchiveWriter, Search, build_search_index, load, to_bytes
from webapp.engine.archive.search_index import BATCH
from webapp.engine.errors import Cancelled
from webapp.engine.ports import Progress
from webapp.engine.readers.details import ContactCard, Link
from webapp.engine.readers.events import Chat, ChatEnd, Event, Kind, Media, Message, Participant

MANY = 2 * BATCH + 5


def events(messages: int) -> Iterator[Event]:
    yield Chat(1, "One", "whatsapp", "p", False, None)
    yield Participant(1, 1, "Ann")
    for number in range(messages):
        yield Message(1, number, 1000 * number, Kind.TEXT, 1, f"ápple {number}")
    yield ChatEnd(1, False, 1)


@pytest.fixture(name="archive")
def an_archive() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    ArchiveWriter(connection).write(events(MANY))
    yield connection
    connection.close()


class Heard:
    """A reporter that wants to stop after so many steps."""

    def __init__(self, stop_after: int = 1 << 30) -> None:
        self.steps: list[Progress] = []
        self.stop_after = stop_after

    def __call__(self, progress: Progress) -> None:
        self.steps.append(progress)

    def check(self) -> None:
        if len(self.steps) >= self.stop_after:
            raise Cancelled


def state(archive: sqlite3.Connection) -> tuple[object, ...]:
    """What stays on the connection: attached databases, temporary tables, whether it takes writes."""
    return (
        [name for _, name, _ in archive.execute("PRAGMA database_list")],
        archive.execute("SELECT count(*) FROM sqlite_temp_schema").fetchone(),
        archive.execute("PRAGMA query_only").fetchone(),
        archive.in_transaction,
    )


def test_progress_is_told_a_batch_at_a_time(archive: sqlite3.Connection) -> None:
    heard = Heard()
    build_search_index(archive, sqlite3.connect(":memory:"), heard).close()
    assert [(step.stage, step.done) for step in heard.steps] == [
        ("indexing", done) for done in (BATCH, 2 * BATCH, MANY)
    ]
    assert {step.total for step in heard.steps} == {MANY}


def test_it_can_be_stopped_and_made_again(archive: sqlite3.Connection) -> None:
    target = sqlite3.connect(":memory:")
    before = to_bytes(archive)
    with pytest.raises(Cancelled):
        build_search_index(archive, target, Heard(1))
    assert state(archive)[1:] == ((0,), (0,), False)
    assert "making" not in state(archive)[0]  # type: ignore[operator]
    assert to_bytes(archive) == before
    index = build_search_index(archive, target)
    assert Search(archive, to_bytes(index)).find("apple 7 ").total == 1
    index.close()


def test_an_archive_that_is_only_read_stays_so(archive: sqlite3.Connection) -> None:
    read_only = load(to_bytes(archive))
    index = build_search_index(read_only, sqlite3.connect(":memory:"))
    assert state(read_only)[1:] == ((0,), (1,), False)
    with pytest.raises(sqlite3.OperationalError):
        read_only.execute("DELETE FROM messages")
    read_only.close()
    index.close()


def test_what_stands_beside_a_text_follows_it_in_order_and_is_cut_as_the_text_is() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    details = (ContactCard("Zoë", ""), ContactCard("Bär", "+49"), Link("https://e.org", "東京"))
    ArchiveWriter(connection).write(
        [
            Chat(1, "One", "whatsapp", "p", False, None),
            Media(1, 1, None, "", "", "Ölbild.jpg", "", Kind.IMAGE, "image/jpeg", 0),
            Message(1, 0, 0, Kind.CONTACT, None, "first", media=1, details=details),
            ChatEnd(1, False, None),
        ]
    )
    index = build_search_index(connection, sqlite3.connect(":memory:"))
    index.execute("CREATE VIRTUAL TABLE temp.found USING fts5vocab(main, words, instance)")
    words = index.execute("SELECT term FROM temp.found WHERE col = 'text' ORDER BY offset").fetchall()
    assert [word for (word,) in words] == ["first", "olbild", "jpg", "zoe", "bar", "49", "東", "京"]
    connection.close()
    index.close()


def test_a_name_that_is_no_text_does_not_end_it() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    medium = Media(1, 1, None, "", "", "", "", Kind.IMAGE, "image/jpeg", 0)
    message = Message(1, 0, 0, Kind.IMAGE, None, "mouse", media=1)
    ArchiveWriter(connection).write([Chat(1, "One", "a", "p", False, None), medium, message, ChatEnd(1, False, None)])
    connection.execute("UPDATE media SET name = CAST(x'6d757365ff20686f757365' AS TEXT)")
    index = build_search_index(connection, sqlite3.connect(":memory:"))
    assert index.execute("SELECT rowid FROM words WHERE words MATCH 'house'").fetchall() == [(1,)]
    connection.close()
    index.close()
