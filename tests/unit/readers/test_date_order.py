"""Which number is the day."""

from datetime import datetime

import pytest

from tests.fixtures_export import tell_text
from webapp.engine.readers.events import DateGuess
from webapp.engine.readers.reading import ReadOptions


def guess(lines: list[str], options: ReadOptions = ReadOptions()) -> DateGuess:
    found = tell_text("\n".join(lines), options=options).chats[0].date_guess
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("lines", "order", "certain", "reason"),
    [
        (["2024/12/10, 14:30 - A: x", "2024/11/10, 14:30 - A: x"], "YMD", True, "year_first"),
        (["10/12/24, 14:30 - A: x", "13/12/24, 14:30 - A: x"], "DMY", True, "beyond_twelve"),
        (["12/10/24, 14:30 - A: x", "12/13/24, 14:30 - A: x"], "MDY", True, "beyond_twelve"),
        (["01.12.24, 14:30 - A: x", "02.12.24, 14:30 - A: x"], "DMY", True, "dots"),
        (["03/04/24, 14:30 - A: IMG-20240403-WA0001.jpg (file attached)"], "DMY", True, "attachment_names"),
        (["03/04/24, 14:30 - A: IMG-20240304-WA0001.jpg (file attached)"], "MDY", True, "attachment_names"),
        (
            ["[3/4/24, 14:30:00] A: \u200e<attached: 00000002-PHOTO-2024-04-03-14-30-00.jpg>"],
            "DMY",
            True,
            "attachment_names",
        ),
        (["1/2/24, 1:30 PM - A: x", "1/2/24, 1:31 PM - A: x"], "MDY", False, "day_period"),
        (["01/02/2024, 13:30 - A: x"], "DMY", False, "default"),
        ([f"0{d}/02/24, 10:00 - A: x" for d in range(1, 9)], "DMY", True, "what_changes"),
        ([f"02/0{d}/24, 10:00 - A: x" for d in range(1, 9)], "MDY", True, "what_changes"),
        (["01/02/24, 10:00 - A: x", "05/02/24, 10:00 - A: x", "02/03/24, 10:00 - A: x", "06/03/24, 10:00 - A: x",
          "01/04/24, 10:00 - A: x", "07/04/24, 10:00 - A: x", "02/05/24, 10:00 - A: x"], "DMY", True, "file_order"),
    ],
)  # fmt: skip
def test_the_order_is_inferred_from_the_whole_file(lines: list[str], order: str, certain: bool, reason: str) -> None:
    assert guess(lines) == DateGuess(order, certain, reason)  # type: ignore[arg-type]


def test_no_message_comes_from_the_future() -> None:
    lines = ["05/11/26, 10:00 - A: x"]
    assert guess(lines).reason == "default"
    assert guess(lines, ReadOptions(now=datetime(2026, 6, 1))) == DateGuess("MDY", True, "no_future")


def test_the_person_can_choose() -> None:
    told = tell_text("03/04/24, 14:30 - A: x\n", options=ReadOptions(date_order="MDY"))
    assert told.chats[0].date_guess == DateGuess("MDY", True, "chosen")
    assert told.times() == ["2024-03-04 14:30:00"]


def test_a_choice_that_makes_a_day_impossible_still_keeps_its_message() -> None:
    told = tell_text("13/04/24, 14:30 - A: x\n03/04/24, 14:31 - A: y\n", options=ReadOptions(date_order="MDY"))
    assert told.times() == ["2024-04-13 14:30:00", "2024-03-04 14:31:00"]


def test_two_digit_years_in_front_are_seen_by_what_moves() -> None:
    lines = [f"22-03-{day:02}, 10:00 - A: x" for day in range(1, 29)]
    assert guess(lines).order == "YMD"
