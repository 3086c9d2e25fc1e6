"""A poll as text exports write it, in any language: `POLL:`, the question, and `OPTION: words (2 votes)` a line."""

import re

from webapp.engine.readers.details import Poll, PollOption
from webapp.engine.readers.whatsapp_text.stamp import MARKS

_WITHOUT_MARKS = {ord(mark): None for mark in MARKS}
_OPTION = re.compile(r"[^:\n]{1,30}: ?(.*?) ?\(([^()\n]{0,12}\d[^()\n]{0,20})\)\s*\Z", re.DOTALL)
_COUNT = re.compile(r"\d{1,9}")


def poll_of(text: str) -> tuple[str, Poll] | None:
    """(question, poll); None where the lines are no poll after all."""
    lines = text.translate(_WITHOUT_MARKS).split("\n")
    question: list[str] = []
    options: list[PollOption] = []
    for line in lines[1:]:
        found = _OPTION.match(line) if len(line) < 4096 else None
        if found is not None:
            count = _COUNT.search(found[2])
            options.append(PollOption(found[1].strip(), int(count[0]) if count else None))
        elif not options:
            question.append(line)
        elif line.strip():
            # An option of several lines has its count on the last.
            last = options.pop()
            options.append(PollOption(f"{last.text}\n{line}", last.votes))
    return ("\n".join(question).strip(), Poll(tuple(options))) if len(options) >= 2 else None
