"""Events → archive."""

import sqlite3
from collections.abc import Iterable

from webapp.engine.archive.connection import fresh
from webapp.engine.archive.detail_rows import DetailRows
from webapp.engine.archive.schema import (
    APPLICATION_ID,
    CHAT_TOTALS,
    INDEXES,
    RESOLVE_BY_TIME,
    RESOLVE_KEYS,
    SIDE_TABLES,
    TABLES,
    VERSION,
    WRITERS,
)
from webapp.engine.archive.summary import Found, found_in
from webapp.engine.ports import Progress, Reporter
from webapp.engine.readers.events import Chat, ChatEnd, Event, Media, Member, Message, Origin, Participant, Unknown

BATCH = 4096
"""Messages per INSERT batch, and between two reports."""

_MESSAGE = (
    "INSERT INTO messages (id, chat, sequence, timestamp, kind, sender, text, detail, edited, media, key, forwarded,"
    " starred, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def begin(target: str | sqlite3.Connection) -> sqlite3.Connection:
    """An empty archive in a new database (a path, or a connection): all tables, no index yet; see `schema`."""
    connection = fresh(target)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.executescript(TABLES + SIDE_TABLES)
    return connection


def finish(connection: sqlite3.Connection) -> Found:
    """Completes an archive whose rows are in, and tells what it holds. To be called once, outside a transaction."""
    connection.executescript(INDEXES + RESOLVE_BY_TIME + RESOLVE_KEYS + WRITERS)
    connection.execute(CHAT_TOTALS)
    return found_in(connection)


class ArchiveWriter:
    """Writes one archive into a new database: a path or an (in-memory) connection."""

    def __init__(self, target: str | sqlite3.Connection) -> None:
        self.connection = begin(target)

    def write(self, events: Iterable[Event], report: Reporter | None = None) -> Found:
        """Writes all events and returns what they held. Call once.

        `report` gets Progress("reading", messages so far) every BATCH messages. Raises what the reader raises, and
        Cancelled through `report.check()`; the database is then incomplete and to be thrown away.
        """
        batch: list[tuple[object, ...]] = []
        done = 0
        origin: int | None = None
        details = DetailRows(self.connection)
        self.connection.execute("BEGIN")
        for event in events:
            if type(event) is not Message:
                if type(event) is Chat:
                    origin = event.origin
                self._insert(event)
                continue
            chat, sequence, timestamp, kind, sender, text, detail, edited, media, more, key, forwarded, starred = event
            done += 1
            batch.append(
                (done, chat, sequence, timestamp, kind._value_, sender, text, detail, edited, media, key, forwarded,
                 starred, origin)
            )  # fmt: skip
            if more:
                details.add(done, more)
            if len(batch) == BATCH:
                self.connection.executemany(_MESSAGE, batch)
                batch.clear()
                details.flush()
                if report is not None:
                    report.check()
                    report(Progress("reading", done))
        self.connection.executemany(_MESSAGE, batch)
        details.flush()
        self.connection.execute("COMMIT")
        found = finish(self.connection)
        if report is not None:
            report.check()
            report(Progress("reading", done))
        return found

    def _insert(self, event: Event) -> None:
        execute = self.connection.execute
        match event:
            case Origin(id, reader, name, member):
                execute("INSERT INTO origins VALUES (?, ?, ?, ?)", (id, reader, name, member))
            case Chat():
                self._chat(event)
            case Participant(id, chat, name, phone, address, lid, name_source):
                execute(
                    "INSERT INTO participants VALUES (?, ?, ?, ?, ?, ?)", (id, name, phone, address, lid, name_source)
                )
                if chat is not None:
                    execute("INSERT OR IGNORE INTO members (chat, participant) VALUES (?, ?)", (chat, id))
            case Member(chat, participant, rank, joined, left):
                execute(
                    "INSERT OR REPLACE INTO members VALUES (?, ?, ?, ?, ?)", (chat, participant, rank, joined, left)
                )
            case Media():
                self._media(event)
            case Unknown(chat, what, count, detail):
                execute("INSERT INTO unknown VALUES (?, ?, ?, ?)", (chat, what, count, detail))
            case ChatEnd(chat, group, owner):
                execute("UPDATE chats SET is_group = ?, owner = ? WHERE id = ?", (group, owner, chat))

    def _chat(self, chat: Chat) -> None:
        guess = chat.date_guess
        order, certain, reason = (guess.order, guess.certain, guess.reason) if guess else (None, None, None)
        self.connection.execute(
            "INSERT INTO chats (id, title, app, path, floating, date_order, date_certain, date_reason, origin, address,"
            " description, created, creator, archived, pinned, muted_until)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (chat.id, chat.title, chat.app, chat.path, chat.floating, order, certain, reason, chat.origin, chat.address,
             chat.description, chat.created, chat.creator, chat.archived, chat.pinned, chat.muted_until),
        )  # fmt: skip

    def _media(self, file: Media) -> None:
        self.connection.execute(
            "INSERT INTO media VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (file.id, file.chat, file.source, file.source_name, file.member, file.name, file.title, file.kind.value,
             file.mime, file.size, file.width, file.height, file.duration, file.sha256),
        )  # fmt: skip
        if file.thumbnail:
            self.connection.execute("INSERT INTO thumbnails VALUES (?, ?)", (file.id, file.thumbnail))
        if file.seal:
            self.connection.execute("INSERT INTO seals VALUES (?, ?)", (file.id, file.seal))
