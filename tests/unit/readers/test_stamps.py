"""Headers in the spellings of many phones."""

from datetime import datetime

import pytest

from tests.fixtures_export import SPELLINGS, has_seconds, tell_text, write_export
from webapp.engine.readers.whatsapp_text.calendars import days_since_epoch
from webapp.engine.readers.whatsapp_text.headers import NO_HEADER, Headers, unpack
from webapp.engine.readers.whatsapp_text.stamp import read_stamp


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_gives_the_same_moments(spelling: str) -> None:
    moments = [
        datetime(2022, 3, 18, 14, 56, 0),
        datetime(2022, 3, 27, 0, 5, 59),
        datetime(2022, 11, 30, 12, 0, 1),
        datetime(2023, 1, 7, 23, 32, 30),
    ]
    told = tell_text(write_export(spelling, [(moment, "Dmitry", "hello") for moment in moments]))
    kept = moments if has_seconds(spelling) else [moment.replace(second=0) for moment in moments]
    assert told.times() == [moment.strftime("%Y-%m-%d %H:%M:%S") for moment in kept]
    assert told.people == ["Dmitry"]


@pytest.mark.parametrize(
    ("stamp", "hour"),
    [
        ("1/2/22, 12:05 AM", 0),
        ("1/2/22, 12:05 PM", 12),
        ("1/2/22, 1:05 pm", 13),
        ("1/2/22, 1:05\u202fPM", 13),
        ("1/2/22, 1:05 p.\u00a0m.", 13),
        ("1/2/22, 23:59 PM", 23),
        ("1/2/22, 00:08 a. m.", 0),
        ("1/2/22 午後0:05", 12),
        ("1/2/22, 9:41 nachm.", 21),
        ("1/2/22 晚上9:41", 21),
        ("1/2/22 中午12:41", 12),
        ("1/2/22 凌晨12:41", 0),
        ("9:41 CH, 1/2/2022", 21),
        ("١/٢/٢٠٢٢، ٩:٤١ م", 21),
        ("1/2/22, 9:41 μ.μ.", 21),
    ],
)
def test_words_of_the_day_move_the_hour(stamp: str, hour: int) -> None:
    found = read_stamp(stamp, True)
    assert found is not None
    assert found.seconds // 3600 == hour
    assert not found.odd_word


def test_an_unknown_word_is_read_and_remarked() -> None:
    told = tell_text("1/2/22, 9:41 xyzzy - Ann: one\n2/2/22, 9:42 xyzzy - Ann: two\n")
    assert len(told.messages) == 2
    assert told.unknown == {"day_period": 2}


@pytest.mark.parametrize(
    "text", ["hello", "3/4/22", "12:30", "1/2/22, 25:10", "3/4/22, 9:75", "x1/2/22, 9:10", "1.5 - 2.5"]
)
def test_what_is_no_header_is_none(text: str) -> None:
    assert read_stamp(text, False) is None


@pytest.mark.parametrize(
    "line",
    [
        "3/27/22, 21:41 - Ann: x",
        "03.27.2022 21.41 - Ann: x",
        "[3/27/22, 9:41:35 PM] Ann: x",
        "[3/27/22, 9:41:35\u202fam] Ann: x",
        "2022-03-27, 12:00 - Ann: x",
        "[27/3/2022 12:00:01 PM] Ann: x",
    ],
)
def test_the_short_cut_agrees_with_the_grammar(line: str) -> None:
    headers = Headers()
    header = unpack(headers.read(line))
    stamp = read_stamp(line[1 : line.index("]")] if line[0] == "[" else line[: line.index(" - ")], line[0] == "[")
    assert stamp is not None
    assert header.seconds == stamp.seconds
    assert headers.dates[header.date] == stamp._replace(seconds=0)
    assert line[header.rest :] == "Ann: x"


def test_marks_and_stray_byte_order_marks_hide_no_header() -> None:
    headers = Headers()
    for line in (
        "\ufeff[29.01.18, 12:24:03] A: x",
        "\ufeff[\ufeff29.01.18, 12:24:03] A: x",
        "\u200e[29.01.18, 12:24:03] A: x",
    ):
        header = unpack(headers.read(line))
        assert line[header.rest :] == "A: x"
        assert header.marked == line.startswith("\u200e")
    assert headers.read("") == NO_HEADER
    assert headers.read("\u200e" * 1000 + "[29.01.18, 12:24:03] A: x") == NO_HEADER


@pytest.mark.parametrize(
    ("numbers", "calendar", "expected"),
    [
        # Provenance: known correspondences of civil calendars (Nowruz 1401 and 1404, 1 Muharram 1444, Reiwa 1).
        ((1401, 1, 1), "", (2022, 3, 21)),
        ((1403, 12, 30), "", (2025, 3, 20)),
        ((1404, 1, 1), "persian", (2025, 3, 21)),
        ((1444, 1, 1), "", (2022, 7, 30)),
        ((2565, 3, 18), "", (2022, 3, 18)),
        ((65, 3, 18), "buddhist", (2022, 3, 18)),
        ((22, 3, 18), "", (2022, 3, 18)),
    ],
)
def test_calendars(numbers: tuple[int, int, int], calendar: str, expected: tuple[int, int, int]) -> None:
    assert days_since_epoch(*numbers, calendar) == (datetime(*expected) - datetime(1970, 1, 1)).days


@pytest.mark.parametrize(
    "numbers", [(2022, 2, 30), (2022, 13, 1), (1401, 7, 31), (1444, 13, 1), (0, 0, 0), (9999, 99, 99)]
)
def test_impossible_days_are_none(numbers: tuple[int, int, int]) -> None:
    assert days_since_epoch(*numbers) is None
