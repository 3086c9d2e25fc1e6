"""Quotes find what they answer in one pass, however large the chat is."""

import sqlite3
import time

from webapp.engine.archive import begin, finish

MESSAGES, QUOTES = 60_000, 6_000


def test_thousands_of_quotes_in_one_large_chat_are_resolved_at_once() -> None:
    archive = begin(sqlite3.connect(":memory:"))
    archive.execute("INSERT INTO chats (id, title, app, path, floating) VALUES (1, 'a', 'x', '', 0)")
    archive.executemany(
        "INSERT INTO messages (id, chat, timestamp, sequence, kind, text, key) VALUES (?, 1, ?, ?, 'text', '', ?)",
        [(n, n, n, f"key {n}") for n in range(1, MESSAGES + 1)],
    )
    archive.executemany(
        "INSERT INTO quotes (message, key) VALUES (?, ?)",
        [(MESSAGES - n, f"key {n + 1}") for n in range(QUOTES)],
    )
    start = time.process_time()
    finish(archive)
    assert time.process_time() - start < 3
    assert archive.execute("SELECT count(*) FROM quotes WHERE quoted IS NULL").fetchone() == (0,)
    assert archive.execute("SELECT quoted FROM quotes WHERE message = ?", (MESSAGES,)).fetchone() == (1,)
    archive.close()
