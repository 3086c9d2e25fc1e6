"""The statements of a backup → a private database in memory, from which the messages are read.

Nothing that stands in the file is ever run. Of a CREATE TABLE only the names are taken, and the table is made anew
without types, defaults, checks or triggers; of an INSERT only the table, and its parameters are written by a statement
of our own. Everything else (indexes, triggers, search tables, other SQL) is passed over; what is no such statement at
all is counted in `refused`.
"""

import re
import sqlite3
import struct
from typing import cast

from webapp.engine.readers import protobuf
from webapp.engine.readers.protobuf import Value

LARGEST = 1 << 30
"""Bytes of the private database."""

MOST_COLUMNS = 500
COLUMNS: dict[str, tuple[str, ...]] = {
    "message": (
        "_id", "date_sent", "date_received", "thread_id", "from_recipient_id", "recipient_id", "address", "type",
        "msg_box", "body", "quote_id", "quote_author", "quote_body", "shared_contacts", "link_previews",
        "view_once", "remote_deleted", "deleted_by", "latest_revision_id", "original_message_id", "revision_number",
        "date",
    ),
    "attachment": (
        "_id", "message_id", "content_type", "file_name", "data_size", "voice_note", "video_gif", "quote", "width",
        "height", "caption", "sticker_id", "sticker_emoji", "display_order", "mid", "ct",
    ),
    "thread": ("_id", "recipient_id", "thread_recipient_id", "archived", "pinned"),
    "recipient": (
        "_id", "e164", "phone", "aci", "uuid", "group_id", "username", "nickname_joined_name", "system_joined_name",
        "system_display_name", "profile_joined_name", "signal_profile_name", "mute_until",
    ),
    "groups": ("group_id", "recipient_id", "title", "members"),
    "group_membership": ("group_id", "recipient_id"),
    "reaction": ("message_id", "author_id", "emoji", "date_sent", "is_mms"),
    "mention": ("message_id", "recipient_id", "range_start"),
    "poll": ("_id", "message_id", "question", "allow_multiple_votes"),
    "poll_option": ("_id", "poll_id", "option_text", "option_order"),
    "poll_vote": ("poll_id", "poll_option_id", "voter_id", "date_received"),
    "call": ("message_id", "type", "direction", "event"),
}  # fmt: skip
"""What is kept of which table, under all names it has had."""

_INDEXES = (
    ("message", "thread_id"),
    ("message", "latest_revision_id"),
    ("sms", "thread_id"),
    ("attachment", "coalesce(message_id, mid)"),
    ("reaction", "message_id"),
    ("mention", "message_id"),
    ("poll", "message_id"),
    ("poll_option", "poll_id"),
    ("poll_vote", "poll_id"),
    ("call", "message_id"),
    ("group_membership", "group_id"),
    ("groups", "group_id"),
)
_FORMER_NAMES = {"mms": "message", "sms": "sms", "part": "attachment"}
COLUMNS["sms"] = COLUMNS["message"]
_CREATE = re.compile(r"\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?[\"'`\[]?(\w{1,64})[\"'`\]]?\s*\(", re.IGNORECASE)
_INSERT = re.compile(
    r"\s*INSERT\s+INTO\s+[\"'`\[]?(\w{1,64})[\"'`\]]?\s*(\([^()?']*\))?\s*VALUES\s*\(\s*\?(?:\s*,\s*\?)*\s*\)\s*;?\s*\Z",
    re.IGNORECASE,
)
_PASSED = re.compile(
    r"\s*(?:CREATE\s+(?:UNIQUE\s+)?(?:INDEX|TRIGGER|VIEW|VIRTUAL)|DROP|PRAGMA|ANALYZE)\b", re.IGNORECASE
)
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|[(),]|[^\s(),'\"`\[\]]+")
_NO_COLUMN = frozenset(("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"))
_DOUBLE = struct.Struct("<d")

Cell = str | int | float | bytes | None


class PrivateTables:
    """Takes the statements one by one. `refused` counts what was neither run nor passed over for a reason."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = OFF")
        self.refused = 0
        self._places: dict[str, list[str]] = {}
        self._inserts: dict[str, tuple[str, list[int]] | None] = {}
        for table, columns in COLUMNS.items():
            names = ", ".join(f'"{column}"' for column in columns)
            self.connection.execute(f'CREATE TABLE "{table}" ({names})')
        self.connection.execute("BEGIN")

    @property
    def size(self) -> int:
        """Bytes taken so far."""
        pages = self.connection.execute("PRAGMA page_count").fetchone()[0]
        return int(pages) * int(self.connection.execute("PRAGMA page_size").fetchone()[0])

    def add(self, statement: dict[int, list[Value]]) -> None:
        """One SqlStatement (1 = text, 2 = parameters). Raises NotProtobuf."""
        text = (protobuf.blob(statement, 1) or b"").decode("utf-8", "replace")
        parameters = [value for value in statement.get(2, ()) if isinstance(value, bytes)]
        known = self._inserts.get(text) if parameters else None
        if known is None:
            if not parameters:
                self._define(text)
                return
            known = self._inserts[text] = self._plan(text, len(parameters))
            if known is None:
                self.refused += 1
                self._inserts.pop(text)
                return
        query, places = known
        if places and places[-1] < len(parameters):
            self.connection.execute(query, [_cell(parameters[place]) for place in places])

    def finish(self) -> sqlite3.Connection:
        """The database with what is needed to read it in order; ours to close."""
        self.connection.execute("COMMIT")
        for number, (table, what) in enumerate(_INDEXES):
            self.connection.execute(f'CREATE INDEX "index_{number}" ON "{table}" ({what})')
        self.connection.execute("PRAGMA query_only = ON")
        return self.connection

    def _define(self, text: str) -> None:
        found = _CREATE.match(text)
        if found is None:
            if not _PASSED.match(text):
                self.refused += 1
            return
        name = found[1].lower()
        kept = _FORMER_NAMES.get(name, name)
        if kept in COLUMNS and kept not in self._places:
            self._places[name] = _names(text[found.end() :])
            self._places.setdefault(kept, self._places[name])

    def _plan(self, text: str, count: int) -> tuple[str, list[int]] | None:
        """(our own INSERT, which parameters it takes): no parameters for a table that is not kept."""
        found = _INSERT.match(text)
        if found is None or count > MOST_COLUMNS:
            return None
        name = found[1].lower()
        kept = _FORMER_NAMES.get(name, name)
        if kept not in COLUMNS:
            return ("", [])
        listed = found[2]
        names = [part.strip("\"'`[] \t\r\n").lower() for part in listed[1:-1].split(",")] if listed else None
        names = names or self._places.get(name)
        if names is None or len(names) != count:
            return None
        pairs = sorted((names.index(column), column) for column in COLUMNS[kept] if column in names)
        columns = ", ".join(f'"{column}"' for _, column in pairs)
        marks = ", ".join("?" * len(pairs))
        return (f'INSERT INTO "{kept}" ({columns}) VALUES ({marks})', [place for place, _ in pairs])


def _names(definition: str) -> list[str]:
    """The columns' names in what follows `CREATE TABLE name (`."""
    names: list[str] = []
    depth, expecting = 0, True
    for part in _TOKEN.findall(definition):
        if part == "(":
            depth += 1
        elif part == ")":
            if depth == 0:
                break
            depth -= 1
        elif part == "," and depth == 0:
            expecting = True
        elif expecting and depth == 0:
            expecting = False
            if part.upper() in _NO_COLUMN:
                break
            names.append(part.strip("\"'`[]").lower())
            if len(names) > MOST_COLUMNS:
                break
    return names


def _cell(parameter: bytes) -> Cell:
    """One SqlParameter: 1 text, 2 whole number, 3 double, 4 bytes, 5 nothing."""
    cell: Cell = None
    for field, value in protobuf.fields(parameter):
        if field == 1 and isinstance(value, bytes):
            cell = value.decode("utf-8", "replace")
        elif field == 2 and isinstance(value, int):
            cell = value - (1 << 64) if value >= 1 << 63 else value
        elif field == 3 and isinstance(value, bytes) and len(value) == 8:
            cell = cast("tuple[float]", _DOUBLE.unpack(value))[0]
        elif field == 4 and isinstance(value, bytes):
            cell = value
    return cell
