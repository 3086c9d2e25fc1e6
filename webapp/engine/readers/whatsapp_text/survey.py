"""The first pass over a chat's text: is it one, which headers count, who writes, and what tells the order of dates."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.engine.readers.whatsapp_text.calendars import days_since_epoch
from webapp.engine.readers.whatsapp_text.date_order import Evidence
from webapp.engine.readers.whatsapp_text.headers import NO_HEADER, Headers
from webapp.engine.readers.whatsapp_text.stamp import MARKS, Shape, Stamp

LONGEST_NAME = 100
"""Characters: a longer stretch before `: ` is no name."""

_MOST_NAMES = 100_000
_ENDS = frozenset((")", ">"))
_DATED_NAME = re.compile(r"[A-Z]{3}-(\d{4})(\d{2})(\d{2})-WA\d|-(\d{4})-(\d{2})-(\d{2})-\d{2}-\d{2}-\d{2}\b")
_QUOTES = frozenset('"“”„«»「」『』‘')
_NAME_END = re.compile(r"([^<>\s:][^<>:]{0,200}\.\w{1,8})(?: \([^()]{1,40}\)|>)\Z")


@dataclass(slots=True)
class Survey:
    """What one pass has seen. `lines` counts those that are not blank; `header_lines` and `packed` are the numbers and
    headers of all lines with one, for the second pass; `evidence` is kept per shape; `senders` counts what stands
    before the first `: `; `attachments` are names of files."""

    lines: int = 0
    first_line_is_header: bool = False
    headers: Headers = field(default_factory=Headers)
    header_lines: array[int] = field(default_factory=lambda: array("q"))
    packed: array[int] = field(default_factory=lambda: array("q"))
    shapes: Counter[Shape] = field(default_factory=Counter)
    evidence: dict[Shape, Evidence] = field(default_factory=dict)
    senders: Counter[str] = field(default_factory=Counter)
    attachments: set[str] = field(default_factory=set)

    @property
    def share(self) -> float:
        """Headers per line that is not blank."""
        return len(self.packed) / self.lines if self.lines else 0.0

    @property
    def is_chat(self) -> bool:
        """Long messages make headers rare, so a header at the very start counts for much."""
        return len(self.packed) > 0 and (self.first_line_is_header or self.share >= 0.2)

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


def survey(lines: Iterable[str]) -> Survey:
    """Reads all `lines` once."""
    seen = Survey()
    read, dates, senders = seen.headers.read, seen.headers.dates, seen.senders
    per_date: list[int] = []
    last_date = -1
    evidence = Evidence()
    blank = 0
    number = -1
    for number, line in enumerate(lines):
        packed = read(line)
        if packed == NO_HEADER:
            if not line or line.isspace():
                blank += 1
            continue
        if number == blank:
            seen.first_line_is_header = True
        date = packed >> 29
        if date != last_date:
            last_date = date
            stamp = dates[date]
            per_date += [0] * (len(dates) - len(per_date))
            evidence = seen.evidence.setdefault(stamp.shape, Evidence())
            evidence.note(stamp)
        per_date[date] += 1
        seen.header_lines.append(number)
        seen.packed.append(packed)
        rest = packed >> 2 & 0x3FF
        end = line.find(": ", rest, rest + LONGEST_NAME)
        if end > 0:
            sender = line[rest:end]
            if sender in senders or len(senders) < _MOST_NAMES:
                senders[sender] += 1
        if line[-1:] in _ENDS:
            _note_attachment(line, dates[date], evidence, seen)
    seen.lines = number + 1 - blank
    for stamp, count in zip(dates, per_date, strict=False):
        seen.shapes[stamp.shape] += count
    return seen


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
