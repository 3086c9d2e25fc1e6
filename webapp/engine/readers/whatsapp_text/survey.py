"""The first pass over a chat's text: is it one, which headers count, who writes, and what tells the order of dates."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from webapp.engine.readers.whatsapp_text.calendars import days_since_epoch
from webapp.engine.readers.whatsapp_text.date_order import Evidence
from webapp.engine.readers.whatsapp_text.headers import NO_HEADER, Headers
from webapp.engine.readers.whatsapp_text.stamp import MARKS, Shape, Stamp
from webapp.engine.readers.whatsapp_text.stretches import Stretches, groups, whole

LONGEST_NAME = 100
"""Characters: a longer stretch before `: ` is no name."""

_MOST_NAMES = 100_000
_ENDS = frozenset((")", ">"))
_DATED_NAME = re.compile(r"[A-Z]{3}-(\d{4})(\d{2})(\d{2})-WA\d|-(\d{4})-(\d{2})-(\d{2})-\d{2}-\d{2}-\d{2}\b")
_QUOTES = frozenset('"“”„«»「」『』‘')
_NAME_END = re.compile(r"([^<>\s:][^<>:]{0,200}\.\w{1,8})(?: \([^()]{1,40}\)|>)\Z")


@dataclass(slots=True)
class Survey:
    """What one pass has seen. `lines` counts those that are not blank, `found` those with a header; `evidence` is kept
    per shape; `senders` counts what stands before the first `: `; `attachments` are names of files."""

    lines: int = 0
    found: int = 0
    first_line_is_header: bool = False
    headers: Headers = field(default_factory=Headers)
    stretches: Stretches = field(init=False)
    shapes: Counter[Shape] = field(default_factory=Counter)
    evidence: dict[Shape, Evidence] = field(default_factory=dict)
    senders: Counter[str] = field(default_factory=Counter)
    attachments: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.stretches = Stretches(self.headers)

    @property
    def share(self) -> float:
        """Headers per line that is not blank."""
        return self.found / self.lines if self.lines else 0.0

    @property
    def is_chat(self) -> bool:
        """Long messages make headers rare, so a header at the very start counts for much."""
        return self.found > 0 and (self.first_line_is_header or self.share >= 0.2)

    def accepted(self) -> frozenset[Shape]:
        """The shapes that are this file's own headers: the main one, and others not just quoted now and then."""
        if not self.shapes:
            return frozenset()
        main, most = self.shapes.most_common(1)[0]
        return frozenset(
            shape
            for shape, count in self.shapes.items()
            if count * 10 >= most or (shape.bracketed, shape.separator) == (main.bracketed, main.separator)
        )

    def main_evidence(self) -> Evidence:
        """The evidence of the main shape. Raises IndexError where there was no header."""
        return self.evidence[self.shapes.most_common(1)[0][0]]


def survey(blocks: Iterable[str]) -> Survey:
    """Reads all `blocks` (`items.blocks_of`) once."""
    seen = Survey()
    surveyor = _Surveyor(seen)
    for block in blocks:
        surveyor.block(block)
    for stamp, count in zip(seen.headers.dates, surveyor.per_date, strict=False):
        seen.shapes[stamp.shape] += count
    return seen


class _Surveyor:
    """Fills a survey: what is cut at usual headers by whole columns, everything else line by line."""

    def __init__(self, seen: Survey) -> None:
        self._seen = seen
        self._last_date = -1
        self._evidence = Evidence()
        self.per_date: list[int] = []

    def block(self, block: str) -> None:
        flat = self._seen.stretches.cut(block)
        if flat[0]:
            self._lines(flat[0][1:])
        dates, names, bodies = flat[1::4], flat[3::4], flat[4::4]
        # What a column does not tell, in the order of the file.
        odd = {place for place, body in enumerate(bodies) if body[-1:] in _ENDS or "\n" in body}
        if None in names:
            odd.update(place for place, name in enumerate(names) if name is None)
        start = 0
        stretches = list(groups(flat)) if odd else []
        for place in sorted(odd):
            self._count(dates[start:place], names[start:place])
            self._lines(whole(*stretches[place]))
            start = place + 1
        self._count(dates[start:], names[start:])

    def _count(self, dates: list[str], names: list[str]) -> None:
        """Stretches of one line that name their sender and no file."""
        if not dates:
            return
        seen = self._seen
        seen.first_line_is_header = seen.first_line_is_header or seen.lines == 0
        seen.lines += len(dates)
        for text, run in groupby(dates):
            date = self._seen.stretches.dates[text]
            self._note_date(date, sum(1 for _ in run))
        for sender, count in Counter(names).items():
            self._note_sender(sender, count)

    def _lines(self, text: str) -> None:
        seen = self._seen
        for line in text.split("\n"):
            packed = seen.headers.read(line)
            if packed == NO_HEADER:
                seen.lines += bool(line) and not line.isspace()
                continue
            seen.first_line_is_header = seen.first_line_is_header or seen.lines == 0
            seen.lines += 1
            self._note_date(packed >> 29, 1)
            rest = packed >> 2 & 0x3FF
            end = line.find(": ", rest, rest + LONGEST_NAME)
            if end > 0:
                self._note_sender(line[rest:end], 1)
            if line[-1:] in _ENDS:
                _note_attachment(line, seen.headers.dates[packed >> 29], self._evidence, seen)

    def _note_date(self, date: int, count: int) -> None:
        """So many headers one after another."""
        self._seen.found += count
        if date != self._last_date:
            self._last_date = date
            stamp = self._seen.headers.dates[date]
            self.per_date += [0] * (len(self._seen.headers.dates) - len(self.per_date))
            self._evidence = self._seen.evidence.setdefault(stamp.shape, Evidence())
            self._evidence.note(stamp)
        self.per_date[date] += count

    def _note_sender(self, sender: str, count: int) -> None:
        if sender in self._seen.senders or len(self._seen.senders) < _MOST_NAMES:
            self._seen.senders[sender] += count


def _note_attachment(line: str, stamp: Stamp, evidence: Evidence, seen: Survey) -> None:
    tail = line[-300:]
    name = _NAME_END.search(tail)
    if name and len(seen.attachments) < _MOST_NAMES:
        seen.attachments.add(name[1].strip(MARKS + " "))
    dated = _DATED_NAME.search(tail)
    if dated:
        year, month, day = (int(part) for part in dated.groups() if part is not None)
        true_day = days_since_epoch(year, month, day, "gregorian")
        if true_day is not None:
            evidence.note_attachment(stamp, true_day)


def is_name(candidate: str, senders: Counter[str]) -> bool:
    """Whether what stands before `: ` is a sender; `X created group "Trip: Rome"` is not one."""
    return senders[candidate] > 1 or not (_QUOTES & set(candidate))
