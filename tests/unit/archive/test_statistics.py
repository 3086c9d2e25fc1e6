"""Counting messages by time, person and kind; where messages came from; walking through media."""

import sqlite3
from collections.abc import Iterator

import pytest

from webapp.engine.archive import Archive, ArchiveWriter, Cursor, origins_of, statistics_of
from webapp.engine.archive.rows import OriginRow
from webapp.engine.archive.statistics import PersonCount
from webapp.engine.readers.events import Chat, ChatEnd, Event, Kind, Media, Message, Origin, Participant, Unknown

HOUR = 3_600_000
DAY = 24 * HOUR
MONDAY = 4 * DAY  # 1970-01-05


def events() -> Iterator[Event]:
    yield Origin(1, "test", "one.db")
    yield Origin(2, "test", "two.db")
    yield Chat(1, "UTC", "a", "p", False, None, 1)
    yield Participant(1, 1, "Ann")
    yield Participant(2, 1, "Ben")
    for number, kind in enumerate((Kind.IMAGE, Kind.VIDEO, Kind.IMAGE)):
        yield Media(number + 1, 1, 0, "one.db", f"{number}", f"{number}", "", kind, "x/y", 1)
    yield Message(1, 0, MONDAY + 23 * HOUR, Kind.TEXT, 1, "late on Monday")
    yield Message(1, 1, MONDAY + 23 * HOUR + 1, Kind.IMAGE, 1, "", media=1)
    yield Message(1, 2, MONDAY + 40 * DAY, Kind.VIDEO, 2, "", media=2)
    yield Message(1, 3, MONDAY + 40 * DAY, Kind.IMAGE, 2, "", media=3)
    yield Unknown(1, "message_type", 2, "112")
    yield Unknown(1, "message_type", 1, "7")
    yield ChatEnd(1, False, None)
    yield Chat(2, "Floating", "a", "p", True, None, 2)
    yield Message(2, 0, -HOUR, Kind.SYSTEM, None, "before 1970")
    yield ChatEnd(2, False, None)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    ArchiveWriter(connection).write(events())
    connection.execute("INSERT INTO copies VALUES (1, 2)")
    yield connection
    connection.close()


def test_messages_are_counted_by_day_month_hour_weekday_person_and_kind(connection: sqlite3.Connection) -> None:
    found = statistics_of(connection, 1)
    assert found.messages == 4
    assert found.days == ((4, 2), (44, 2))
    assert found.months == (("1970-01", 2), ("1970-02", 2))
    assert {hour: count for hour, count in enumerate(found.hours) if count} == {23: 2, 0: 2}
    assert found.weekdays == (2, 0, 0, 0, 0, 2, 0)
    assert found.people == (PersonCount(1, "Ann", 2), PersonCount(2, "Ben", 2))
    assert found.kinds == {"image": 2, "text": 1, "video": 1}


def test_the_zone_moves_real_times_and_leaves_floating_ones(connection: sqlite3.Connection) -> None:
    # An hour ahead until day 20, then two.
    zone = [(0, 60), (20 * DAY, 120)]
    found = statistics_of(connection, 1, zone)
    assert found.days == ((5, 2), (44, 2))
    assert {hour: count for hour, count in enumerate(found.hours) if count} == {0: 2, 2: 2}
    assert statistics_of(connection, 2, zone) == statistics_of(connection, 2)


def test_all_chats_together_are_the_sum(connection: sqlite3.Connection) -> None:
    found = statistics_of(connection)
    assert found.messages == sum(found.hours) == sum(found.weekdays) == sum(count for _, count in found.months) == 5
    assert found.kinds["system"] == 1


def test_origins_tell_what_they_have_and_what_they_alone_have(connection: sqlite3.Connection) -> None:
    assert origins_of(connection) == [
        OriginRow(1, "test", "one.db", "", 4, 3),
        OriginRow(2, "test", "two.db", "", 2, 1),
    ]
    assert [(row.messages, row.only) for row in origins_of(connection, 1)] == [(4, 3), (1, 0)]


def test_the_gallery_walks_through_all_media_once_newest_first(connection: sqlite3.Connection) -> None:
    archive = Archive(connection)
    first = archive.media(None, limit=2)
    assert [entry.media.id for entry in first] == [3, 2]
    last = first[-1]
    assert last.timestamp is not None
    assert last.sequence is not None
    rest = archive.media(None, before=Cursor(last.timestamp, last.sequence), limit=2)
    assert [entry.media.id for entry in rest] == [1]
    assert [entry.media.id for entry in archive.media(1, kinds=["video"])] == [2]
    assert archive.media_counts(1) == {"image": 2, "video": 1}
    assert archive.media_counts(2) == {}


def test_a_date_leads_to_its_place(connection: sqlite3.Connection) -> None:
    archive = Archive(connection)
    assert archive.place_at(1, 0) == 0
    assert archive.place_at(1, MONDAY + 23 * HOUR) == 0
    assert archive.place_at(1, MONDAY + 23 * HOUR + 1) == 1
    assert archive.place_at(1, MONDAY + 40 * DAY) == 2
    assert archive.place_at(1, MONDAY + 41 * DAY) == 4


def test_the_unknown_is_listed_most_first(connection: sqlite3.Connection) -> None:
    assert Archive(connection).unknown() == [("message_type", "112", 2), ("message_type", "7", 1)]


def test_names_come_by_chat(connection: sqlite3.Connection) -> None:
    assert Archive(connection).names() == {1: {1: "Ann", 2: "Ben"}}
