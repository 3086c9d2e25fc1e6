"""How fast a sweep over every row goes: at full speed while nobody guesses, else in small steps with a rest after each.

Whether somebody does is told by the clock's mark, which every guess moves at most once a second (clock_mark.py).
"""

import time

from vault.server.models import ClockMark
from vault.server.router import ALIAS

# Rows a step: what is read, sealed and changed at once.
ALONE = 1000
SHARED = 150
# After a step among others everything is theirs for this part of the time it took.
REST = 0.5
# How long after a sign of somebody the next one is waited for, and how often it is looked for (seconds).
_PATIENCE = 2.0
_LOOK = 0.2


class Pace:
    """One sweep's. Until it has looked for a while it takes others to be there."""

    def __init__(self) -> None:
        self._begun = self._looked = time.monotonic()
        self._seen = self._mark()
        self._shared_until = self._looked + _PATIENCE

    def rows(self) -> int:
        """How many the next step takes. A step begins here."""
        self._begun = time.monotonic()
        if self._begun - self._looked >= _LOOK:
            self._looked = self._begun
            seen = self._mark()
            if seen != self._seen:
                self._seen, self._shared_until = seen, self._begun + _PATIENCE
        return SHARED if self._shared else ALONE

    def rest(self) -> None:
        """A step has ended: wait, where others may be waiting."""
        if self._shared:
            time.sleep((time.monotonic() - self._begun) * REST)

    @property
    def _shared(self) -> bool:
        return self._begun < self._shared_until

    @staticmethod
    def _mark() -> object:
        return ClockMark.objects.using(ALIAS).values_list("latest", flat=True).first()
