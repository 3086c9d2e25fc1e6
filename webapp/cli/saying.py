"""What commands print for a person. Names, a site's words and a file's own texts could hold anything: what would move a
terminal's cursor, change its state or the order of letters is shown as U+FFFD."""

import re
import sys
from typing import TextIO

_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """One line that a terminal shows as it stands."""
    return _NOT_SHOWN.sub("\ufffd", text)


def say(*lines: str, stream: TextIO | None = None) -> None:
    """Prints each as a line of its own."""
    for line in lines:
        print(printable(line), file=stream or sys.stdout)
