"""A text cut at the headers that nearly all its messages have: one expression over thousands of lines at once.

Every cut is at a header as `headers` knows it, which is asked about each new date and time. The other way round it does
not hold: headers in another spelling stay within a stretch, so whoever reads a stretch of several lines looks for them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from webapp.engine.readers.whatsapp_text.headers import NO_HEADER, Headers, unpack

_SAMPLE = 1 << 16
"""Characters of a block in which the usual header is looked for."""


class _Usual(NamedTuple):
    """A header's expression, with groups for what stands up to the date's end, for the time with what closes the
    header, and for the name; and a time that it fits."""

    pattern: re.Pattern[str]
    time: str


def _usual(bracketed: bool, twelve_hours: bool) -> _Usual:
    opening, closing = (r"[\u200e\u200f]?\[", r"\] ") if bracketed else ("", " - ")
    period = r"[ \u00a0\u202f][AaPp][Mm]" if twelve_hours else ""
    # A name with a colon in it is left to `Transcript`.
    pattern = (
        rf"\n({opening}\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}},? )"
        rf"(\d{{1,2}}[:.][0-5]\d(?:[:.][0-5]\d)?{period}{closing})(?:([^:\n]{{1,98}}): )?"
    )
    return _Usual(re.compile(pattern), f"10:10{' AM' if twelve_hours else ''}{'] ' if bracketed else ' - '}")


_USUAL = tuple(_usual(bracketed, twelve) for bracketed in (False, True) for twelve in (False, True))


class Stretches:
    """Cuts the blocks of one file. `dates` and `times`: the texts of both, as `cut` gives them → a date's number in
    `headers`, a time's seconds since midnight."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers
        self._usual: _Usual | None = None
        self._refused: set[str] = set()
        self._accepted: Sequence[bool] | None = None
        self.dates: dict[str, int] = {}
        self.times: dict[str, int] = {}

    def accept_only(self, accepted: Sequence[bool]) -> None:
        """From now on headers whose dates (by their numbers) are not accepted stay within a stretch."""
        self._accepted = accepted
        self._refused.update(text for text, date in self.dates.items() if not accepted[date])
        self.dates = {text: date for text, date in self.dates.items() if accepted[date]}

    def cut(self, block: str) -> list[Any]:
        """[lines before the first header, date, time, name or None, body, date, time, name or None, body …], all of
        them texts, which joined (`whole`) give the block again. The first has a line end in front of every line; a body
        may go on over several lines."""
        usual = self._usual = self._usual or _usual_of(block)
        if usual is None:
            return [f"\n{block}"]
        flat = usual.pattern.split(f"\n{block}")
        self._learn(usual, flat)
        if self._refused and not self._refused.isdisjoint(flat):
            flat = self._mended(flat)
        return flat

    def _learn(self, usual: _Usual, flat: list[Any]) -> None:
        """Asks about dates and times that are new."""
        for date in flat[1::4]:
            if date not in self.dates and date not in self._refused:
                header = self._header(date + usual.time)
                if header is None or not (self._accepted is None or self._accepted[header[0]]):
                    self._refused.add(date)
                else:
                    self.dates[date] = header[0]
        example = next(iter(self.dates), None)
        for time in flat[2::4]:
            if time not in self.times and time not in self._refused:
                header = None if example is None else self._header(example + time)
                if header is None:
                    self._refused.add(time)
                else:
                    self.times[time] = header[1]

    def _header(self, text: str) -> tuple[int, int] | None:
        """(number of the date, seconds), where all of the text is one header."""
        packed = self._headers.read(text)
        if packed == NO_HEADER:
            return None
        header = unpack(packed)
        return (header.date, header.seconds) if header.rest == len(text) else None

    def _mended(self, flat: list[Any]) -> list[Any]:
        """Without the cuts at what looks like a header and is none."""
        mended = flat[:1]
        for date, time, name, body in groups(flat):
            if date in self._refused or time in self._refused:
                mended[-1] += f"\n{whole(date, time, name, body)}"
            else:
                mended += (date, time, name, body)
        return mended


def groups(flat: list[Any]) -> Iterator[tuple[str, str, str | None, str]]:
    """(date, time, name, body) of every stretch that was cut."""
    texts = iter(flat)
    next(texts)
    return zip(texts, texts, texts, texts, strict=True)


def whole(date: str, time: str, name: str | None, body: str) -> str:
    """A stretch as it stands in the file."""
    return f"{date}{time}{body}" if name is None else f"{date}{time}{name}: {body}"


def _usual_of(block: str) -> _Usual | None:
    sample = f"\n{block[:_SAMPLE]}"
    counts = [len(usual.pattern.findall(sample)) for usual in _USUAL]
    most = max(counts)
    return _USUAL[counts.index(most)] if most else None
