"""Pictures that were sent together are shown together: which, in which order, and where the rest stays."""

import sqlite3
from collections.abc import Iterator

import pytest

from webapp.engine.archive import Archive, ArchiveWriter, MessageRow
from webapp.engine.archive.albums import tiles_of
from webapp.engine.readers.details import Detail, InAlbum, Quote, Reaction
from webapp.engine.readers.events import Chat, ChatEnd, Event, Kind, Media, Message, Participant

ALBUM = InAlbum("A")


def picture(sequence: int, *details: Detail, kind: Kind = Kind.IMAGE, sender: int = 1, detail: str = "") -> Message:
    return Message(1, sequence, 1000 + sequence, kind, sender, f"p{sequence}", detail, media=sequence, details=details)


def events() -> Iterator[Event]:
    yield Chat(1, "Team", "whatsapp", "backup.db", False, None)
    yield Participant(1, 1, "Ann")
    yield Participant(2, 1, "Ben")
    for number in range(2, 12):
        yield Media(number, 1, 0, "z", f"{number}.jpg", f"{number}.jpg", "", Kind.IMAGE, "image/jpeg", 3)
    yield Message(1, 0, 1000, Kind.TEXT, 1, "before")
    yield Message(1, 1, 1001, Kind.ALBUM, 1, "", key="A")
    yield picture(2, ALBUM)
    yield Message(1, 3, 1003, Kind.TEXT, 2, "between")
    yield picture(4, ALBUM, Reaction(2, "👍"), kind=Kind.VIDEO)
    yield picture(5, ALBUM, Quote("K", 2, "", "q"))
    yield picture(6, ALBUM, sender=2)
    yield picture(7, ALBUM, detail="view_once")
    yield picture(8, ALBUM, kind=Kind.DOCUMENT)
    yield Message(1, 9, 1009, Kind.DELETED, 1, "", "self", details=(ALBUM,))
    yield picture(10, InAlbum("nowhere"))
    yield Message(1, 11, 1011, Kind.IMAGE, 1, "itself", media=11, key="S")
    yield Message(1, 12, 1012, Kind.IMAGE, 1, "", media=3, details=(InAlbum("S"),))
    yield ChatEnd(1, True, 1)


@pytest.fixture
def archive() -> Iterator[Archive]:
    connection = sqlite3.connect(":memory:")
    ArchiveWriter(connection).write(events())
    yield Archive(connection)
    connection.close()


def rows_of(archive: Archive) -> list[MessageRow]:
    return archive.slice(1, 0, 100)


def test_an_album_shows_its_senders_pictures_and_videos_in_order(archive: Archive) -> None:
    rows = rows_of(archive)
    tiles = archive.tiles(rows)
    assert {rows[album - rows[0].id].sequence: [tile.sequence for tile in shown] for album, shown in tiles.items()} == {
        1: [2, 4],
        11: [12],
    }


def test_what_needs_a_bubble_of_its_own_keeps_it_and_its_album(archive: Archive) -> None:
    rows = rows_of(archive)
    details = archive.details(rows)
    tiles = {row.sequence for row in rows if row.id in details and details[row.id].tile}
    assert tiles == {2, 4, 12}
    album = rows[1].id
    assert {row.sequence for row in rows if row.id in details and details[row.id].album == album} == {2, *range(4, 10)}


def test_a_picture_of_an_album_is_found_where_the_album_is_shown(archive: Archive) -> None:
    rows = rows_of(archive)
    assert [archive.shown_by(row).sequence for row in rows] == [0, 1, 1, 3, 1, 5, 6, 7, 8, 9, 10, 11, 11]


def test_pages_without_albums_have_no_tiles(archive: Archive) -> None:
    assert archive.tiles(rows_of(archive)[:1]) == {}
    assert archive.tiles([]) == {}


def test_an_album_whose_own_message_was_deleted_shows_its_pictures_one_by_one(archive: Archive) -> None:
    archive.connection.execute("UPDATE messages SET kind = 'deleted' WHERE kind = 'album'")
    assert [len(shown) for shown in archive.tiles(rows_of(archive)).values()] == [1]


def test_albums_are_looked_up_without_walking_through_a_chat(archive: Archive) -> None:
    asked: list[str] = []
    archive.connection.set_trace_callback(asked.append)
    tiles_of(archive.connection, [2, 12])
    archive.connection.set_trace_callback(None)
    steps = [row[3] for row in archive.connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert "albums_by_album" in steps[0]
    assert not [step for step in steps if step.startswith("SCAN") or "(chat=?" in step]
