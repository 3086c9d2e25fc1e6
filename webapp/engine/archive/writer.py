"""Events → archive."""

import sqlite3
from collections.abc import Iterable

from webapp.engine.archive.connection import fresh
from webapp.engine.archive.schema import APPLICATION_ID, CHAT_TOTALS, INDEXES, TABLES, VERSION
from webapp.engine.archive.summary import Found, Tally
from webapp.engine.ports import Progress, Reporter
from webapp.engine.readers.events import Chat, ChatEnd, Event, Media, Message, Participant, Unknown

BATCH = 4096
"""Messages per INSERT batch, and between two reports."""

_MESSAGE = (
    "INSERT INTO messages (chat, sequence, timestamp, kind, sender, text, detail, edited, media, latitude, longitude)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class ArchiveWriter:
    """Writes one archive into a new database: a path or an (in-memory) connection."""

    def __init__(self, target: str | sqlite3.Connection) -> None:
        self.connection = fresh(target)
        self.connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self.connection.execute(f"PRAGMA user_version = {VERSION}")
        self.connection.executescript(TABLES)

    def write(self, events: Iterable[Event], report: Reporter | None = None) -> Found:
        """Writes all events and returns what they held. Call once.

        `report` gets Progress("reading", messages so far) every BATCH messages. Raises what the reader raises, and
        Cancelled through `report.check()`; the database is then incomplete and to be thrown away.
        """
        tally = Tally()
        batch: list[tuple[object, ...]] = []
        done = 0
        self.connection.execute("BEGIN")
        for event in events:
            if type(event) is not Message:
                tally.add(event)
                self._insert(event)
                continue
            tally.message(event)
            chat, sequence, timestamp, kind, *rest = event
            batch.append((chat, sequence, timestamp, kind._value_, *rest))
            if len(batch) == BATCH:
                self.connection.executemany(_MESSAGE, batch)
                batch.clear()
                done += BATCH
                if report is not None:
                    report.check()
                    report(Progress("reading", done))
        self.connection.executemany(_MESSAGE, batch)
        self.connection.execute("COMMIT")
        self.connection.executescript(INDEXES)
        self.connection.execute(CHAT_TOTALS)
        if report is not None:
            report.check()
            report(Progress("reading", done + len(batch)))
        return tally.found()

    def _insert(self, event: Event) -> None:
        execute = self.connection.execute
        match event:
            case Chat(id, title, app, path, floating, guess):
                order, certain, reason = (guess.order, guess.certain, guess.reason) if guess else (None, None, None)
                execute(
                    "INSERT INTO chats (id, title, app, path, floating, date_order, date_certain, date_reason)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (id, title, app, path, floating, order, certain, reason),
                )
            case Participant(id, chat, name, phone):
                execute("INSERT INTO participants VALUES (?, ?, ?, ?)", (id, chat, name, phone or None))
            case Media(id, chat, source, source_name, member, name, title, kind, mime, size):
                execute(
                    "INSERT INTO media VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (id, chat, source, source_name, member, name, title, kind.value, mime, size),
                )
            case Unknown(chat, what, count):
                execute("INSERT INTO unknown VALUES (?, ?, ?)", (chat, what, count))
            case ChatEnd(chat, group, owner):
                execute("UPDATE chats SET is_group = ?, owner = ? WHERE id = ?", (group, owner, chat))
