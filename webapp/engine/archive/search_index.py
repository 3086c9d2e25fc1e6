"""Archive → search index: a database of its own that holds words and message ids, no text."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator

from webapp.engine.archive.connection import fresh
from webapp.engine.archive.schema import APPLICATION_ID, SEARCH_TABLES, SEARCH_VERSION
from webapp.engine.archive.words import indexed
from webapp.engine.ports import Progress, Reporter

BATCH = 8192
"""Messages between two reports."""

# Words gathered before they are written out: few large pieces are merged at the end in a quarter of a second.
_HASH_BYTES = 64 << 20
# A letter nobody types, so that the beginning of a word never meets the words of scopes.
_SCOPE = "\ue000"
_NO_WORD = re.compile(r"[\W_]+")
# What else can be found: what stands beside the text of few messages.
_BESIDE = """
    SELECT m.id, coalesce(nullif(f.title, ''), f.name) FROM messages m JOIN media f ON f.id = m.media
    UNION ALL SELECT message, text FROM poll_options
    UNION ALL SELECT message, name || ' ' || phones FROM contact_cards
    UNION ALL SELECT message, name || ' ' || address FROM places
    UNION ALL SELECT message, title || ' ' || description FROM links
    UNION ALL SELECT message, description || ' ' || place FROM planned_events
    UNION ALL SELECT message, title FROM invites
"""


def scope_word(what: str, value: int | str) -> str:
    """The word in the column `scope` for a chat ("c", id), a sender ("p", id) or a kind ("k", kind)."""
    return f"{_SCOPE}{what}{_NO_WORD.sub('', str(value))}"


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
    connection.execute("INSERT INTO words (words, rank) VALUES ('automerge', 0)")
    total = int(archive.execute("SELECT count(*) FROM messages").fetchone()[0])
    connection.execute("BEGIN")
    done = 0
    for words, positions in _batches(archive):
        connection.executemany("INSERT INTO words (rowid, text, scope) VALUES (?, ?, ?)", words)
        connection.executemany("INSERT INTO positions VALUES (?, ?)", positions)
        done += len(words)
        if report is not None:
            report.check()
            report(Progress("indexing", done, total))
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.execute("COMMIT")
    return connection


_ORDER = "ORDER BY timestamp, chat, sequence"


def _batches(archive: sqlite3.Connection) -> Iterator[tuple[list[tuple[int, str, str]], list[tuple[int, int]]]]:
    """Batches of (position, text to index, scope) and of (position, message)."""
    beside: dict[int, list[str]] = defaultdict(list)
    for message, text in archive.execute(_BESIDE):
        if text:
            beside[message].append(text)
    kinds = {kind: scope_word("k", kind) for (kind,) in archive.execute("SELECT DISTINCT kind FROM messages")}
    scopes: dict[tuple[int, int | None, str], str] = {}
    rows = archive.execute(f"SELECT id, text, chat, sender, kind FROM messages {_ORDER}")
    position = 0
    while batch := rows.fetchmany(BATCH):
        words: list[tuple[int, str, str]] = []
        positions: list[tuple[int, int]] = []
        for message, text, chat, sender, kind in batch:
            position += 1
            scope = scopes.get((chat, sender, kind))
            if scope is None:
                scope = scopes[chat, sender, kind] = f"{_SCOPE}c{chat} {_SCOPE}p{sender} {kinds[kind]}"
            if message in beside:
                text = " ".join((text, *beside[message]))
            words.append((position, text if text.isascii() else indexed(text), scope))
            positions.append((position, message))
        yield words, positions
