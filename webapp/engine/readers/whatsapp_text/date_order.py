"""Which number of a date is the day: decided from the whole file, and told as a guess that a person can overrule.

Evidence from strong to weak: the year in front; a number beyond twelve; the true dates inside attachment names; dots
(every language that writes dots writes the day first); no message may come from the future; file order is mostly the
order of time; what changes more often is the day; a twelve-hour clock beside 3/4/22 is American. Else day first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from webapp.engine.readers.events import DateGuess, DateOrder
from webapp.engine.readers.whatsapp_text.calendars import days_since_epoch
from webapp.engine.readers.whatsapp_text.stamp import Stamp

ORDERS: tuple[DateOrder, ...] = ("DMY", "MDY", "YMD")
_Numbers = tuple[int, int, int, str]


def day_of(numbers: _Numbers, order: DateOrder) -> int | None:
    """Days since 1970 for a date's three numbers and calendar under an order, or None where there is no such day."""
    a, b, c, calendar = numbers
    if order == "YMD":
        return days_since_epoch(a, b, c, calendar)
    if order == "DMY":
        return days_since_epoch(c, b, a, calendar)
    return days_since_epoch(c, a, b, calendar)


@dataclass(slots=True)
class Evidence:
    """What a first pass over a file's dates has seen; `note` is called for every header in file order."""

    dates: list[_Numbers] = field(default_factory=list)
    year_first: int = 0
    dotted: int = 0
    american: int = 0
    votes: dict[DateOrder, int] = field(default_factory=lambda: dict.fromkeys(ORDERS, 0))
    _last: _Numbers | None = None

    def note(self, stamp: Stamp) -> None:
        numbers = (stamp.a, stamp.b, stamp.c, stamp.calendar)
        if numbers == self._last:
            return
        self._last = numbers
        self.dates.append(numbers)
        self.year_first += stamp.year_first
        self.dotted += stamp.shape.separator == "."
        self.american += stamp.twelve_hours and stamp.unpadded and stamp.c < 100 and stamp.shape.separator == "/"

    def note_attachment(self, stamp: Stamp, true_day: int) -> None:
        """An attachment whose name holds `true_day` (days since 1970) was sent under this header."""
        numbers = (stamp.a, stamp.b, stamp.c, stamp.calendar)
        agreeing = [order for order in ORDERS if day_of(numbers, order) == true_day]
        if len(agreeing) == 1:
            self.votes[agreeing[0]] += 1

    def guess(self, today: int | None) -> DateGuess:
        """The most likely order; `today` in days since 1970, None where no clock is at hand."""
        if self.year_first * 2 > len(self.dates):
            return DateGuess("YMD", True, "year_first")
        return (
            self._beyond_twelve()
            or self._attachments()
            or self._dots()
            or self._future(today)
            or self._file_order()
            or self._changes()
            or (DateGuess("MDY", False, "day_period") if self.american * 2 > len(self.dates) else None)
            or DateGuess("DMY", False, "default")
        )

    def _beyond_twelve(self) -> DateGuess | None:
        last_is_year = any(c > 31 for _, _, c, _ in self.dates)
        first = sum(a > 12 for a, _, _, _ in self.dates)
        second = sum(b > 12 for _, b, _, _ in self.dates)
        if any(a > 31 for a, _, _, _ in self.dates) and not last_is_year:
            return DateGuess("YMD", True, "beyond_twelve")
        if second > first:
            return DateGuess("MDY", first == 0, "beyond_twelve")
        if first > second and (last_is_year or not self._looks_year_first()):
            return DateGuess("DMY", second == 0, "beyond_twelve")
        if first and self._looks_year_first():
            return self._attachments() or DateGuess("YMD", False, "what_changes")
        return None

    def _looks_year_first(self) -> bool:
        """Two digits everywhere, and the last number moves while the first hardly does: 22-03-18, 22-03-19 …"""
        firsts, lasts = ({d[0] for d in self.dates}, {d[2] for d in self.dates})
        return max(lasts) <= 31 and len(lasts) > 2 * len(firsts) and len(firsts) <= 12

    def _attachments(self) -> DateGuess | None:
        best = max(ORDERS, key=self.votes.__getitem__)
        others = sum(self.votes.values()) - self.votes[best]
        if self.votes[best] > others:
            return DateGuess(best, others == 0, "attachment_names")
        return None

    def _dots(self) -> DateGuess | None:
        if self.dotted * 2 > len(self.dates):
            return DateGuess("DMY", True, "dots")
        return None

    def _future(self, today: int | None) -> DateGuess | None:
        if today is None:
            return None
        future = {order: sum(day > today + 1 for day in self._days(order)) for order in ORDERS[:2]}
        for order, other in (ORDERS[:2], ORDERS[1::-1]):
            if future[order] == 0 and future[other] > 0:
                return DateGuess(order, True, "no_future")
        return None

    def _file_order(self) -> DateGuess | None:
        steps_back = {order: self._steps_back(order) for order in ORDERS[:2]}
        fewer, more = sorted(ORDERS[:2], key=lambda order: steps_back[order])
        if steps_back[fewer] * 3 < steps_back[more]:
            return DateGuess(fewer, steps_back[fewer] == 0 and steps_back[more] > 2, "file_order")
        return None

    def _changes(self) -> DateGuess | None:
        pairs = list(zip(self.dates, self.dates[1:], strict=False))
        first = sum(before[0] != after[0] for before, after in pairs)
        second = sum(before[1] != after[1] for before, after in pairs)
        if first > second + 1:
            return DateGuess("DMY", first > 3 * second + 3, "what_changes")
        if second > first + 1:
            return DateGuess("MDY", second > 3 * first + 3, "what_changes")
        return None

    def _days(self, order: DateOrder) -> Iterator[int]:
        for numbers in self.dates:
            day = day_of(numbers, order)
            if day is not None:
                yield day

    def _steps_back(self, order: DateOrder) -> int:
        steps, last = 0, None
        for day in self._days(order):
            steps += last is not None and day < last
            last = day
        return steps
