"""Inputs to begin with, one list a target, made by our own generators."""

import struct
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tests import fixtures_signal
from tests.fixtures_crypt import crypt12, crypt14, crypt15, field, legacy_key_file, prefix15, root_key_file, varint
from tests.fixtures_export import SPELLINGS, write_export, zip_of
from tests.fixtures_increments import answer, edited, history, info, picture, place, poll, revoked, wrapped
from tests.fixtures_increments import reaction as increments_reaction
from tests.fixtures_increments import text as increments_text
from tests.fixtures_ios import ANN, TABLES, database, device_backup, quote, reaction, story, with_rows_in_log
from tests.fixtures_msgstore import contacts, legacy, modern
from tests.fixtures_msgstore import message as msgstore_message
from tests.fixtures_signal import BackupWriter, field_of, statement
from tests.fixtures_telegram import account, chat, message, service, written

_LINES = [
    (datetime(2022, 5, 12, 10, 0), "Ann", "hi"),
    (datetime(2022, 5, 13, 22, 1), "Ben", "<Media omitted>"),
    (datetime(2022, 5, 13, 22, 2), "Ann", "IMG-20220512-WA0001.jpg (file attached)"),
    (datetime(2022, 5, 13, 22, 3), "Ben", "POLL:\nwhere?\nOPTION: here (2 votes)"),
]


def text() -> list[bytes]:
    return [write_export(spelling, _LINES).encode() for spelling in SPELLINGS]


def telegram() -> list[bytes]:
    one = chat([
        message(1, ["a", {"type": "text_link", "text": "b", "href": "https://c/"}], photo="photos/photo_1.jpg"),
        message(2, "x", reply_to_message_id=1, reactions=[{"type": "emoji", "emoji": "👍", "count": 2}]),
        message(3, "", poll={"question": "q", "answers": [{"text": "a", "voters": 1}]}),
        service(4, "invite_members", members=["Ben"]),
    ])  # fmt: skip
    return [written(one), written(account(one, left=(one,)))]


def signal_file() -> list[bytes]:
    fixtures_signal.ROUNDS = 1
    return [fixtures_signal.story(version).end() for version in (0, 1)]


class _Plain(BackupWriter):
    """Keeps the frames as they are."""

    def frame(self, plain: bytes) -> None:
        self.content += struct.pack(">H", len(plain)) + plain

    def payload(self, plain: bytes) -> None: ...


def signal_frames() -> list[bytes]:
    fixtures_signal.ROUNDS = 1
    frames = []
    original = fixtures_signal.BackupWriter
    fixtures_signal.BackupWriter = _Plain  # type: ignore[misc]
    try:
        writer = fixtures_signal.story()
    finally:
        fixtures_signal.BackupWriter = original  # type: ignore[misc]
    start = 4 + int.from_bytes(writer.content[:4], "big")
    frames.append(b"\x01" + bytes(writer.content[start:]))
    small = [statement("CREATE TABLE thread (_id, recipient_id)"), statement("INSERT INTO thread VALUES (?, ?)", 1, 2)]
    frames.append(b"\x00" + b"".join(struct.pack(">H", len(frame)) + frame for frame in small))
    return frames


def ios_file() -> list[bytes]:
    return [story()["ChatStorage.sqlite"]]


def ios_log() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        files = {"ChatStorage.sqlite": database(TABLES, [("ZWACHATSESSION", {"Z_PK": 1})])}
        return [with_rows_in_log(Path(folder), files)["ChatStorage.sqlite-wal"]]


def ios_metadata() -> list[bytes]:
    return [
        quote("3A00000000000000AAAA", ANN, "hi"),
        reaction("👍"),
        reaction("😂", ANN),
        field_of(7, field_of(1, b"")),
    ]


def zips() -> list[bytes]:
    files = {"_chat.txt": write_export("german ios", _LINES).encode(), "a/IMG-1.jpg": b"\xff\xd8\xff" + bytes(30)}
    inner = zip_of(files)
    return [inner, zip_of(files, 0), zip_of({"x.zip": inner}), zip_of(device_backup({"a": b"b"}))]


def android_crypt() -> list[bytes]:
    small = b"SQLite format 3\x00" + bytes(100)
    header = prefix15() + field(6, 4)
    return [
        crypt15(small), crypt15(small, footer=False), crypt14(small), crypt12(small), crypt15(small)[:-9],
        crypt15(small, packed=False), varint(len(header)) + header + bytes(64),
    ]  # fmt: skip


def android_keys() -> list[bytes]:
    return [root_key_file(), legacy_key_file(), legacy_key_file(b"\n"), bytes(range(32)), bytes(32).hex().encode()]


def android_file() -> list[bytes]:
    everything = modern(
        msgstore_message(2, 2, 0, "now", sender=1), msgstore_message(4, 2, 66, "Where?", sender=1),
        msgstore_message(5, 2, 64, sender=1), msgstore_message(6, 2, 7, sender=1), msgstore_message(7, 1, 90),
        "INSERT INTO message_quoted VALUES (4, 2, 0, 1, 'K2', 1, 0, 'before')",
        "INSERT INTO message_edit_info VALUES (2, 9, 8)",
        "INSERT INTO message_add_on VALUES (1, 0, 4, 2, 1, 56), (3, 0, 5, 4, 1, 67)",
        "INSERT INTO message_add_on_reaction VALUES (1, '+', 1)",
        "INSERT INTO message_poll VALUES (4, 0, 0)", "INSERT INTO message_poll_option VALUES (7, 4, 'lake')",
        "INSERT INTO message_system VALUES (6, 12)",
        "INSERT INTO call_log VALUES (1, 2, 0, 5, 1, 65, 5)", "INSERT INTO message_call_log VALUES (7, 1)",
    )  # fmt: skip
    return [everything, legacy(("999111@s.whatsapp.net", 0, "A", "hi", 5, "0"))]


def android_contacts() -> list[bytes]:
    return [contacts(p999111="Ann"), b"\r\nFN:Ann\r\nTEL;waid=999111:+999 111\r\nEND:VCARD\r\n"]


def android_messages() -> list[bytes]:
    told = [
        info("N1", 5, increments_text("new")), info("N2", 6, answer("an answer", "K2", "one"), own=True),
        info("N3", 7, picture("a caption")), info("N4", 8, place(1.5, 2.5, "here")),
        info("N5", 9, poll("Where?", "lake")), info("N6", 9, wrapped(37, picture(""))),
        info("N7", 9, increments_reaction("K3", "+")), info("N8", 9, edited("K2", "x")), info("N9", 9, revoked("N1")),
    ]  # fmt: skip
    return [history(("999111@s.whatsapp.net", "Ann", told)), history(("1@g.us", "", told[:1]))]


def android_rows() -> list[bytes]:
    return [
        b'{"message": [{"_id": 3, "chat_row_id": 1, "key_id": "K3", "message_type": 0, "text_data": "x"}]}',
        b'{"jid": [{"_id": 9, "user": "9", "server": "lid"}], "chat": [{"_id": 1, "subject": null}]}',
    ]


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    made.__name__: made
    for made in (
        text, telegram, signal_file, signal_frames, ios_file, ios_log, ios_metadata, zips, android_crypt, android_keys,
        android_file, android_contacts, android_messages, android_rows,
    )
}  # fmt: skip
