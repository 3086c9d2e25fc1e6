"""The first pass over a chat's text: is it one, which headers count, who writes, and what tells the order of dates."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.engine.readers.whatsapp_text.calendars import days_since_epoch
from webapp.engine.readers.whatsapp_text.date_order import Evidence
from webapp.engine.readers.whatsapp_text.headers import Headers
from webapp.engine.readers.whatsapp_text.stamp import MARKS, Shape, Stamp

LONGEST_NAME = 100
"""Characters: a longer stretch before `: ` is no name."""

_MOST_NAMES = 100_000
_DATED_NAME = re.compile(r"[A-Z]{3}-(\d{4})(\d{2})(\d{2})-WA\d|-(\d{4})-(\d{2})-(\d{2})-\d{2}-\d{2}-\d{2}\b")
_QUOTES = frozenset('"“”„«»「」『』‘')
_NAME_END = re.compile(r"([^<>\s:][^<>:]{0,200}\.\w{1,8})(?: \([^()]{1,40}\)|>)\Z")


@dataclass(slots=True)
class Survey:
    """What one pass has seen. `evidence` per shape; `senders` counts what stands before the first `: `."""

    lines: int = 0
    headers: int = 0
    first_line_is_header: bool = False
    shapes: Counter[Shape] = field(default_factory=Counter)
    evidence: dict[Shape, Evidence] = field(default_factory=dict)
    senders: Counter[str] = field(default_factory=Counter)
    attachments: set[str] = field(default_factory=set)

    @property
    def share(self) -> float:
        """Headers per line that is not blank."""
        return self.headers / self.lines if self.lines else 0.0

    @property
    def is_chat(self) -> bool:
        """Long messages make headers rare, so a header at the very start counts for much."""
        return self.headers > 0 and (self.first_line_is_header or self.share >= 0.2)

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
    headers = Headers()
    shapes: Counter[Shape] = Counter()
    senders = seen.senders
    last_date = -1
    evidence = Evidence()
    for line in lines:
        header = headers.read(line)
        if header is None:
            if line and not line.isspace():
                seen.lines += 1
            continue
        if seen.lines == 0:
            seen.first_line_is_header = True
        seen.lines += 1
        seen.headers += 1
        stamp = headers.dates[header.date]
        shapes[stamp.shape] += 1
        if header.date != last_date:
            last_date = header.date
            evidence = seen.evidence.setdefault(stamp.shape, Evidence())
            evidence.note(stamp)
        end = line.find(": ", header.rest, header.rest + LONGEST_NAME)
        if end > 0 and (len(senders) < _MOST_NAMES):
            senders[line[header.rest : end]] += 1
        if line[-1:] in (")", ">"):
            _note_attachment(line, stamp, evidence, seen)
    seen.shapes = shapes
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
