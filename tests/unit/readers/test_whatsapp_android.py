"""WhatsApp's database of Android → archive: people, kinds, what hangs on messages, older tables, hostile files."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.fixtures_crypt import ROOT, Quiet, crypt15
from tests.fixtures_export import MemorySource
from tests.fixtures_msgstore import DAY, contacts, legacy, message, modern
from webapp.cli.crypto import NativeCrypto
from webapp.engine.chosen import Reading, read_chosen
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import Cancelled, CofferError
from webapp.engine.readers.foreign_database import DatabaseDamaged
from webapp.engine.readers.reading import ReadOptions


@contextmanager
def read(*files: bytes, keys: tuple[Secret, ...] = (), report: object = None) -> Iterator[Reading]:
    sources = [MemorySource(f"file {number}", content) for number, content in enumerate(files)]
    made = read_chosen(sources, ReadOptions(keys=keys), NativeCrypto(), report or Quiet())  # type: ignore[arg-type]
    reading = asyncio.run(made)
    try:
        yield reading
    finally:
        reading.close()


def rows(reading: Reading, query: str) -> list[tuple[object, ...]]:
    return reading.archive.execute(query).fetchall()


SENDER = "(SELECT name FROM participants p WHERE p.id = m.sender)"


def test_people_have_one_name_whatever_they_are_called_by() -> None:
    said = (message(2, 1, 0, "hi"), message(3, 2, 0, "yo", sender=1), message(4, 2, 0, "me", me=True),
            message(5, 2, 0, "x", sender=5), message(6, 2, 0, "y", sender=4))  # fmt: skip
    with read(modern(*said), contacts(p999111="Ann Saved")) as reading:
        assert rows(reading, f"SELECT {SENDER} FROM messages m ORDER BY id") == [
            ("Ann Saved",), ("Ann Saved",), ("Olive Owner",), ("Pushy",), ("+999222",)
        ]  # fmt: skip
        assert rows(reading, "SELECT phone, lid, name_source FROM participants WHERE name = 'Ann Saved'") == [
            ("+999111", "777@lid", "saved")
        ]
        assert rows(reading, "SELECT title, is_group, archived FROM chats ORDER BY id") == [
            ("Ann Saved", 0, 0), ("The walk", 1, 1)
        ]  # fmt: skip
        ranks = (
            "SELECT p.name, rank FROM members JOIN participants p ON p.id = participant WHERE chat = 2 ORDER BY name"
        )
        assert rows(reading, ranks) == [
            ("+999222", "member"), ("Ann Saved", "owner"), ("Olive Owner", ""), ("Pushy", "admin")
        ]  # fmt: skip


def test_a_name_is_taken_from_a_contact_card_too() -> None:
    card = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Card\r\nTEL;TYPE=CELL:+999 111\r\nEND:VCARD\r\n"
    with read(modern(message(2, 1, 0, "hi")), card) as reading:
        assert rows(reading, f"SELECT {SENDER} FROM messages m") == [("Ann Card",)]


def test_kinds_are_told_and_an_unknown_one_is_kept_and_counted() -> None:
    kinds = {0: "text", 2: "audio", 9: "document", 42: "image", 43: "video", 64: "deleted", 92: "event", 99: "album"}
    said = [message(10 + kind, 1, kind, "t") for kind in kinds]
    with read(modern(*said, message(200, 1, 112, "?"), message(201, 1, 2, origin=1))) as reading:
        told = dict(rows(reading, "SELECT id - 10, kind FROM messages WHERE id < 200"))
        assert told == kinds
        assert rows(reading, "SELECT kind, detail, text FROM messages WHERE id = 200") == [("unknown", "112", "?")]
        assert reading.found.unknown == {"message_type:112": 1}
        assert rows(reading, "SELECT kind FROM messages WHERE id = 201") == [("voice",)]
        assert rows(reading, "SELECT count(*) FROM messages WHERE detail = 'view_once'") == [(2,)]


def test_what_hangs_on_a_message_is_kept() -> None:
    with read(
        modern(
            message(2, 2, 0, "now", sender=1),
            message(3, 2, 0, "an answer", me=True),
            f"INSERT INTO message_quoted VALUES (3, 2, 0, 1, 'K2', {DAY}, 0, 'before')",
            f"INSERT INTO message_edit_info VALUES (2, {DAY + 9000}, {DAY + 8000})",
            f"INSERT INTO message_add_on VALUES (1, 0, 4, 2, {DAY}, 56), (2, 1, 0, 2, {DAY}, 56)",
            f"INSERT INTO message_add_on VALUES (3, 0, 5, 4, {DAY}, 67)",
            f"INSERT INTO message_add_on_reaction VALUES (1, '👍', {DAY + 1}), (2, '', {DAY + 2})",
            message(4, 2, 66, "Where?", sender=1),
            "INSERT INTO message_poll VALUES (4, 0, 0)",
            "INSERT INTO message_poll_option VALUES (7, 4, 'lake'), (8, 4, 'hill')",
            f"INSERT INTO message_add_on_poll_vote VALUES (3, {DAY + 3})",
            "INSERT INTO message_add_on_poll_vote_selected_option VALUES (1, 3, 8)",
            message(5, 2, 64, sender=1),
            f"INSERT INTO message_revoked VALUES (5, 4, {DAY + 4})",
            message(6, 2, 7, sender=1),
            "INSERT INTO message_system VALUES (6, 12)",
            "INSERT INTO message_system_chat_participant VALUES (6, 4)",
        )
    ) as reading:
        assert rows(reading, "SELECT quoted, text FROM quotes") == [(2, "before")]
        assert rows(reading, "SELECT message, timestamp, text FROM edits") == [(2, DAY + 8000, "before")]
        assert rows(reading, "SELECT edited FROM messages WHERE id = 2") == [(1,)]
        assert rows(reading, "SELECT message, emoji, timestamp FROM reactions") == [(2, "👍", DAY + 1)]
        assert rows(reading, "SELECT option, timestamp FROM poll_votes") == [(1, DAY + 3)]
        assert rows(reading, "SELECT text FROM poll_options ORDER BY number") == [("lake",), ("hill",)]
        who = "SELECT p.name, d.timestamp FROM deletions d JOIN participants p ON p.id = d.participant"
        assert rows(reading, who) == [("+999222", DAY + 4)]
        assert rows(reading, "SELECT text FROM messages WHERE id = 6") == [("+999111 added +999222",)]


def test_what_stood_before_an_edit_may_survive_in_the_phones_search_index() -> None:
    index = "CREATE TABLE message_ftsv2_content (docid INTEGER PRIMARY KEY, 'c0content', 'c1fts_jid')"
    with read(
        modern(
            *(message(number, 1, 0, "Now, it is so.") for number in (2, 3, 4)),
            f"INSERT INTO message_edit_info VALUES (2, {DAY}, {DAY}), (3, {DAY}, {DAY})",
            index,
            "INSERT INTO message_ftsv2_content VALUES (2, 'it was so ', ''), (3, 'now it is so', ''), (4, 'other', '')",
        )
    ) as reading:
        assert rows(reading, "SELECT message, text FROM edits ORDER BY message") == [(2, "it was so"), (3, None)]


def test_calls_that_only_the_list_of_calls_has_are_told_once() -> None:
    with read(
        modern(
            message(2, 1, 90),
            f"INSERT INTO call_log VALUES (1, 2, 0, {DAY + 2000}, 1, 65, 5), (2, 2, 0, {DAY + 90_000}, 0, 0, 2)",
            "INSERT INTO message_call_log VALUES (2, 1)",
        )
    ) as reading:
        assert rows(reading, "SELECT text FROM messages ORDER BY timestamp") == [
            ("Video call, 1:05",),
            ("Missed voice call",),
        ]
        assert rows(reading, "SELECT outcome, seconds FROM calls ORDER BY message") == [
            ("answered", 65),
            ("missed", None),
        ]


def test_media_are_found_by_the_path_the_phone_kept() -> None:
    database = modern(
        message(2, 1, 1, me=True),
        "INSERT INTO message_media (message_row_id, file_path, mime_type, media_caption, file_length)"
        " VALUES (2, 'Media/WhatsApp Images/IMG-1.jpg', 'image/jpeg', 'our boat', 9)",
        message(3, 1, 1),
        "INSERT INTO message_media (message_row_id, file_path, file_length) VALUES (3, 'Media/x/IMG-2.jpg', 70)",
    )
    sources = [
        MemorySource("WhatsApp/Databases/msgstore.db", database),
        MemorySource("WhatsApp/Media/WhatsApp Images/IMG-1.jpg", b"\xff\xd8\xff" + bytes(20)),
    ]
    reading = asyncio.run(read_chosen(sources, ReadOptions(), NativeCrypto(), Quiet()))
    assert rows(reading, "SELECT source, name, size FROM media ORDER BY id") == [
        (1, "IMG-1.jpg", 23), (None, "IMG-2.jpg", 70)
    ]  # fmt: skip
    assert rows(reading, "SELECT text FROM messages WHERE id = 2") == [("our boat",)]
    reading.close()


def test_messages_of_a_chat_that_is_gone_are_kept_and_counted() -> None:
    with read(modern(message(2, 99, 0, "lost"))) as reading:
        assert rows(reading, "SELECT text FROM messages") == [("lost",)]
        assert reading.found.unknown == {"orphan_message": 1}


def test_an_older_database_is_read() -> None:
    with read(
        legacy(
            ("999111@s.whatsapp.net", 0, "A", "hello", DAY, "0"),
            ("999111@s.whatsapp.net", 1, "B", "hi", DAY + 1, "0"),
            ("1-2@g.us", 0, "C", None, DAY + 2, "1"),
        )
    ) as reading:
        assert reading.found.messages == 3
        assert rows(reading, f"SELECT text, {SENDER} FROM messages m WHERE chat = 2 ORDER BY id") == [
            ("hello", "+999111"), ("hi", "You")
        ]  # fmt: skip


def test_an_encrypted_database_is_read_with_its_key() -> None:
    sealed = crypt15(modern(message(2, 1, 0, "sealed")))
    with read(sealed, keys=(Secret(ROOT.hex().encode()),)) as reading:
        assert rows(reading, "SELECT text FROM messages") == [("sealed",)]
        assert reading.sources[0].read(0, len(sealed)) == sealed


def test_bytes_that_are_no_text_are_mended_and_counted() -> None:
    broken = "INSERT INTO message (_id, chat_row_id, from_me, key_id, message_type, text_data)"
    with read(modern(f"{broken} VALUES (2, 1, 0, 'K', 0, CAST(x'68fe69' AS TEXT))")) as reading:
        assert rows(reading, "SELECT text FROM messages") == [("h\ufffdi",)]
        assert reading.found.unknown == {"undecodable_text": 1}


def test_a_view_in_place_of_a_table_is_not_asked() -> None:
    endless = "CREATE VIEW message_system AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)"
    with read(
        modern(
            message(2, 1, 7, "line"),
            "DROP TABLE message_system",
            f"{endless} SELECT n AS message_row_id, n AS action_type FROM c",
        )
    ) as reading:
        assert reading.found.messages == 1


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_ends_in_a_typed_error_or_in_messages(seed: int) -> None:
    content = bytearray(modern(*(message(n, 1, 0, f"text {n}") for n in range(2, 400))))
    for step in range(1 + seed % 20):
        content[100 + (seed * 7919 + step * 104_729) % (len(content) - 100)] ^= 1 + (seed * 31 + step) % 255
    try:
        with read(bytes(content)) as reading:
            assert reading.found.messages <= 400
    except CofferError:
        return


def test_a_damaged_database_is_called_so() -> None:
    content = modern(*(message(n, 1, 0, f"text {n}" * 20) for n in range(2, 800)))
    source = MemorySource("msgstore.db", content[:8192] + bytes(4096) + content[12288 : len(content) // 2])
    with pytest.raises(DatabaseDamaged):
        asyncio.run(read_chosen([source], ReadOptions(), NativeCrypto(), Quiet()))


def test_reading_stops_when_the_person_says_so() -> None:
    class Stop(Quiet):
        def check(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled), read(modern(message(2, 1, 0, "hi")), report=Stop()):
        pass
