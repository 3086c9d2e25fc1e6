"""Increments: applied in order on top of the full backup, and never without it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.fixtures_crypt import ROOT, Quiet, crypt15
from tests.fixtures_export import MemorySource, zip_of
from tests.fixtures_increments import (
    ANN,
    WALK,
    answer,
    edited,
    history,
    increment,
    info,
    picture,
    place,
    poll,
    reaction,
    revoked,
    text,
    wrapped,
)
from tests.fixtures_msgstore import DAY, legacy, message, modern
from webapp.cli.crypto import NativeCrypto
from webapp.engine.chosen import Reading, read_chosen
from webapp.engine.crypto.secret import Secret
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.whatsapp_android.increments import IncrementDamaged
from webapp.engine.readers.whatsapp_crypt.errors import BackupNeedsFull

LATER = DAY // 1000 + 86_400
FULL = modern(message(2, 1, 0, "one"), message(3, 1, 0, "two"), message(4, 2, 0, "in the group", sender=1))


@contextmanager
def read(**files: bytes) -> Iterator[Reading]:
    keys = (Secret(ROOT.hex().encode()),)
    sources = [MemorySource(name.replace("_", "-"), content) for name, content in files.items()]
    reading = asyncio.run(read_chosen(sources, ReadOptions(keys=keys), NativeCrypto(), Quiet()))
    try:
        yield reading
    finally:
        reading.close()


def rows(reading: Reading, query: str) -> list[tuple[object, ...]]:
    return reading.archive.execute(query).fetchall()


def row(identity: int, words: str) -> dict[str, object]:
    return {
        "_id": identity, "chat_row_id": 1, "from_me": 0, "key_id": f"K{identity}", "timestamp": DAY + 1000 * identity,
        "message_type": 0, "text_data": words, "a_column_of_tomorrow": 1,
    }  # fmt: skip


def test_increments_replace_and_add_rows_in_their_order_whatever_the_order_they_were_chosen_in() -> None:
    first = increment([{"message": [row(3, "two, changed"), row(9, "nine")]}])
    second = increment([{"message": [row(3, "two, changed again")]}, {"message": [row(9, "nine, changed")]}])
    with read(
        msgstore_increment_10=crypt15(second), msgstore_db_crypt15=crypt15(FULL), msgstore_increment_2=crypt15(first)
    ) as reading:
        assert rows(reading, "SELECT id, text FROM messages ORDER BY id") == [
            (2, "one"), (3, "two, changed again"), (4, "in the group"), (9, "nine, changed")
        ]  # fmt: skip
        assert (reading.source, reading.found.unknown) == ("whatsapp_android", {})
        assert len(reading.sources) == 3


def test_new_messages_have_seconds_and_everything_that_the_database_would_have() -> None:
    told = [
        info("N1", LATER, text("new")),
        info("N2", LATER + 1, answer("an answer", "K2", "one"), own=True),
        info("N3", LATER + 2, picture("a caption")),
        info("N4", LATER + 3, place(51.5, -0.12, "Pimlico Gardens")),
        info("N5", LATER + 4, poll("Where?", "lake", "hill")),
        info("N6", LATER + 5, wrapped(37, picture("")), more=b"\x88\x01\x01"),
        info("N7", LATER + 6, reaction("K3", "👍")),
        info("N8", LATER + 7, reaction("K3", "🎉")),
        info("N9", LATER + 8, edited("K2", "one, edited")),
        info("N10", LATER + 9, revoked("N1")),
    ]
    group = [info("N11", LATER, text("in there"), WALK, sender="999222:4@s.whatsapp.net")]
    fresh = [info("N12", LATER, text("hello"), "999333@s.whatsapp.net")]
    synced = history((ANN, "", told), (WALK, "", group)) + history(("999333@s.whatsapp.net", "", fresh))
    full = modern(
        message(2, 1, 0, "one"), message(3, 1, 0, "two"), message(4, 2, 0, "in the group", sender=1),
        "CREATE TABLE message_location (message_row_id INTEGER PRIMARY KEY, latitude REAL, longitude REAL,"
        " place_name TEXT)",
    )  # fmt: skip
    with read(msgstore_increment_1=increment(messages=synced), msgstore_db=full) as reading:
        new = "FROM messages m WHERE key LIKE 'N%' ORDER BY timestamp, id"
        assert rows(reading, f"SELECT key, chat, kind, text, timestamp / 1000 - {LATER} {new}") == [
            ("N1", 1, "deleted", "", 0), ("N11", 2, "text", "in there", 0), ("N12", 3, "text", "hello", 0),
            ("N2", 1, "text", "an answer", 1), ("N3", 1, "image", "a caption", 2), ("N4", 1, "location", "", 3),
            ("N5", 1, "poll", "Where?", 4), ("N6", 1, "image", "", 5),
        ]  # fmt: skip
        sender = "SELECT p.name FROM messages m JOIN participants p ON p.id = m.sender WHERE key = '{}'"
        assert rows(reading, sender.format("N11")) == [("+999222",)]
        assert rows(reading, sender.format("N2")) == [("Olive Owner",)]
        assert rows(reading, "SELECT q.quoted, q.text FROM quotes q") == [(2, "one")]
        assert rows(reading, "SELECT m.starred, m.detail FROM messages m WHERE key = 'N6'") == [(1, "view_once")]
        assert rows(reading, "SELECT mime, size FROM media") == [("image/jpeg", 1234)] * 2
        assert rows(reading, "SELECT round(latitude, 2), name FROM places") == [(51.5, "Pimlico Gardens")]
        assert rows(reading, "SELECT text FROM poll_options ORDER BY number") == [("lake",), ("hill",)]
        assert rows(reading, "SELECT message, emoji FROM reactions") == [(3, "🎉")]
        assert rows(reading, "SELECT text, edited FROM messages WHERE key = 'K2'") == [("one, edited", 1)]
        assert rows(reading, "SELECT title FROM chats WHERE id = 3") == [("+999333",)]
        assert reading.found.unknown == {}


def test_a_message_that_is_a_row_too_is_told_once() -> None:
    both = increment([{"message": [row(9, "nine")]}], history((ANN, "", [info("K9", LATER, text("nine"))])))
    with read(a=FULL, msgstore_increment_1=both) as reading:
        assert rows(reading, "SELECT id, text FROM messages WHERE key = 'K9'") == [(9, "nine")]


def test_what_is_not_understood_is_counted() -> None:
    strange = [
        info("N1", LATER, wrapped(99, b"?")),
        info("N2", LATER, b"", more=b"\xc0\x01\x05"),
        info("N3", LATER, revoked("nobody")),
    ]
    inside = increment(messages=history((ANN, "", strange)), more={"wallpaper.webp": b"RIFF"})
    with read(a=FULL, msgstore_increment_1=inside) as reading:
        assert reading.found.unknown == {
            "increment_change:revoke": 1, "increment_file:webp": 1, "increment_notice:5": 1, "message_type": 1,
        }  # fmt: skip


def test_an_increment_alone_says_what_it_needs() -> None:
    with pytest.raises(BackupNeedsFull), read(msgstore_increment_1=crypt15(increment(messages=b""))):
        pass


def test_a_zip_that_holds_the_full_backup_and_its_increment_is_read_whole() -> None:
    packed = zip_of({
        "Backups/msgstore.db.crypt15": crypt15(FULL),
        "Backups/msgstore-increment-1.crypt15": crypt15(increment([{"message": [row(9, "nine")]}])),
    })  # fmt: skip
    with read(backup=packed) as reading:
        assert reading.found.messages == 4


def test_increments_of_a_database_of_the_oldest_kind_are_counted() -> None:
    old = legacy(("999111@s.whatsapp.net", 0, "A", "hi", DAY, "0"))
    with read(a=old, msgstore_increment_1=increment(messages=b"")) as reading:
        assert reading.found.unknown == {"increment": 1}


@pytest.mark.parametrize(
    "inside",
    [
        increment(messages=history((ANN, "", [info("N1", LATER, text("x"))]))[:-3]),
        increment(more={"message_modified_1.json": b'{"message": [{"_id": 1'}),
        increment(more={"message_modified_1.json": b'{"message": [7]}'}),
        increment(more={"message_modified_1.json": b'{"message": [{"_id": 99999999999999999999}]}'}),
        increment(more={"message_modified_1.json": b'{"message": ' + b"[" * 5000}),
    ],
    ids=["cut protobuf", "cut json", "no row", "a number too large", "too deep"],
)
def test_a_damaged_increment_is_called_so(inside: bytes) -> None:
    with pytest.raises(IncrementDamaged) as caught, read(a=FULL, msgstore_increment_1=inside):
        pass
    assert caught.value.data == {"file": "msgstore-increment-1"}
