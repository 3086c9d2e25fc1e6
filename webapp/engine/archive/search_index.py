"""Archive → search index: a database of its own that holds words and message ids, no text."""

import sqlite3
from collections.abc import Iterator

from webapp.engine.archive.connection import fresh
from webapp.engine.archive.schema import APPLICATION_ID, SEARCH_TABLES, SEARCH_VERSION
from webapp.engine.archive.words import indexed
from webapp.engine.ports import Progress, Reporter

BATCH = 8192
"""Messages between two reports."""

_HASH_BYTES = 16 << 20


def build_search_index(
    archive: sqlite3.Connection, target: str | sqlite3.Connection, report: Reporter | None = None
) -> sqlite3.Connection:
    """Indexes the texts and file names of all messages into a new database; returns its connection.

    `report` gets Progress("indexing", messages done, messages in all). Raises Cancelled through `report.check()`.
    """
    connection = fresh(target)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SEARCH_VERSION}")
    connection.executescript(SEARCH_TABLES)
    connection.execute("INSERT INTO words (words, rank) VALUES ('hashsize', ?)", (_HASH_BYTES,))
    total = int(archive.execute("SELECT count(*) FROM messages").fetchone()[0])
    connection.execute("BEGIN")
    done = 0
    positions: list[tuple[int, int]] = []
    for texts in _batches(archive, positions):
        connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", texts)
        connection.executemany("INSERT INTO positions VALUES (?, ?)", positions)
        done += len(positions)
        positions.clear()
        if report is not None:
            report.check()
            report(Progress("indexing", done, total))
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.execute("COMMIT")
    return connection


def _batches(archive: sqlite3.Connection, positions: list[tuple[int, int]]) -> Iterator[list[tuple[int, str]]]:
    """Batches of (position, text to index); fills `positions` with (position, message) beside each."""
    rows = archive.execute(
        "SELECT m.id, m.text, f.name, f.title FROM messages m LEFT JOIN media f ON f.id = m.media"
        " ORDER BY m.timestamp, m.chat, m.sequence"
    )
    position = 0
    while batch := rows.fetchmany(BATCH):
        texts: list[tuple[int, str]] = []
        for message, text, name, title in batch:
            position += 1
            positions.append((position, message))
            if name:
                text = f"{text} {title or name}"
            if text:
                texts.append((position, indexed(text)))
        yield texts
