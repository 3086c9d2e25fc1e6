"""Cutting at usual headers gives what reading line by line gives."""

import pytest

from tests.fixtures_export import tell_text
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
