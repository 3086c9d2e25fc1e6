"""Details of messages (`engine.readers.details`) → rows of the side tables."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from webapp.engine.readers.details import (
    Call,
    ContactCard,
    Deletion,
    Detail,
    Edit,
    InAlbum,
    Invite,
    Link,
    Mention,
    Place,
    PlannedEvent,
    Poll,
    Quote,
    Reaction,
    SystemEvent,
)

# Details whose fields are the columns of a table, in their order, after the message.
_PLAIN: dict[type, tuple[str, str]] = {
    Quote: ("quotes", "message, key, sender, sender_name, text, kind, timestamp"),
    Reaction: ("reactions", "message, participant, emoji, timestamp"),
    Mention: ("mentions", "message, participant, token"),
    Edit: ("edits", "message, timestamp, text"),
    Deletion: ("deletions", "message, participant, timestamp"),
    Call: ("calls", "message, video, outcome, seconds, is_group"),
    Place: ("places", "message, latitude, longitude, name, address, url, live_seconds"),
    ContactCard: ("contact_cards", "message, name, phones, vcard"),
    Link: ("links", "message, url, title, description"),
    InAlbum: ("albums", "message, key"),
    PlannedEvent: ("planned_events", "message, description, place, starts, ends, cancelled"),
    Invite: ("invites", "message, title, address, expires"),
}


def _insert(table: str, columns: str) -> str:
    marks = ", ".join("?" * (columns.count(",") + 1))
    return f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})"


_PLAIN_SQL = {kind: _insert(*place) for kind, place in _PLAIN.items()}
_POLL = _insert("polls", "message, choices, ends")
_OPTION = _insert("poll_options", "message, number, text, votes")
_VOTE = _insert("poll_votes", "message, option, participant, timestamp")
_SYSTEM = _insert("system_events", "message, event, arguments")


class DetailRows:
    """Gathers rows, and writes them a table at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows: dict[str, list[tuple[object, ...]]] = defaultdict(list)

    def add(self, message: int, details: Iterable[Detail]) -> None:
        """Keeps the details of one message for the next `flush`."""
        rows = self._rows
        for detail in details:
            if isinstance(detail, Poll):
                rows[_POLL].append((message, detail.choices, detail.ends))
                for number, option in enumerate(detail.options):
                    rows[_OPTION].append((message, number, *option))
                for vote in detail.votes:
                    rows[_VOTE].append((message, *vote))
            elif isinstance(detail, SystemEvent):
                arguments = json.dumps(dict(detail.arguments), ensure_ascii=False, sort_keys=True)
                rows[_SYSTEM].append((message, detail.event, arguments))
            else:
                rows[_PLAIN_SQL[type(detail)]].append((message, *detail))

    def flush(self) -> None:
        """Writes what was kept."""
        for statement, rows in self._rows.items():
            self._connection.executemany(statement, rows)
        self._rows.clear()
