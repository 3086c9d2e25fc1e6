"""When somebody is asked again whether they still know their password or have their key: pure, with time passed in.

Whoever just knew it will know it for a while: each success widens the interval. Nobody is asked twice in a week.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

INTERVALS = (3, 10, 30, 90, 180, 365)
"""Days until the next question, by how often in a row it went well."""
LATER_DAYS = 7
REHEARSAL_DAYS = 30


class Kind(StrEnum):
    """What is reminded of."""

    PASSWORD = "password"  # noqa: S105 - the kind's name
    KEY = "key"
    REHEARSAL = "rehearsal"


class Answer(StrEnum):
    """How a reminder was met, or that it is wanted again."""

    PASSED = "passed"
    FAILED = "failed"
    LATER = "later"
    NEVER = "never"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Schedule:
    """step: place in INTERVALS; due: None for never."""

    step: int
    due: datetime | None


def first(kind: Kind, made: datetime) -> Schedule:
    """Before anything was answered: password and key three days after the safe was made, rehearsals only on wish."""
    return Schedule(0, None if kind is Kind.REHEARSAL else made + timedelta(days=INTERVALS[0]))


def answered(kind: Kind, schedule: Schedule, answer: Answer, now: datetime) -> Schedule:
    """The schedule after an answer."""
    if answer is Answer.NEVER:
        return Schedule(schedule.step, None)
    if kind is Kind.REHEARSAL:
        wanted = schedule.due is not None or answer is Answer.AGAIN
        return Schedule(0, now + timedelta(days=REHEARSAL_DAYS) if wanted else None)
    if answer is Answer.LATER:
        return Schedule(schedule.step, now + timedelta(days=max(LATER_DAYS, INTERVALS[schedule.step])))
    if answer is Answer.PASSED:
        step = min(schedule.step + 1, len(INTERVALS) - 1)
        # Who switched the question off and unlocks all the same has not asked for it back.
        return Schedule(step, None if schedule.due is None else now + timedelta(days=INTERVALS[step]))
    return Schedule(0, now + timedelta(days=LATER_DAYS if answer is Answer.FAILED else INTERVALS[0]))
