"""Finding messages in every script, with what to highlight."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.fixtures_export import MemorySource, write_export, zip_of
from webapp.engine.archive import ArchiveWriter, Filter, Search, build_search_index, load, to_bytes
from webapp.engine.readers.registry import read

TEXTS = [
    "The Café is closed on Monday",
    "cafeteria food",
    "東京で寿司を食べました",
    "京東の話",
    "今天天气很好",
    "วันนี้อากาศดีมาก",
    "नमस्ते दुनिया",
    "مُحَمَّد إلى المدرسة",
    "СЪЁМКА завтра",
    "Ünïcödé ﬁne Ａｌｐｈａ",
    "party 🎉🎉 tonight",
    "don't stop",
    "one two three",
    "three two one",
    "ขอน้ำหน่อย",
    'quote " and * and NEAR(x) OR -y ^z {w}: columns',
]


@pytest.fixture(scope="module")
def search() -> Iterator[Search]:
    start = datetime(2022, 5, 20, 10, 0)
    text = write_export("english android", [(start + timedelta(hours=n), "Ann", t) for n, t in enumerate(TEXTS)])
    text += "25/05/2022, 10:00 - Ann: Rechnung Mai.pdf (file attached)\n"
    other = write_export("english android", [(start, "Ben", "cafe elsewhere")])
    files = {"a/WhatsApp Chat with A.txt": text.encode(), "b/WhatsApp Chat with B.txt": other.encode()}
    writer = ArchiveWriter(sqlite3.connect(":memory:"))
    writer.write(read([MemorySource("a.zip", zip_of(files))]))
    index = build_search_index(writer.connection, sqlite3.connect(":memory:"))
    archive = load(to_bytes(writer.connection))
    yield Search(archive, to_bytes(index))
    for connection in (writer.connection, index, archive):
        connection.close()


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("café", {TEXTS[0], TEXTS[1], "cafe elsewhere"}),
        ("CAFE ", {TEXTS[0], "cafe elsewhere"}),
        ("closed caf", {TEXTS[0]}),
        ("東京", {TEXTS[2]}),
        ("寿", {TEXTS[2]}),
        ("天气", {TEXTS[4]}),
        ("อากาศ", {TEXTS[5]}),
        ("दुनिया", {TEXTS[6]}),
        ("محمد", {TEXTS[7]}),
        ("الى", {TEXTS[7]}),
        ("съемка", {TEXTS[8]}),
        ("unicode fine alpha", {TEXTS[9]}),
        ("🎉", {TEXTS[10]}),
        ("don't", {TEXTS[11]}),
        ('"two three"', {TEXTS[12]}),
        ("two three", {TEXTS[12], TEXTS[13]}),
        ("น้ำ", {TEXTS[14]}),
        ("nothing like this", set()),
        ("rechnung", {""}),
    ],
)
def test_queries_find_exactly(search: Search, query: str, texts: set[str]) -> None:
    page = search.find(query)
    assert {hit.message.text for hit in page.hits} == texts
    assert page.total == len(texts)


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("café", ["Café"]),
        ("東京", ["東京"]),
        ("อากาศ", ["อากาศ"]),
        ("محمد", ["مُحَمَّد"]),
        ("monday closed", ["closed", "Monday"]),
        ('"two three"', ["two three"]),
        ("alpha", ["Ａｌｐｈａ"]),
        ("🎉", ["🎉🎉"]),
    ],
)
def test_what_matched_is_highlighted(search: Search, query: str, marked: list[str]) -> None:
    hits = {hit.message.text: hit for hit in search.find(query).hits}
    hit = next(hit for text, hit in hits.items() if marked[0] in text)
    assert [piece for piece, is_marked in hit.fragments if is_marked] == marked
    assert "".join(piece for piece, _ in hit.fragments) == hit.message.text


@pytest.mark.parametrize(
    "query", ["", "   ", '"', '""', "*", "-", "OR", "a AND", "NEAR(", "x:y", "'; --", "{", "^", "\0"]
)
def test_no_query_is_an_error(search: Search, query: str) -> None:
    assert search.find(query).total >= 0


def test_newest_come_first_and_pages_continue(search: Search) -> None:
    first = search.find("cafe", limit=2)
    assert first.total == 3
    assert first.older is not None
    rest = search.find("cafe", limit=2, before=first.older)
    assert rest.older is None
    times = [hit.message.timestamp for hit in first.hits + rest.hits]
    assert times == sorted(times, reverse=True)
    assert len(times) == 3


def test_a_search_can_stay_within_a_chat(search: Search) -> None:
    assert {hit.message.text for hit in search.find("cafe", Filter(chats=[2])).hits} == {"cafe elsewhere"}
    assert search.find("cafe", Filter(chats=[2])).total == 1


def test_the_index_holds_no_text() -> None:
    writer = ArchiveWriter(sqlite3.connect(":memory:"))
    text = write_export("english android", [(datetime(2022, 5, 20), "Ann", "Zanzibar Quokka Xylophone")])
    writer.write(read([MemorySource("a.txt", text.encode())]))
    indexes = [build_search_index(writer.connection, sqlite3.connect(":memory:")) for _ in range(2)]
    first, second = map(to_bytes, indexes)
    assert b"Quokka" not in first
    assert b"Zanzibar Quokka" not in first
    assert first == second
    for connection in (*indexes, writer.connection):
        connection.close()
