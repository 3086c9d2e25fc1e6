"""Times of messages as people and programs read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """`zone`: (from this time in milliseconds on, minutes to add to UTC), ascending; empty: UTC. A floating chat's
    times are the phone's wall clock already."""

    floating: bool
    zone: Sequence[tuple[int, int]] = ()

    def wall(self, timestamp: int) -> str:
        """2022-05-20 10:00:00, as a clock on the wall showed it."""
        return _moment(timestamp + 60_000 * self._minutes(timestamp)).strftime("%Y-%m-%d %H:%M:%S")

    def iso(self, timestamp: int) -> str:
        """ISO 8601: with its zone, or without where none is known."""
        if self.floating:
            return _moment(timestamp).strftime("%Y-%m-%dT%H:%M:%S")
        zone = timezone(timedelta(minutes=self._minutes(timestamp)))
        return _moment(timestamp).astimezone(zone).isoformat(timespec="seconds").replace("+00:00", "Z")

    def _minutes(self, timestamp: int) -> int:
        if self.floating or not self.zone:
            return 0
        minutes = self.zone[0][1]
        for start, value in self.zone:
            if timestamp < start:
                break
            minutes = value
        return minutes


def _moment(timestamp: int) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=timestamp)
    except OverflowError:
        return _EPOCH
