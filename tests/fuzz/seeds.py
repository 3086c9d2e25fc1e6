"""Inputs to begin with, one list a target, made by our own generators."""

import struct
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tests import fixtures_signal
from tests.fixtures_export import SPELLINGS, write_export, zip_of
from tests.fixtures_ios import ANN, TABLES, database, device_backup, quote, reaction, story, with_rows_in_log
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


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    made.__name__: made for made in (text, telegram, signal_file, signal_frames, ios_file, ios_log, ios_metadata, zips)
}
