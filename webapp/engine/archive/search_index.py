"""Archive → search index: a database of its own that holds words and message ids, no text.

It is filled by SQL from the archive itself, attached beside it while it grows: only texts that are not plain ASCII pass
through Python, where `words` folds and cuts them.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

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


def _as_words(text: str) -> str:
    """An expression that cuts what is not plain ASCII; the tokenizer itself lowers ASCII letters."""
    return f"CASE WHEN length({text}) = length(CAST({text} AS BLOB)) THEN {text} ELSE cut(CAST({text} AS BLOB)) END"


# What else can be found: what stands beside the text of few messages.
_BESIDE = """
    SELECT m.id AS message, coalesce(nullif(f.title, ''), f.name) AS text FROM messages m JOIN media f ON f.id = m.media
    UNION ALL SELECT message, text FROM poll_options
    UNION ALL SELECT message, name || ' ' || phones FROM contact_cards
    UNION ALL SELECT message, name || ' ' || address FROM places
    UNION ALL SELECT message, title || ' ' || description FROM links
    UNION ALL SELECT message, description || ' ' || place FROM planned_events
    UNION ALL SELECT message, title FROM invites
"""
_BESIDE_WORDS = f"""
    INSERT INTO temp.beside SELECT message, ' ' || {_as_words("text")} FROM ({_BESIDE}) WHERE text <> ''
    ON CONFLICT DO UPDATE SET words = words || excluded.words
"""
# Positions come first and by numbers alone: sorting the texts with them would cost more than all the rest. Of the
# archive's index only two columns would be sorted already, which makes sorting slower, not quicker.
_POSITIONS = """
    INSERT INTO making.positions (message) SELECT id FROM main.messages NOT INDEXED ORDER BY timestamp, chat, sequence
"""

# One statement: FTS5 writes out what it has gathered at the end of each. `told` is asked once a batch.
_WORDS = f"""
    INSERT INTO making.words (rowid, text, scope)
    SELECT p.position, {_as_words("m.text")} || coalesce(b.words, ''),
        '{_SCOPE}c' || m.chat || coalesce(' {_SCOPE}p' || m.sender, '') || ' {_SCOPE}k' || replace(m.kind, '_', '')
        || CASE p.position % {BATCH} WHEN 0 THEN told(p.position) ELSE '' END
    FROM making.positions p CROSS JOIN main.messages m ON m.id = p.message LEFT JOIN temp.beside b ON b.message = m.id
"""


def scope_word(what: str, value: int | str) -> str:
    """The word in the column `scope` for a chat ("c", id), a sender ("p", id) or a kind ("k", kind)."""
    return f"{_SCOPE}{what}{_NO_WORD.sub('', str(value))}"


def build_search_index(
    archive: sqlite3.Connection, target: sqlite3.Connection, report: Reporter | None = None
) -> sqlite3.Connection:
    """Indexes the texts and file names of all messages into an empty database in memory; returns `target`.

    `report` gets Progress("indexing", messages done, messages in all). Raises Cancelled through `report.check()`; then
    `target` stays empty.
    """
    read_only = archive.execute("PRAGMA query_only").fetchone()[0]
    archive.execute("PRAGMA query_only = OFF")
    archive.execute("PRAGMA temp_store = MEMORY")
    archive.execute("ATTACH ':memory:' AS making")
    try:
        _fill(archive, report)
        archive.backup(target, name="making")
    finally:
        if archive.in_transaction:
            archive.execute("ROLLBACK")
        archive.execute("DROP TABLE IF EXISTS temp.beside")
        archive.execute("DETACH making")
        archive.execute(f"PRAGMA query_only = {read_only}")
    return target


def _fill(archive: sqlite3.Connection, report: Reporter | None) -> None:
    run = archive.execute
    run("PRAGMA making.journal_mode = OFF")
    run(f"PRAGMA making.application_id = {APPLICATION_ID}")
    run(f"PRAGMA making.user_version = {SEARCH_VERSION}")
    for table in SEARCH_TABLES:
        run(table.format(schema="making"))
    run("INSERT INTO making.words (words, rank) VALUES ('hashsize', ?)", (_HASH_BYTES,))
    run("INSERT INTO making.words (words, rank) VALUES ('automerge', 0)")
    run("BEGIN")
    run(_POSITIONS)
    total = int(run("SELECT count(*) FROM making.positions").fetchone()[0])
    with _functions(archive, report, total):
        run("CREATE TEMP TABLE beside (message INTEGER PRIMARY KEY, words TEXT NOT NULL)")
        run(_BESIDE_WORDS)
        run(_WORDS)
    run("INSERT INTO making.words (words) VALUES ('optimize')")
    run("COMMIT")
    if report is not None:
        report(Progress("indexing", total, total))


@contextmanager
def _functions(archive: sqlite3.Connection, report: Reporter | None, total: int) -> Iterator[None]:
    """Within it SQL has `cut` for texts and `told`, which reports. Raises what reporting raises."""
    stopped: BaseException | None = None

    def told(done: int) -> str:
        nonlocal stopped
        try:
            if report is not None:
                report.check()
                report(Progress("indexing", done, total))
        except BaseException as error:
            stopped = error  # SQLite only hands on that there was one
            raise
        return ""

    archive.create_function("cut", 1, lambda text: indexed(text.decode("utf-8", "replace")))
    archive.create_function("told", 1, told)
    try:
        yield
    except sqlite3.OperationalError as error:
        raise stopped or error from None
    finally:
        archive.create_function("cut", 1, None)
        archive.create_function("told", 1, None)
