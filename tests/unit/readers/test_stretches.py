"""Cutting at usual headers gives what reading line by line gives."""

import random

import pytest

from tests.fixtures_export import tell_text
from webapp.engine.readers import items
from webapp.engine.readers.errors import NotAChatExport
from webapp.engine.readers.events import Event
from webapp.engine.readers.whatsapp_text import stretches
from webapp.engine.readers.whatsapp_text.headers import Headers
from webapp.engine.readers.whatsapp_text.stretches import Stretches, groups, whole
from webapp.engine.readers.whatsapp_text.survey import survey

BLOCK = "12/03/2022, 10:00 - Ann: one\nmore\n13/03/2022, 25:00 - Ann: none\n13/03/2022, 10:01 - You were added"


def test_the_parts_give_the_block_again_and_what_is_no_header_is_no_cut() -> None:
    stretches = Stretches(Headers())
    flat = stretches.cut(f"before\n{BLOCK}")
    assert flat[0] == "\nbefore"
    assert "\n".join(whole(*group) for group in groups(flat)) == BLOCK
    assert [(name, body) for _, _, name, body in groups(flat)] == [
        ("Ann", "one\nmore\n13/03/2022, 25:00 - Ann: none"),
        (None, "You were added"),
    ]
    assert list(stretches.dates) == ["12/03/2022, ", "13/03/2022, "]


def test_headers_that_are_not_accepted_stay_within_a_stretch() -> None:
    stretches = Stretches(Headers())
    stretches.cut(BLOCK)
    stretches.accept_only([True, False])
    assert [body for *_, body in groups(stretches.cut(BLOCK))] == [
        "one\nmore\n13/03/2022, 25:00 - Ann: none\n13/03/2022, 10:01 - You were added"
    ]


def test_a_chat_quoted_in_another_spelling_is_part_of_the_message() -> None:
    own = "".join(f"{day:02}/03/2022, 10:00 - Ann: number {day}\n" for day in range(1, 29))
    told = tell_text(f"{own}29/03/2022, 10:00 - Ann: look\n29.03.2022, 10:00 - Ben: quoted\n{own}")
    assert [message.text for message in told.messages if "quoted" in message.text] == [
        "look\n29.03.2022, 10:00 - Ben: quoted"
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("you deleted this message", "deleted"),
        ("you are late", "text"),
        ("Missed voice call", "call"),
        ("null", "omitted"),
        ("nullify", "text"),
        ("image omitted", "omitted"),
    ],
)
def test_the_short_way_knows_the_apps_own_words(body: str, kind: str) -> None:
    line = "12/03/2022, 10:0{} - Ann: {}\n"
    told = tell_text("".join(line.format(n, text) for n, text in enumerate(["first", body, "last", "end"])))
    assert [message.kind.value for message in told.messages] == ["text", kind, "text", "text"]


def test_every_line_is_counted_once() -> None:
    seen = survey([BLOCK, "\n\n", "14/03/2022, 10:02 - Ann: two"])
    assert (seen.lines, seen.found, seen.first_line_is_header) == (5, 3, True)
    assert seen.senders == {"Ann": 2}


HEADERS = (
    "{d:02}/{m:02}/{y}, {h:02}:{n:02} - ",
    "[{d:02}/{m:02}/{y}, {h:02}:{n:02}:07] ",
    "{m}/{d}/22, {half}:{n:02} AM - ",
    "[{d}.{m}.22, {h:02}:{n:02}:59] ",
    "{d}.{m}.{y}, {h:02}.{n:02} - ",
)
NAMES = ("Ann: ", "Ben Ó Briain: ", "+49 170 1: ", "a: b: ", "", "\u202a+1 2\u202c: ", "Ann:")
BODIES = (
    *("hello", "you are late", "you deleted this message", "This message was deleted", "Missed voice call", "null"),
    *("IMG-20220101-WA0001.jpg (file attached)", "\u200e<attached: 00000001-PHOTO.jpg>", "<Media omitted>"),
    *(
        "image omitted",
        "see https://example.org",
        "",
        " ",
        "\u200etext with a mark",
        "a \u200emark",
        "a \ufffd",
        "ends)",
    ),
    *("Messages and calls are end-to-end encrypted.", "x <This message was edited>", "one\ntwo", "one\n\nthree"),
    *("look\n29.03.22, 10:00 - Ben: quoted", "POLL:\nq\nOPTION: a (1 vote)"),
)


def transcript(chance: random.Random) -> str:
    """What a phone could write, and what it could not; mostly one kind of header."""
    usual, lines = chance.choice(HEADERS), []
    for place in range(chance.randint(1, 120)):
        header = usual if chance.random() < 0.95 else chance.choice(HEADERS)
        numbers = {"d": 1 + place % 28, "m": 1 + place // 28, "y": 2022, "h": chance.randint(0, 25), "n": place % 60}
        stamp = header.format(**numbers, half=1 + place % 12)
        lines.append(f"{stamp}{chance.choice(NAMES)}{chance.choice(BODIES)}")
    return chance.choice(("", "\n", "before\n")) + chance.choice(("\n", "\r\n")).join(lines) + chance.choice(("", "\n"))


@pytest.mark.parametrize("seed", range(60))
def test_the_short_way_tells_what_reading_line_by_line_tells(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks are small, so that messages go on over their ends."""
    monkeypatch.setattr(items, "BLOCK", random.Random(seed).choice((1, 40, 500, 1 << 17)))
    text = transcript(random.Random(seed))

    def told() -> list[Event] | None:
        try:
            return tell_text(text).events
        except NotAChatExport:
            return None

    quick = told()
    with monkeypatch.context() as slow:
        slow.setattr(stretches, "_usual_of", lambda block: None)
        assert quick == told()
