"""Finding the header of a line, fast: exports have millions of lines, and few different dates.

A header is recognised in full by `stamp.read_stamp`; the common spellings take a short cut through one expression and
a table of the dates already seen. Both give the same numbers (a test holds them against each other).
"""

import re
from typing import NamedTuple

from webapp.engine.readers.whatsapp_text.stamp import LONGEST, MARKS, Stamp, read_stamp

_COMMON = re.compile(
    r"(\d{1,4}[./-]\d{1,2}[./-]\d{1,4})(,? )(\d{1,2})[:.]([0-5]\d)(?:[:.]([0-5]\d))?(?:[ \u00a0\u202f]([AaPp])[Mm])?"
)
_DIRECTIONS = ("\u200e", "\u200f")


_MOST_MARKS = 32

NO_HEADER = -1


class Header(NamedTuple):
    """A line's header: an index into `Headers.dates`, seconds since midnight, and where the rest of the line begins.

    `marked`: a direction mark stands before the bracket, as iOS writes in front of media.
    """

    date: int
    seconds: int
    rest: int
    bracketed: bool
    marked: bool


def unpack(packed: int) -> Header:
    """What `Headers.read` has packed into one integer, so that millions fit into an array."""
    return Header(packed >> 29, packed >> 12 & 0x1FFFF, packed >> 2 & 0x3FF, bool(packed & 2), bool(packed & 1))


def _pack(date: int, seconds: int, rest: int, bracketed: bool, marked: bool) -> int:
    return ((date << 17 | seconds) << 10 | rest) << 2 | bracketed << 1 | marked


class Headers:
    """Reads headers and numbers the distinct dates; `dates[n]` is a stamp of date n (its own seconds mean nothing)."""

    def __init__(self) -> None:
        self.dates: list[Stamp] = []
        self._common: dict[tuple[str, str, bool, bool], int] = {}
        self._known: dict[Stamp, int] = {}

    def read(self, line: str) -> int:
        """The header of a line, packed (see `unpack`), or NO_HEADER."""
        marked = False
        begin = 0
        if line[:1] in MARKS and line:
            begin = len(line) - len(line.lstrip(MARKS))
            if begin > _MOST_MARKS:
                return NO_HEADER
            marked = any(mark in line[:begin] for mark in _DIRECTIONS)
        if line[begin : begin + 1] == "[":
            end = line.find("]", begin, begin + LONGEST)
            if end < 0 or line[end + 1 : end + 2] not in (" ", ""):
                return NO_HEADER
            text, rest, bracketed = line[begin + 1 : end], end + 2, True
        else:
            end = line.find(" - ", begin + 4, begin + LONGEST)
            if end < 0:
                return NO_HEADER
            text, rest, bracketed = line[begin:end], end + 3, False
            marked = False
        match = _COMMON.fullmatch(text)
        if match is None:
            stamp = read_stamp(text, bracketed)
            return NO_HEADER if stamp is None else _pack(self._number(stamp), stamp.seconds, rest, bracketed, marked)
        date, comma, hours, minutes, seconds, period = match.groups()
        number = self._common.get((date, comma, period is None, bracketed))
        if number is None:
            stamp = read_stamp(text, bracketed)
            if stamp is None:
                return NO_HEADER
            number = self._common[(date, comma, period is None, bracketed)] = self._number(stamp)
        hour = int(hours)
        if hour > 23:
            return NO_HEADER
        if period is not None and hour < 13:
            hour = hour % 12 + 12 if period in "pP" else hour % 12
        second = hour * 3600 + int(minutes) * 60 + (int(seconds) if seconds else 0)
        return ((number << 17 | second) << 10 | rest) << 2 | bracketed << 1 | marked

    def _number(self, stamp: Stamp) -> int:
        stamp = stamp._replace(seconds=0)
        number = self._known.get(stamp)
        if number is None:
            number = self._known[stamp] = len(self.dates)
            self.dates.append(stamp)
        return number
