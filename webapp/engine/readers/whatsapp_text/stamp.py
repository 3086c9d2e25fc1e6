"""The header in front of a message: `DATE[,] TIME - ` (Android) or `[DATE[,] TIME] ` (iOS), in any language.

One grammar reads them all: three numbers are the date, two or three the time, and the words between are looked up in
`words_of_time`. Digits of any script count, since Python's `int` reads them.
"""

import re
import sys
from typing import NamedTuple

from webapp.engine.readers.whatsapp_text.words_of_time import (
    AM,
    CALENDARS,
    CONNECTORS,
    DAY_PERIODS,
    ERAS,
    NOON_WORD,
)

# Bidirectional marks, isolates, zero-width characters and byte order marks: they say nothing about a date.
MARKS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff"
LONGEST = 64
"""Characters: a longer stretch before ` - ` or `]` is no header."""

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_PLAIN = {ord(mark): None for mark in MARKS} | {ord(space): " " for space in _SPACES}
_PLAIN |= {ord("،"): ",", ord("、"): ",", ord("，"): ",", ord("："): ":", ord("．"): ".", ord("／"): "/"}

_DATE = (
    r"(?P<era>[^\W\d_]{1,6})?(?P<a>\d{1,4})\s?(?P<separator>[./\-年년])\s?(?P<b>\d{1,2})\s?[./\-月월]\s?"
    r"(?P<c>\d{1,4})\s?[.日일]?"
)
_TIME = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
_DATE_FIRST = re.compile(rf"{_DATE}(?P<middle>\D{{1,24}}?){_TIME}(?P<end>\D{{0,20}})")
_TIME_FIRST = re.compile(rf"(?P<start>\D{{0,20}}){_TIME}(?P<middle>\D{{1,24}}?){_DATE}(?P<end>\D{{0,20}})")


class Shape(NamedTuple):
    """What the headers of one file have in common."""

    bracketed: bool
    time_first: bool
    separator: str
    comma: bool


class Stamp(NamedTuple):
    """A header's numbers before anyone has decided which is the day.

    `a`, `b`, `c` are the date's numbers in their order; `year_first` where only `a` can be the year; `seconds` since
    midnight; `calendar` as `calendars.days_since_epoch` takes it; `unpadded` where a day or month has one digit;
    `odd_word` where a word around the time is in no table.
    """

    a: int
    b: int
    c: int
    year_first: bool
    calendar: str
    seconds: int
    shape: Shape
    twelve_hours: bool
    unpadded: bool
    odd_word: bool


def read_stamp(stamp: str, bracketed: bool) -> Stamp | None:
    """A header without its brackets or dash → its numbers, or None where it is no header."""
    if not stamp.isascii():
        stamp = stamp.translate(_PLAIN)
    stamp = stamp.strip()
    match = _DATE_FIRST.fullmatch(stamp)
    time_first = match is None
    if match is None:
        match = _TIME_FIRST.fullmatch(stamp)
        if match is None:
            return None
    a, b, c = match["a"], match["b"], match["c"]
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    before = match["start"] if time_first else match["middle"]
    after = match["middle"] if time_first else match["end"]
    first, calendar, odd = _words(before)
    second_period, second_calendar, second_odd = _words(after)
    period, calendar, odd = first or second_period, calendar or second_calendar, odd or second_odd
    if time_first:
        late_period, late_calendar, late_odd = _words(match["end"])
        period, calendar, odd = period or late_period, calendar or late_calendar, odd or late_odd
    year, year_first = int(a), len(a) > 2 or match["separator"] in "年년"
    if match["era"]:
        base = ERAS.get(match["era"].casefold())
        if base is None:
            return None
        year, year_first, calendar = base + year, True, "gregorian"
    if calendar == "minguo":
        c = str(int(c) + 1911)
        calendar = "gregorian"
    if not year_first and len(c) == 1:
        return None
    return Stamp(
        a=year,
        b=int(b),
        c=int(c),
        year_first=year_first,
        calendar=calendar,
        seconds=_hour_of_day(hour, period) * 3600 + minute * 60 + second,
        shape=Shape(bracketed, time_first, sys.intern(match["separator"]), "," in match["middle"]),
        twelve_hours=bool(period),
        unpadded=len(b) == 1 or (len(c) == 1 if year_first else len(a) == 1),
        odd_word=odd,
    )


def _hour_of_day(hour: int, period: str) -> int:
    """Hours beyond twelve are taken at their word: some exports write `23:59 PM`. Noon is 12 in some languages and
    0 in others (午後0:05)."""
    if hour > 12 or not period:
        return hour
    if period == AM:
        return hour % 12
    if period == NOON_WORD:
        return hour if hour >= 11 else hour + 12
    return hour % 12 + 12


def _key(word: str) -> str:
    return re.sub(r"[\s.,]", "", word).casefold()


_PERIODS = {_key(word): period for word, period in DAY_PERIODS.items()}
_known_words: dict[str, tuple[str, str, bool]] = {", ": ("", "", False), " ": ("", "", False), "": ("", "", False)}


def _words(text: str) -> tuple[str, str, bool]:
    """The day period, the calendar, and whether any word is unknown, in what stands around date and time."""
    known = _known_words.get(text)
    if known is None:
        known = _look_up(text)
        if len(_known_words) < 4096:
            _known_words[text] = known
    return known


def _look_up(text: str) -> tuple[str, str, bool]:
    whole = _key(text)
    if whole in _PERIODS:
        return _PERIODS[whole], "", False
    period = calendar = ""
    odd = False
    words = [word for word in re.split(r"[\s,()]+", text) if word]
    index = 0
    while index < len(words):
        pair = _key("".join(words[index : index + 2]))
        word = _key(words[index])
        index += 1
        if index < len(words) and pair in _PERIODS:
            period = _PERIODS[pair]
            index += 1
        elif word in CALENDARS and not (period == "" and word in _PERIODS):
            calendar = CALENDARS[word]
        elif word in _PERIODS:
            period = _PERIODS[word]
        elif word not in CONNECTORS:
            odd = True
    return period, calendar, odd
