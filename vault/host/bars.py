"""Bar charts of thirty days as numbers for an SVG that the server draws: whichever program's admin shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 30
HEIGHT = 60
STEP = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One day. x, y, height: in the units of the picture."""

    day: date
    count: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """One series, a bar a day, the earliest left."""

    title: str
    total: int
    most: int
    bars: tuple[Bar, ...]
    width: int = DAYS * STEP
    height: int = HEIGHT


def drawn(title: str, first: date, counted: Sequence[int]) -> Chart:
    """counted: one figure a day from `first` on."""
    most = max(counted)
    bars = []
    for place, count in enumerate(counted):
        # A day with anything at all has something to see.
        height = max(1, round(count / most * HEIGHT)) if count else 0
        bars.append(Bar(first + timedelta(days=place), count, place * STEP, HEIGHT - height, height))
    return Chart(title, sum(counted), most, tuple(bars))
