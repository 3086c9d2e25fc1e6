"""Narrowing a search by chat, person, date and kind; counting no more than is read; what stands beside a text."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.engine.archive import ArchiveWriter, Filter, Search, build_search_index, to_bytes
from webapp.engine.archive.search import COUNTED
from webapp.engine.archive.words import indexed, words_of
from webapp.engine.readers.details import ContactCard, Invite, Link, Place, PlannedEvent, Poll, PollOption
from webapp.engine.readers.events import Chat, ChatEnd, Event, Kind, Media, Message, Participant

MANY = COUNTED + 500


def events() -> Iterator[Event]:
    yield Chat(1, "One", "whatsapp", "p", False, None)
    yield Participant(1, 1, "Ann")
    yield Participant(2, 1, "Ben")
    yield Media(1, 1, None, "", "", "DOC-1.pdf", "Mietvertrag", Kind.DOCUMENT, "application/pdf", 0)
    for number in range(MANY):
        yield Message(1, number, 1000 * number, Kind.TEXT, 1 + number % 2, f"apple {number}")
    yield Message(1, MANY, 1000 * MANY, Kind.IMAGE, 1, "apple pie")
    beside = (
        ("Mietvertrag", Kind.DOCUMENT, (), 1),
        ("zucchini", Kind.POLL, (Poll((PollOption("Zucchini"), PollOption("rice"))),), None),
        ("quentin", Kind.CONTACT, (ContactCard("Quentin", "+49 170"),), None),
        ("seeblick", Kind.LOCATION, (Place(1, 2, "Hotel Seeblick"),), None),
        ("headline", Kind.TEXT, (Link("https://e.org", "Headline"),), None),
        ("kegeln", Kind.EVENT, (PlannedEvent("Kegeln gehen"),), None),
        ("schachclub", Kind.INVITE, (Invite("Schachclub"),), None),
    )
    for number, (_, kind, details, medium) in enumerate(beside):
        yield Message(1, MANY + 1 + number, 10_000_000 + number, kind, 2, "", media=medium, details=details)
    yield ChatEnd(1, False, 1)
    yield Chat(12, "Twelve", "whatsapp", "p", False, None)
    yield Participant(12, 12, "Ann")
    yield Message(12, 0, 500_500, Kind.LIVE_LOCATION, 12, "apple here")
    yield ChatEnd(12, False, None)


@pytest.fixture(scope="module")
def search() -> Iterator[Search]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    ArchiveWriter(connection).write(events())
    index = build_search_index(connection, sqlite3.connect(":memory:"))
    yield Search(connection, to_bytes(index))
    connection.close()
    index.close()


def test_many_matches_are_counted_up_to_a_thousand_only(search: Search) -> None:
    page = search.find("apple")
    assert (page.total, page.more, len(page.hits)) == (COUNTED, True, 50)
    few = search.find("apple 12 ")
    assert (few.total, few.more) == (1, False)


def test_pages_continue_to_the_very_last_match(search: Search) -> None:
    seen: list[int] = []
    older: int | None = None
    while True:
        page = search.find("apple", before=older, limit=400)
        seen += [hit.message.id for hit in page.hits]
        older = page.older
        if older is None:
            break
    assert len(seen) == len(set(seen)) == MANY + 2


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [
        (Filter(chats=[12]), 1),
        (Filter(chats=[1], kinds=["image"]), 1),
        (Filter(kinds=["live_location"]), 1),
        (Filter(kinds=["image", "live_location"]), 2),
        (Filter(senders=[2], until=100_000), 50),
        (Filter(senders=[1, 2], until=100_000), 100),
        (Filter(since=100_000, until=103_000), 3),
        (Filter(since=500_000, until=501_000), 2),
        (Filter(since=10_000_000), 0),
        (Filter(since=5_000, until=5_000), 0),
        (Filter(chats=[2]), 0),
        (Filter(kinds=['"text" OR "image']), 0),
    ],
)
def test_filters_let_through_exactly_what_they_say(search: Search, narrowed: Filter, count: int) -> None:
    page = search.find("apple", narrowed)
    assert (page.total, page.more) == (count, False)


def test_a_filter_needs_no_words(search: Search) -> None:
    assert [hit.message.text for hit in search.find("", Filter(kinds=["image"])).hits] == ["apple pie"]
    assert search.find("", Filter(chats=[12], since=500_000)).total == 1
    assert search.find("").total == 0


def test_days_alone_show_what_was_written_then_newest_first(search: Search) -> None:
    page = search.find("", Filter(since=100_000, until=103_000))
    assert [hit.message.timestamp for hit in page.hits] == [102_000, 101_000, 100_000]
    first = search.find("", Filter(since=100_000, until=103_000), limit=2)
    rest = search.find("", Filter(since=100_000, until=103_000), before=first.older, limit=2)
    assert [len(first.hits), len(rest.hits), rest.older] == [2, 1, None]
    assert search.find("", Filter(since=1 << 50)).total == 0


@pytest.mark.parametrize(
    "query", ["mietvertrag", "zucchini", "quentin", "seeblick", "headline", "kegeln", "schachclub"]
)
def test_what_stands_beside_the_text_is_found(search: Search, query: str) -> None:
    (hit,) = search.find(query).hits
    assert hit.ranges == ()


@pytest.mark.parametrize("query", ["k", "c", "p", "ktext", "c12", "p2"])
def test_words_of_the_filters_are_never_found_as_text(search: Search, query: str) -> None:
    assert all(query[0] in hit.message.text or hit.message.text == "" for hit in search.find(query).hits)
    assert search.find(f'"{query}"').total == 0


# Words and parts of words: letters with their marks, since a mark that stands alone is no text.
LINES = """
a É ß ñ ç Ž Дй Ё Ω مُحَمَّد لا א שָׁ न मस् ते দু নি য়া மி ழ் 今 天 京 か ガ が ㌔ ㄓ 한 국 ᄒ 어
กำ น้ ตั้ง ລຳ ວ့ မြန် မာ ខ្មែ រ 😂 👍🏽 ❤️ 🇩🇪 👨‍👩‍👧 12 ٣ . , - ' _
"""
PARTS = LINES.split()


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from([*PARTS, " ", "\n"]), max_size=14).map("".join))
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        message = Message(1, 0, 0, Kind.TEXT, None, text)
        ArchiveWriter(connection).write([Chat(1, "One", "a", "p", False, None), message, ChatEnd(1, False, None)])
        with closing(build_search_index(connection, sqlite3.connect(":memory:"))) as index:
            page = Search(connection, to_bytes(index)).find(f'"{text}"')
    assert page.total == (1 if words_of(indexed(text)) else 0)
