"""The scanner itself: it finds a planted secret in every spelling, and nothing where there is nothing."""

import base64
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.security import scanner

KEY = bytes(range(100, 132))
WORD = "Quillfeather 元気"


def found_in(content: bytes, needles: list[scanner.Needle]) -> bool:
    haystack = scanner.Haystack()
    haystack.add("here", os.urandom(1000) + content + os.urandom(1000))
    return bool(haystack.find(needles))


@pytest.mark.parametrize("needle", scanner.of_password("word", WORD), ids=lambda needle: needle.label)
def test_every_spelling_of_a_word_is_found(needle: scanner.Needle) -> None:
    assert found_in(needle.value, [needle])


@pytest.mark.parametrize("offset", range(3))
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_is_found_wherever_the_secret_stands_in_it(offset: int, encode: object) -> None:
    text = encode(bytes(offset) + KEY + b"more")  # type: ignore[operator]
    assert found_in(text, scanner.of_bytes("key", KEY))


def test_letters_of_any_case_are_found() -> None:
    assert found_in(b"QUILLFEATHER " + "元気".encode(), scanner.of_text("word", WORD))
    assert found_in(KEY.hex().upper().encode(), scanner.of_bytes("key", KEY))


def test_a_part_of_a_file_is_found() -> None:
    picture = os.urandom(50_000)
    assert found_in(picture[20_001:20_500], scanner.of_file("picture", picture, every=64))


def test_rows_and_files_are_looked_through(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "some.sqlite3")) as database, database:
        database.execute("CREATE TABLE notes (body)")
        database.execute("INSERT INTO notes VALUES (?)", (b"x" * 10_000 + KEY,))
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "Quillfeather 元気.txt").write_bytes(b"nothing")
    haystack = scanner.Haystack()
    haystack.add_folder(tmp_path)
    haystack.add_database(tmp_path / "some.sqlite3")
    places = {place for _, place in haystack.find(scanner.of_bytes("key", KEY) + scanner.of_text("word", WORD))}
    assert places >= {"table notes of some.sqlite3", "name of deep/Quillfeather 元気.txt"}


def test_nothing_is_found_where_nothing_is() -> None:
    assert not found_in(b"", scanner.of_password("word", WORD) + scanner.of_bytes("key", KEY))


def test_a_needle_that_chance_could_match_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        scanner.Haystack().find([scanner.Needle("short", b"abc")])
