"""What hangs on a message comes back from the archive as it was told."""

import sqlite3
from collections.abc import Iterator

import pytest

from webapp.engine.archive import Archive, ArchiveWriter, begin, finish
from webapp.engine.archive.rows import DeletionRow, MentionRow, OptionRow, QuoteRow, ReactionRow, VoteRow
from webapp.engine.readers.details import (
    Call,
    ContactCard,
    Deletion,
    Edit,
    InAlbum,
    Invite,
    Link,
    Mention,
    Place,
    PlannedEvent,
    Poll,
    PollOption,
    PollVote,
    Quote,
    Reaction,
    SystemEvent,
)
from webapp.engine.readers.events import (
    Chat,
    ChatEnd,
    Event,
    Kind,
    Media,
    Member,
    Message,
    Origin,
    Participant,
    Unknown,
)

POLL = Poll((PollOption("yes"), PollOption("no", 7)), (PollVote(0, 2, 5), PollVote(0, None)), 1)


def events() -> Iterator[Event]:
    yield Origin(3, "test", "backup.db", "inner")
    yield Chat(1, "Team", "whatsapp", "backup.db", False, None, 3, "team@g.us", "about us", 5, 2, True, False, -1)
    yield Participant(1, None, "Ann", "+491", "491@s", "1@lid", "saved")
    yield Participant(2, None, "Ben", name_source="pushed")
    yield Participant(4, 1, "Cem")
    yield Member(1, 1, "admin", 10)
    yield Member(1, 2, "member", 11, 99)
    yield Media(
        1, 1, 0, "backup.db", "a.jpg", "a.jpg", "", Kind.IMAGE, "image/jpeg", 9, 640, 480, None, "c2hh", b"\xff\xd8"
    )
    yield Message(1, 0, 1000, Kind.TEXT, 1, "hi @2", key="K1", forwarded=4, starred=True, details=(
        Mention(2, "@2"), Reaction(2, "👍", 1500), Reaction(None, "❤️"), Edit(1200, "hello"),
        Link("https://e.org", "E", "d"),
    ))  # fmt: skip
    yield Message(1, 1, 2000, Kind.TEXT, 2, "answer", details=(Quote("K1", 1, "", "hi", "text", 1000),))
    yield Message(1, 2, 3000, Kind.TEXT, 2, "lost", details=(Quote("gone", None, "Zoe", "copied", "image"),))
    yield Message(1, 3, 4000, Kind.DELETED, 2, "", "admin", details=(Deletion(1, 4100),))
    yield Message(1, 4, 5000, Kind.POLL, 1, "lunch?", details=(POLL,))
    yield Message(1, 5, 6000, Kind.CALL, 1, "", details=(Call(True, "answered", 62, True),))
    yield Message(1, 6, 7000, Kind.LIVE_LOCATION, 1, "", details=(Place(1.5, 2.5, "Lake", "Road 1", "u", 900),))
    yield Message(1, 7, 8000, Kind.CONTACT, 1, "", details=(ContactCard("D", "+1\n+2", "BEGIN"), ContactCard("E")))
    yield Message(1, 8, 9000, Kind.ALBUM, 1, "", key="A")
    yield Message(1, 9, 9001, Kind.IMAGE, 1, "", media=1, details=(InAlbum("A"),))
    yield Message(1, 10, 9500, Kind.EVENT, 1, "party", details=(PlannedEvent("bring cake", "home", 1, 2, True),))
    yield Message(1, 11, 9600, Kind.INVITE, 1, "", details=(Invite("Club", "x@g.us", 3),))
    yield Message(1, 12, 9700, Kind.SYSTEM, None, "Ann added Ben", details=(
        SystemEvent("participant_added", {"participants": [2]}),
    ))  # fmt: skip
    yield Unknown(1, "message_type", 3, "112")
    yield ChatEnd(1, True, 1)


@pytest.fixture
def archive() -> Iterator[Archive]:
    connection = sqlite3.connect(":memory:")
    ArchiveWriter(connection).write(events())
    yield Archive(connection)
    connection.close()


def test_every_detail_comes_back(archive: Archive) -> None:
    rows = archive.slice(1, 0, 100)
    details = archive.details(rows)
    by_text = {row.sequence: details.get(row.id) for row in rows}
    first = by_text[0]
    assert first is not None
    assert first.mentions == [MentionRow(2, "Ben", "@2")]
    assert first.reactions == [ReactionRow(2, "Ben", "👍", 1500), ReactionRow(None, "", "❤️", None)]
    assert (first.edits, first.link) == ([Edit(1200, "hello")], Link("https://e.org", "E", "d"))
    told = [by_text[number] for number in range(13)]
    assert told[1] is not None
    assert told[1].quote == QuoteRow(rows[0].id, 1, "Ann", "hi", "text", 1000)
    assert told[2] is not None
    assert told[2].quote == QuoteRow(None, None, "Zoe", "copied", "image", None)
    assert told[3] is not None
    assert told[3].deletion == DeletionRow(1, "Ann", 4100)
    assert told[4] is not None
    assert told[4].poll is not None
    assert told[4].poll.options == (OptionRow("yes", 2), OptionRow("no", 7))
    assert told[4].poll.votes == (VoteRow(0, 2, "Ben", 5), VoteRow(0, None, "", None))
    assert told[5] is not None
    assert told[5].call == Call(True, "answered", 62, True)
    assert told[6] is not None
    assert told[6].place == Place(1.5, 2.5, "Lake", "Road 1", "u", 900)
    assert told[7] is not None
    assert told[7].contacts == [ContactCard("D", "+1\n+2", "BEGIN"), ContactCard("E")]
    assert told[8] is None
    assert told[9] is not None
    assert told[9].album == rows[8].id
    assert told[10] is not None
    assert told[10].planned_event == PlannedEvent("bring cake", "home", 1, 2, True)
    assert told[11] is not None
    assert told[11].invite == Invite("Club", "x@g.us", 3)
    assert told[12] is not None
    assert told[12].system_event == SystemEvent("participant_added", {"participants": [2]})


def test_the_row_itself_tells_forwarding_stars_and_origin(archive: Archive) -> None:
    row = archive.slice(1, 0, 1)[0]
    assert (row.forwarded, row.starred, row.origin) == (4, True, 3)
    medium = archive.media_by_id(1)
    assert medium is not None
    assert (medium.width, medium.height, medium.duration, medium.sha256) == (640, 480, None, "c2hh")
    assert archive.thumbnail(1) == b"\xff\xd8"
    assert archive.thumbnail(2) is None


def test_a_chat_tells_what_the_phone_knew_of_it(archive: Archive) -> None:
    (chat,) = archive.chats()
    assert (chat.address, chat.description, chat.created, chat.creator) == ("team@g.us", "about us", 5, 2)
    assert (chat.archived, chat.pinned, chat.muted_until, chat.origin) == (True, False, -1, 3)


def test_members_are_listed_whether_they_wrote_or_not(archive: Archive) -> None:
    people = {person.name: person for person in archive.participants(1)}
    assert (people["Ann"].rank, people["Ann"].joined, people["Ann"].address) == ("admin", 10, "491@s")
    assert (people["Ben"].left, people["Ben"].name_source) == (99, "pushed")
    assert people["Cem"].messages == 0


def test_what_is_unknown_is_counted_with_its_name() -> None:
    connection = sqlite3.connect(":memory:")
    found = ArchiveWriter(connection).write(events())
    assert found.unknown == {"message_type:112": 3}
    assert (found.participants, found.messages) == (3, 13)
    connection.close()


def test_an_archive_can_be_filled_by_statements_alone() -> None:
    connection = begin(sqlite3.connect(":memory:"))
    connection.execute("INSERT INTO chats (id, title, app, path, floating) VALUES (5, 'T', 'whatsapp', 'p', 0)")
    connection.execute("INSERT INTO participants (id, name) VALUES (8, 'Ann')")
    connection.execute(
        "INSERT INTO messages (id, chat, timestamp, sequence, kind, sender, text, key)"
        " VALUES (21, 5, 10, 1, 'text', 8, 'first', 'A'), (22, 5, 20, 2, 'text', 8, 'second', 'B'),"
        " (23, 5, 30, 3, 'text', NULL, 'x', '')"
    )
    connection.execute("INSERT INTO quotes (message, key) VALUES (22, 'A')")
    found = finish(connection)
    assert (found.messages, found.participants, found.chats[0].last) == (3, 1, 30)
    archive = Archive(connection)
    details = archive.details(archive.slice(5, 0, 10))
    assert details[22].quote == QuoteRow(21, 8, "Ann", "first", "text", 10)
    connection.close()


def test_a_key_of_another_chat_is_not_the_message_that_is_quoted() -> None:
    connection = begin(sqlite3.connect(":memory:"))
    connection.execute(
        "INSERT INTO chats (id, title, app, path, floating) VALUES (1, 'T', 'a', 'p', 0), (2, 'U', 'a', 'p', 0)"
    )
    connection.execute(
        "INSERT INTO messages (id, chat, timestamp, sequence, kind, text, key)"
        " VALUES (1, 1, 10, 1, 'text', 'first', 'A'), (2, 2, 20, 2, 'text', 'second', 'B')"
    )
    connection.execute("INSERT INTO quotes (message, key) VALUES (2, 'A')")
    finish(connection)
    assert connection.execute("SELECT quoted FROM quotes").fetchall() == [(None,)]
    connection.close()
