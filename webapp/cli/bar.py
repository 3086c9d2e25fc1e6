"""One line of progress on a terminal: what is done, how fast, how long still. Silent where nobody watches (cron)."""

import shutil
import sys
import time
from typing import TextIO

from webapp.engine.ports import Progress

from .saying import say

EVERY_SECONDS = 0.1
SPEED_OVER_SECONDS = 10.0
NAMES = {
    "reading": "Reading",
    "indexing": "Indexing",
    "opening": "Opening",
    "sealing": "Sending",
    "committing": "Finishing",
    "fetching": "Fetching",
    "checking": "Checking",
    "saving": "Saving",
    "sampling": "Opening a sample",
}
UNITS = ("bytes", "kB", "MB", "GB", "TB")


def sized(count: float) -> str:
    """Bytes in decimal units, as disks and browsers tell them."""
    for unit in UNITS:
        if count < 1000 or unit == UNITS[-1]:
            return f"{count:.0f} {unit}" if unit == "bytes" or count >= 100 else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError("unreachable")


def duration(seconds: float) -> str:
    """Rounded as a person would say it."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


class Bar:
    """A reporter that draws. label: in place of the stage's own name."""

    def __init__(self, stream: TextIO | None = None, label: str = "") -> None:
        self._stream = stream or sys.stderr
        self.shows = self._stream.isatty()
        self.label = label
        self._drawn = 0.0
        self._stage = ""
        self._marks: list[tuple[float, int]] = []

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.stage != self._stage:
            self._stage, self._marks, self._drawn = progress.stage, [], 0.0
        if not self.shows or now - self._drawn < EVERY_SECONDS:
            return
        self._drawn = now
        self._marks = [mark for mark in self._marks if now - mark[0] < SPEED_OVER_SECONDS] + [(now, progress.done)]
        self._draw(self._line(progress))

    def check(self) -> None:
        """Ctrl-C stops by itself."""

    def say(self, text: str) -> None:
        """A line above the bar."""
        self.clear()
        say(text, stream=self._stream)

    def clear(self) -> None:
        """Takes the bar away."""
        if self.shows:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _line(self, progress: Progress) -> str:
        name = self.label or NAMES.get(progress.stage, progress.stage.capitalize())
        if not progress.total:
            return f"{name} …"
        share = min(1.0, progress.done / progress.total)
        (start, before), (now, done) = self._marks[0], self._marks[-1]
        speed = (done - before) / (now - start) if now > start else 0.0
        filled = round(20 * share)
        parts = [f"{name} [{'#' * filled}{'.' * (20 - filled)}] {share:4.0%}"]
        if progress.stage in ("sealing", "fetching", "saving", "opening"):
            parts.append(f"{sized(progress.done)} of {sized(progress.total)}")
            if speed > 0:
                parts.append(f"{sized(speed)}/s")
        if speed > 0:
            parts.append(f"{duration((progress.total - progress.done) / speed)} left")
        return "  ".join(parts)

    def _draw(self, line: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r\x1b[K{line[:width]}")
        self._stream.flush()
