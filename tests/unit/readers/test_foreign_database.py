"""Databases of unknown origin: whole, with a log, damaged, and made to hurt."""

import random
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fixtures_export import MemorySource
from webapp.engine.readers import foreign_database
from webapp.engine.readers.foreign_database import (
    DatabaseDamaged,
    DatabaseImplausible,
    DatabaseTooLarge,
    ForeignDatabase,
)
from webapp.engine.readers.items import Item, items_of


def item(content: bytes, name: str = "a.db") -> Item:
    return items_of([MemorySource(name, content)])[0]


def database(*statements: str) -> bytes:
    connection = sqlite3.connect(":memory:")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content


def with_log(folder: Path, rows: int) -> tuple[bytes, bytes]:
    """A database whose rows all still lie in its log."""
    path = str(folder / "a.db")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("CREATE TABLE t (a)")
    for number in range(rows):
        connection.execute("INSERT INTO t VALUES (?)", (f"{number} " * 200,))
        connection.commit()
    found = (folder / "a.db").read_bytes(), (folder / "a.db-wal").read_bytes()
    connection.close()
    return found


def count(content: bytes, log: bytes | None = None) -> int:
    return ask(content, "SELECT count(*) FROM t", log)[0][0]


def ask(content: bytes, query: str, log: bytes | None = None) -> list:
    with ForeignDatabase(item(content), item(log, "a.db-wal") if log else None) as opened:
        return list(opened.rows(query))


def test_rows_that_still_lie_in_the_log_are_read(tmp_path: Path) -> None:
    content, log = with_log(tmp_path, 20)
    assert count(content, log) == 20


def test_a_log_that_is_cut_counts_up_to_its_last_good_commit(tmp_path: Path) -> None:
    content, log = with_log(tmp_path, 20)
    assert count(content, log[:-100]) == 19
    flipped = bytearray(log)
    flipped[len(log) // 2] ^= 1
    assert 0 < count(content, bytes(flipped)) < 20


def test_a_log_of_another_database_is_not_applied(tmp_path: Path) -> None:
    content = database("CREATE TABLE t (a)", "INSERT INTO t VALUES (1)")
    assert count(content, b"\x37\x7f\x06\x82" + bytes(5000)) == 1


def test_a_database_that_says_it_has_a_log_opens_without_one() -> None:
    content = bytearray(database("CREATE TABLE t (a)", "INSERT INTO t VALUES (1)"))
    content[18:20] = b"\x02\x02"
    assert count(bytes(content)) == 1


def test_nothing_can_be_written() -> None:
    with pytest.raises(DatabaseDamaged):
        ask(database("CREATE TABLE t (a)"), "INSERT INTO t VALUES (1)")


def test_what_sqlite_can_be_told_to_distrust_it_is_told() -> None:
    with ForeignDatabase(item(database("CREATE TABLE t (a)"))) as opened:
        told = {
            name: opened.connection.getconfig(getattr(sqlite3, f"SQLITE_DBCONFIG_{name}"))
            for name in ("DEFENSIVE", "ENABLE_VIEW", "ENABLE_TRIGGER", "TRUSTED_SCHEMA")
        }
    assert told == {"DEFENSIVE": True, "ENABLE_VIEW": False, "ENABLE_TRIGGER": False, "TRUSTED_SCHEMA": False}


def test_no_view_is_asked() -> None:
    content = database("CREATE TABLE t (a)", "INSERT INTO t VALUES (1)", "CREATE VIEW v AS SELECT a FROM t")
    with pytest.raises(DatabaseDamaged):
        ask(content, "SELECT * FROM v")


def test_a_question_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_database, "MOST_ROUNDS", 20)
    content = database("CREATE TABLE t (a)", *(f"INSERT INTO t VALUES ({number})" for number in range(2000)))
    start = time.monotonic()
    with pytest.raises(DatabaseImplausible):
        ask(content, "SELECT count(*) FROM t AS x, t AS y, t AS z")
    assert time.monotonic() - start < 5


def test_a_value_of_absurd_size_is_refused() -> None:
    content = database("CREATE TABLE t (a)", "INSERT INTO t VALUES (900000000)")
    with pytest.raises((DatabaseImplausible, DatabaseDamaged)):
        ask(content, "SELECT zeroblob(a) FROM t")


def test_a_database_larger_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_database, "LARGEST_DATABASE", 1000)
    with pytest.raises(DatabaseTooLarge) as refused:
        ForeignDatabase(item(database("CREATE TABLE t (a)")))
    assert refused.value.data["limit"] == 1000


@pytest.mark.parametrize("seed", range(60))
def test_random_damage_is_a_typed_error_or_none(seed: int) -> None:
    content = bytearray(database("CREATE TABLE t (a)", *(f"INSERT INTO t VALUES ('{n}')" for n in range(300))))
    rolls = random.Random(seed)
    for _ in range(1 + seed % 30):
        content[rolls.randrange(16, len(content))] = rolls.randrange(256)
    with suppress(DatabaseDamaged, DatabaseImplausible):
        ask(bytes(content), "SELECT * FROM t")
