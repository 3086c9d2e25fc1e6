"""Which snapshots a keep-rule keeps: pure, over the times at which they were made (UTC)."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

MOST = 1000


@dataclass(frozen=True, slots=True)
class Rule:
    """Keep the `last` newest, and the newest of each of so many days, weeks (Monday to Sunday) and months that have
    one. Each from 0 to MOST."""

    last: int
    daily: int
    weekly: int
    monthly: int

    def __post_init__(self) -> None:
        if not all(0 <= number <= MOST for number in astuple(self)):
            raise ValueError(f"each number is between 0 and {MOST}")

    def encoded(self) -> bytes:
        """Eight bytes: last, daily, weekly, monthly, two each, big endian. What an owner's proof covers."""
        return b"".join(number.to_bytes(2, "big") for number in astuple(self))


def kept(made: Sequence[datetime], rule: Rule) -> set[int]:
    """→ indexes into `made` of those that stay. The newest always stays."""
    newest_first = sorted(range(len(made)), key=lambda index: made[index], reverse=True)
    stay = set(newest_first[: max(1, rule.last)])
    periods: tuple[tuple[int, Callable[[datetime], tuple[int, ...]]], ...] = (
        (rule.daily, lambda time: (time.year, time.month, time.day)),
        (rule.weekly, lambda time: tuple(time.isocalendar()[:2])),
        (rule.monthly, lambda time: (time.year, time.month)),
    )
    for number, period in periods:
        seen: set[tuple[int, ...]] = set()
        for index in newest_first:
            if len(seen) == number:
                break
            key = period(made[index].astimezone(UTC))
            if key not in seen:
                seen.add(key)
                stay.add(index)
    return stay
