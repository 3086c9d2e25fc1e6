"""Two backups of the same chats become one history: nothing twice, nothing lost, and every message knows its files."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.engine.archive import Archive, ArchiveWriter, origins_of
from webapp.engine.archive.merging import merge
from webapp.engine.readers.details import Quote, Reaction
from webapp.engine.readers.events import Chat, ChatEnd, Event, Kind, Media, Message, Origin, Participant

START = 1_653_040_800_000  # 2022-05-20 10:00 UTC
MINUTE = 60_000
HOUR = 60 * MINUTE
SUMMER, WINTER = 2 * HOUR, HOUR


@dataclass(frozen=True)
class Said:
    """One message of the true history."""

    number: int
    at: int
    sender: str
    text: str


def phone(history: Sequence[Said], name: str = "new.db", title: str = "Ann") -> Iterator[Event]:
    """As a phone's database has it: keys, milliseconds, UTC."""
    yield Origin(1, "whatsapp_android", name)
    yield Chat(1, title, "whatsapp", name, False, None, 1, "491@s.whatsapp.net")
    people = {person: id for id, person in enumerate(sorted({said.sender for said in history}), start=1)}
    for person, id in people.items():
        yield Participant(id, 1, person, "", f"{person}@s")
    for place, said in enumerate(history):
        yield Message(1, place, said.at, Kind.TEXT, people[said.sender], said.text, key=f"K{said.number}")
    yield ChatEnd(1, False, None)


def text(
    history: Sequence[Said], zone: Callable[[int], int] = lambda _: SUMMER, title: str = "Ann", name: str = "a.zip"
) -> Iterator[Event]:
    """As a text export of it has it: no keys, minutes, the wall clock."""
    yield Origin(1, "whatsapp_text", name, "_chat.txt")
    yield Chat(1, title, "whatsapp", name, True, None, 1)
    people = {person: id for id, person in enumerate(sorted({said.sender for said in history}), start=1)}
    for person, id in people.items():
        yield Participant(id, 1, person)
    for place, said in enumerate(history):
        wall = said.at + zone(said.at)
        yield Message(1, place, wall - wall % MINUTE, Kind.TEXT, people[said.sender], f"\u200e{said.text} ")
    yield ChatEnd(1, False, None)


def written(events: Iterable[Event]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    ArchiveWriter(connection).write(events)
    return connection


@contextmanager
def merged(*sides: Iterable[Event]) -> Iterator[Archive]:
    archives = [written(side) for side in sides]
    result = merge([(archive, 0) for archive in archives])
    try:
        yield Archive(result)
    finally:
        for connection in (*archives, result):
            connection.close()


def content(archive: Archive) -> Counter[tuple[object, ...]]:
    """All that a merge must agree on, whatever the order: ids left out."""
    names = {row.id: row.name for row in origins_of(archive.connection)}
    told: Counter[tuple[object, ...]] = Counter()
    for chat in archive.chats():
        rows = archive.slice(chat.id, 0, 10_000)
        details = archive.details(rows)
        for row in rows:
            further = details[row.id].origins if row.id in details else []
            found = frozenset(names[origin] for origin in [*further, *([row.origin] if row.origin else [])])
            told[(chat.title, row.timestamp, row.sender_name, row.text.strip("\u200e "), found)] += 1
    return told


def history(count: int, step: int = 7 * MINUTE + 12_345) -> list[Said]:
    return [Said(n, START + n * step, "Ann" if n % 3 else "Ben", f"the message number {n}") for n in range(count)]


def test_an_old_and_a_new_phone_become_one_history() -> None:
    whole = history(60)
    with merged(phone(whole[:40], "old.db"), phone(whole[20:], "new.db")) as archive:
        rows = archive.slice(1, 0, 1000)
        assert [row.text for row in rows] == [said.text for said in whole]
        assert [(row.name, row.messages, row.only) for row in origins_of(archive.connection)] in (
            [("old.db", 40, 20), ("new.db", 40, 20)],
            [("new.db", 40, 20), ("old.db", 40, 20)],
        )
        assert len(archive.participants(1)) == 2


def test_a_text_export_joins_the_database_over_zones_summer_time_and_minutes() -> None:
    whole = history(200, step=2 * 24 * HOUR + 12_345)

    def berlin(at: int) -> int:
        return SUMMER if (at - START) % (365 * 24 * HOUR) < 160 * 24 * HOUR else WINTER

    exported = [said for said in whole if said.number % 5]
    with merged(text(exported, berlin), phone(whole[:150])) as archive:
        rows = archive.slice(1, 0, 1000)
        assert Counter(row.text.strip("\u200e ") for row in rows) == Counter(
            said.text for said in whole[:150] + exported[120:]
        )
        times = {row.text.strip("\u200e "): row.timestamp for row in rows}
        # What only the export has is put where it belongs, to the minute, in UTC.
        assert all(abs(times[said.text] - said.at) <= MINUTE + HOUR for said in exported)
        assert archive.chats()[0].floating is False
        assert len(archive.participants(1)) == 2


def test_two_chats_of_one_name_with_nothing_in_common_stay_two() -> None:
    other = [Said(n, START + n * HOUR, "Zoe", f"quite another thing {n}") for n in range(20)]
    with merged(phone(history(50)), text(other)) as archive:
        assert sorted(chat.messages for chat in archive.chats()) == [20, 50]


def test_an_export_that_continues_a_chat_is_joined_to_it() -> None:
    later = [said for said in history(5000) if said.number >= 4000]
    with merged(text(history(50)), text(later, name="b.zip")) as archive:
        (chat,) = archive.chats()
        assert chat.messages == 1050


def test_messages_that_are_alike_are_counted_not_dropped() -> None:
    alike = [Said(n, START + n, "Ann", "ok") for n in range(5)]
    told = [*history(20), *alike]
    with merged(
        phone(sorted(told, key=lambda said: said.at)), text(sorted(told[:-2], key=lambda said: said.at))
    ) as archive:
        texts = Counter(row.text for row in archive.slice(1, 0, 1000))
        assert texts["ok"] == 5


def test_a_message_deleted_or_edited_in_between_keeps_what_is_known() -> None:
    def old() -> Iterator[Event]:
        yield from phone(history(3), "old.db")

    def new() -> Iterator[Event]:
        for event in phone(history(4), "new.db"):
            if isinstance(event, Message) and event.sequence == 0:
                event = event._replace(kind=Kind.DELETED, text="", detail="other")
            elif isinstance(event, Message) and event.sequence == 1:
                event = event._replace(text="changed since", edited=True, details=(Reaction(1, "👍"), Quote("K0")))
            yield event

    for sides in ((old(), new()), (new(), old())):
        with merged(*sides) as archive:
            rows = archive.slice(1, 0, 10)
            details = archive.details(rows)
            assert len(rows) == 4
            assert (rows[0].kind, rows[0].text) == ("text", "the message number 0")
            assert details[rows[0].id].deletion is not None
            assert (rows[1].text, rows[1].edited) == ("changed since", True)
            assert [edit.text for edit in details[rows[1].id].edits] == ["the message number 1"]
            assert [reaction.emoji for reaction in details[rows[1].id].reactions] == ["👍"]
            quote = details[rows[1].id].quote
            assert quote is not None
            assert quote.quoted == rows[0].id


def test_a_medium_left_out_by_one_backup_comes_from_the_other() -> None:
    def with_picture() -> Iterator[Event]:
        yield Origin(1, "whatsapp_text", "a.zip", "_chat.txt")
        yield Chat(1, "Ann", "whatsapp", "a.zip", True, None, 1)
        yield Participant(1, 1, "Ann")
        yield Media(1, 1, 0, "a.zip", "cat.jpg", "cat.jpg", "", Kind.IMAGE, "image/jpeg", 9)
        yield Message(1, 0, START, Kind.TEXT, 1, "a text that both have")
        yield Message(1, 1, START + MINUTE, Kind.IMAGE, 1, "", media=1)
        yield ChatEnd(1, False, None)

    def without() -> Iterator[Event]:
        yield Origin(1, "whatsapp_text", "b.txt")
        yield Chat(1, "Ann", "whatsapp", "b.txt", True, None, 1)
        yield Participant(1, 1, "Ann")
        yield Message(1, 0, START, Kind.TEXT, 1, "a text that both have")
        yield Message(1, 1, START + MINUTE, Kind.OMITTED, 1, "", "image")
        yield Message(1, 2, START + 2 * MINUTE, Kind.TEXT, 1, "only here")
        yield ChatEnd(1, False, None)

    with merged(with_picture(), without()) as archive:
        rows = archive.slice(1, 0, 10)
        assert [row.kind for row in rows] == ["text", "image", "text"]
        assert rows[1].media is not None
        assert rows[1].media.source == 0


def test_a_caption_and_the_name_of_a_document_stand_once_whatever_an_export_left_out() -> None:
    def side(name: str, *messages: tuple[Kind, str, str, int | None]) -> Iterator[Event]:
        yield Origin(1, "whatsapp_text", name)
        yield Chat(1, "Ann", "whatsapp", name, True, None, 1)
        yield Participant(1, 1, "Ann")
        yield Media(1, 1, 0, name, "", "cat.jpg", "", Kind.IMAGE, "image/jpeg", 9)
        yield Media(2, 1, 0, name, "", "0047-plan.pdf", "plan.pdf", Kind.DOCUMENT, "application/pdf", 9)
        for place, (kind, text_of_it, detail, medium) in enumerate(messages):
            yield Message(1, place, START + place * MINUTE, kind, 1, text_of_it, detail, media=medium)
        yield ChatEnd(1, False, None)

    full = [(Kind.IMAGE, "a caption", "", 1), (Kind.DOCUMENT, "", "", 2)]
    bare = [(Kind.OMITTED, "", "", None), (Kind.OMITTED, "plan.pdf", "document", None)]
    for first, second in ((full, bare), (bare, full)):
        with merged(side("a", *first), side("b", *second)) as archive:
            rows = archive.slice(1, 0, 10)
            assert [(row.kind, row.text) for row in rows] == [("image", "a caption"), ("document", "")]


def test_the_media_of_the_second_backup_name_their_own_files() -> None:
    first, second = (
        written(phone(history(3))),
        written(
            [
                Chat(1, "Other", "signal", "x", False, None),
                Media(1, 1, 1, "x", "", "x", "", Kind.IMAGE, "image/png", 1),
                Message(1, 0, 0, Kind.IMAGE, None, "", media=1),
                ChatEnd(1, False, None),
            ]
        ),
    )
    with closing(first), closing(second), closing(merge([(first, 0), (second, 10)])) as result:
        assert result.execute("SELECT source FROM media").fetchall() == [(11,)]


_WORDS = st.sampled_from(
    ["ok", "yes", "see you tomorrow at eight", "the keys are under the mat", "😂", "no way at all"]
)


@st.composite
def two_sides(draw: st.DrawFn) -> tuple[list[Said], list[Said]]:
    count = draw(st.integers(1, 25))
    at, told = START, []
    for number in range(count):
        at += draw(st.sampled_from([0, 1, 30_000, MINUTE, HOUR, 40 * HOUR]))
        told.append(Said(number, at, draw(st.sampled_from(["Ann", "Ben"])), draw(_WORDS)))
    ours = [said for said in told if draw(st.booleans())]
    theirs = [said for said in told if draw(st.booleans())]
    return ours, theirs


@settings(deadline=None, max_examples=60)
@given(two_sides(), st.booleans())
def test_merging_loses_nothing_repeats_nothing_and_does_not_mind_the_order(
    sides: tuple[list[Said], list[Said]], second_is_text: bool
) -> None:
    ours, theirs = sides
    other = (lambda: text(theirs)) if second_is_text else (lambda: phone(theirs, "old.db"))
    with merged(phone(ours), other()) as archive, merged(other(), phone(ours)) as turned:
        found = Counter(row[3] for row in content(archive).elements())
        first, second = (Counter(said.text for said in side) for side in sides)
        for words in first | second:
            assert max(first[words], second[words]) <= found[words] <= first[words] + second[words]
        if not second_is_text:
            assert found.total() == len({said.number for said in (*ours, *theirs)})
        assert content(turned) == content(archive)
        again = written(other())
        with closing(again), closing(merge([(archive.connection, 0), (again, 0)])) as twice:
            assert content(Archive(twice)) == content(archive)


@pytest.mark.parametrize("make", [phone, text])
def test_merging_a_backup_with_itself_changes_nothing(make: Callable[[Sequence[Said]], Iterator[Event]]) -> None:
    with merged(make(history(30))) as alone, merged(make(history(30)), make(history(30))) as twice:
        assert content(twice) == content(alone)
        for table in ("participants", "media", "origins", "chats", "copies", "unknown", "members"):
            count = f"SELECT count(*) FROM {table}"
            assert twice.connection.execute(count).fetchone() == alone.connection.execute(count).fetchone()
