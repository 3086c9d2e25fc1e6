"""Databases are cut by their pages: every byte once, and what was not touched keeps its chunks."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.flows.circle.doubles import Chosen
from webapp.engine.cutting import cut
from webapp.engine.sqlite_cuts import page_size, sqlite_cuts

INSERT = "INSERT INTO message (key, text) VALUES (?, ?)"


def grow(path: Path, count: int, seed: int) -> bytes:
    """Rows with random keys, found through an index → the file's bytes."""
    noise = random.Random(seed)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, key TEXT, text TEXT)")
        database.execute("CREATE INDEX IF NOT EXISTS by_key ON message (key)")
        database.executemany(INSERT, ((noise.randbytes(16).hex(), "word " * 40) for _ in range(count)))
    return path.read_bytes()


def contents(database: bytes) -> list[bytes]:
    source = Chosen("msgstore.db", database)
    return [b"".join(source.read(offset, length) for offset, length in piece.ranges) for piece in sqlite_cuts(source)]


def test_every_byte_is_in_exactly_one_chunk_of_at_most_a_mebibyte(tmp_path: Path) -> None:
    database = grow(tmp_path / "a.db", 40_000, 1)
    ranges = sorted(place for piece in sqlite_cuts(Chosen("a.db", database)) for place in piece.ranges)
    position = 0
    for offset, length in ranges:
        assert offset == position
        position += length
    assert position == len(database)
    assert max(map(len, contents(database))) <= 1 << 20


def test_a_hundredth_more_rows_leaves_the_rows_that_were_there_in_their_chunks(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    before = grow(path, 60_000, 1)
    after = grow(path, 600, 2)
    known = set(contents(before))
    new = sum(len(content) for content in contents(after) if content not in known)
    straight = sum(
        1 << 20 for at in range(0, len(after), 1 << 20) if after[at : at + (1 << 20)] != before[at : at + (1 << 20)]
    )
    assert new < straight / 2


@pytest.mark.parametrize("size", [0, 99, 100, 5000, (4 << 20) + 777])
def test_what_only_begins_like_a_database_is_covered_too(size: int) -> None:
    content = (b"SQLite format 3\x00" + random.Random(size).randbytes(size))[: max(size, 16)]
    places = sorted(place for piece in sqlite_cuts(Chosen("a.db", content)) for place in piece.ranges)
    assert b"".join(content[offset : offset + length] for offset, length in places) == content


def test_page_sizes() -> None:
    def header(size: int) -> bytes:
        return b"SQLite format 3\x00" + size.to_bytes(2, "big") + bytes(82)

    assert [page_size(header(size)) for size in (512, 4096, 32_768, 1)] == [512, 4096, 32_768, 65_536]
    assert [page_size(header(size)) for size in (0, 2, 513, 256)] == [None] * 4
    assert page_size(b"SQLite format 3\x00") is None


def test_a_database_is_cut_like_that_wherever_it_is_chosen(tmp_path: Path) -> None:
    source = Chosen("anything.bin", grow(tmp_path / "a.db", 10, 1))
    assert cut(source).cuts == tuple(sqlite_cuts(source))
