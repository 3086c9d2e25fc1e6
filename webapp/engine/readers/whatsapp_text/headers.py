"""Finding the header of a line, fast: exports have millions of lines, and few different dates.

A header is recognised in full by `stamp.read_stamp`; the common spellings take a short cut through one expression and
a table of the dates already seen. Both give the same numbers (a test holds them against each other).
"""

import re
from typing import NamedTuple

from webapp.engine.readers.whatsapp_text.stamp import LONGEST, MARKS, Shape, Stamp, read_stamp

_COMMON = re.compile(
    r"(\d{1,4}[./-]\d{1,2}[./-]\d{1,4})(,? )(\d{1,2})[:.]([0-5]\d)(?:[:.]([0-5]\d))?(?:[ \u00a0\u202f]([AaPp])[Mm])?"
)
_DIRECTIONS = ("\u200e", "\u200f")


class Header(NamedTuple):
    """A line's header: an index into `Headers.dates`, seconds since midnight, and where the rest of the line begins.

    `marked`: a direction mark stands before the bracket, as iOS writes in front of media.
    """

    date: int
    seconds: int
    rest: int
    bracketed: bool
    marked: bool


class Headers:
    """Reads headers and numbers the distinct dates; `dates[n]` is a stamp of date n (its own seconds mean nothing)."""

    def __init__(self) -> None:
        self.dates: list[Stamp] = []
        self._common: dict[tuple[str, str, bool, bool], int] = {}
        self._known: dict[Stamp, int] = {}

    def read(self, line: str) -> Header | None:
        """The header of a line, or None where it has none."""
        marked = False
        begin = 0
        if line[:1] in MARKS:
            begin = len(line) - len(line.lstrip(MARKS))
            marked = any(mark in line[:begin] for mark in _DIRECTIONS)
        if line[begin : begin + 1] == "[":
            end = line.find("]", begin, begin + LONGEST)
            if end < 0 or line[end + 1 : end + 2] not in (" ", ""):
                return None
            text, rest, bracketed = line[begin + 1 : end], end + 2, True
        else:
            end = line.find(" - ", begin + 4, begin + LONGEST)
            if end < 0:
                return None
            text, rest, bracketed = line[begin:end], end + 3, False
            marked = False
        match = _COMMON.fullmatch(text)
        if match is None:
            stamp = read_stamp(text, bracketed)
            return None if stamp is None else Header(self._number(stamp), stamp.seconds, rest, bracketed, marked)
        date, comma, hours, minutes, seconds, period = match.groups()
        number = self._common.get((date, comma, period is None, bracketed))
        if number is None:
            stamp = read_stamp(text, bracketed)
            if stamp is None:
                return None
            number = self._common[(date, comma, period is None, bracketed)] = self._number(stamp)
        hour = int(hours)
        if hour > 23:
            return None
        if period is not None and hour < 13:
            hour = hour % 12 + 12 if period in "pP" and hour else hour % 12
        return Header(
            number, hour * 3600 + int(minutes) * 60 + (int(seconds) if seconds else 0), rest, bracketed, marked
        )

    def shape(self, header: Header) -> Shape:
        return self.dates[header.date].shape

    def _number(self, stamp: Stamp) -> int:
        stamp = stamp._replace(seconds=0)
        number = self._known.get(stamp)
        if number is None:
            number = self._known[stamp] = len(self.dates)
            self.dates.append(stamp)
        return number
