"""`msgstore-increment-N`: what changed since the full backup, applied on top of it in order.

Each is a zip (once opened): `header.json`, `<table>_modified_<k>.json` = {table: [row, …]} to insert or to replace, and
`messages.bin`, the new messages (`history_sync`). Rows of tables come first: a message that they have already is not
told a second time.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.engine.errors import CofferError
from webapp.engine.ports import Reporter
from webapp.engine.readers.items import Item
from webapp.engine.readers.json_stream import DamagedJson, ImplausibleJson, JsonStream
from webapp.engine.readers.protobuf import NotProtobuf
from webapp.engine.readers.whatsapp_android.attached import Attached
from webapp.engine.readers.whatsapp_android.history_sync import messages
from webapp.engine.readers.whatsapp_android.overlay import Overlay, Value
from webapp.engine.readers.whatsapp_android.synced_rows import SyncedRows

_NUMBER = re.compile(r"increment[-_.]?(\d{1,9})", re.IGNORECASE)
_MODIFIED = re.compile(r"([a-z][a-z0-9_]*)_modified_(\d{1,9})\.json")
_HEADER, _MESSAGES = "header.json", "messages.bin"
LARGEST_MESSAGES = 256 << 20
"""Bytes of new messages in one increment; they pass through memory."""

TABLES = frozenset((
    "call_log", "chat", "group_participant_user", "group_past_participant_user", "jid", "jid_map", "lid_display_name",
    "media_hash_thumbnail", "message", "message_add_on", "message_add_on_poll_vote",
    "message_add_on_poll_vote_selected_option", "message_add_on_reaction", "message_album_message",
    "message_association", "message_call_log", "message_edit_info", "message_event", "message_forwarded",
    "message_group_invite", "message_location", "message_media", "message_mentions", "message_poll",
    "message_poll_option", "message_quoted", "message_revoked", "message_system", "message_system_chat_participant",
    "message_system_number_change", "message_system_value_change", "message_text", "message_thumbnail", "message_vcard",
    "missed_call_logs", "props",
))  # fmt: skip
"""Those that are read; changes to others change nothing here."""


class IncrementDamaged(CofferError):
    """An increment is not as the phone writes them. data: {file}."""

    code = "increment_damaged"
    message = "A file with the changes since the last full backup is damaged, so nothing was read."
    next_step = "Copy it from the phone again, or choose the full backup without it: newer messages are then missing."

    def __init__(self, file: str) -> None:
        super().__init__(data={"file": file})


@dataclass(frozen=True, slots=True)
class Increment:
    """The members of one; `number` tells the order."""

    number: int
    members: tuple[Item, ...]

    @property
    def name(self) -> str:
        return self.members[0].source.name


def increments_among(items: Sequence[Item]) -> list[Increment]:
    """In the order in which they are applied."""
    folders: dict[object, list[Item]] = {}
    for item in items:
        if item.member is not None:
            folders.setdefault((item.source_index, id(item.source), item.path.rpartition("/")[0]), []).append(item)
    found = [
        Increment(_number(members[0]), tuple(members))
        for members in folders.values()
        if any(item.name == _HEADER for item in members)
        and any(item.name == _MESSAGES or _MODIFIED.fullmatch(item.name) for item in members)
    ]
    return sorted(found, key=lambda one: (one.number, one.name))


def _number(item: Item) -> int:
    numbers = _NUMBER.findall(item.location)
    return int(numbers[-1]) if numbers else 0


def apply_increments(
    archive: sqlite3.Connection, database: Attached, increments: Sequence[Increment], report: Reporter
) -> None:
    """Lays all of them over the database. What they hold and nobody knows is counted in `unknown`.

    Raises IncrementDamaged, Cancelled, the errors of zips.
    """
    overlay = Overlay(archive, database)
    unknown: dict[tuple[str, str], int] = {}
    for increment in increments:
        report.check()
        try:
            _apply(overlay, increment, unknown, report)
        except (NotProtobuf, DamagedJson, ImplausibleJson, OverflowError):
            raise IncrementDamaged(increment.name) from None
    archive.executemany(
        "INSERT INTO unknown (chat, what, count, detail) VALUES (NULL, ?, ?, ?)",
        [(what, count, detail) for (what, detail), count in sorted(unknown.items())],
    )


def _apply(overlay: Overlay, increment: Increment, unknown: dict[tuple[str, str], int], report: Reporter) -> None:
    def count(what: str, detail: str = "") -> None:
        unknown[what, detail] = unknown.get((what, detail), 0) + 1

    tables: list[tuple[int, str, Item]] = []
    for item in increment.members:
        if modified := _MODIFIED.fullmatch(item.name):
            tables.append((int(modified[2]), item.name, item))
        elif item.name not in (_HEADER, _MESSAGES):
            count("increment_file", item.name.rpartition(".")[2][:20])
    for _, _, item in sorted(tables, key=lambda table: table[:2]):
        _rows(overlay, item, report)
    for item in increment.members:
        if item.name == _MESSAGES:
            if item.size > LARGEST_MESSAGES:
                raise IncrementDamaged(increment.name)
            synced = SyncedRows(overlay)
            for number, message in enumerate(messages(b"".join(item.pieces()))):
                if number % 1000 == 0:
                    report.check()
                left = synced.add(message)
                if left:
                    count(*left)


def _rows(overlay: Overlay, item: Item, report: Reporter) -> None:
    stream = JsonStream(item.pieces())
    for name in stream.members():
        wanted = name in TABLES and bool(overlay.database.columns(name))
        if not wanted or stream.peek() != "[":
            stream.skip(1)
            continue
        for number, _ in enumerate(stream.elements(1)):
            if number % 1000 == 0:
                report.check()
            row = stream.value()
            if not isinstance(row, dict):
                raise DamagedJson("a row is none", 0)
            overlay.put(name, _values(row))


def _values(row: Mapping[str, object]) -> dict[str, Value]:
    """Numbers, texts and nothing; what else JSON can hold is no value of a table that is read."""
    return {name.lower(): value for name, value in row.items() if value is None or isinstance(value, str | int | float)}
