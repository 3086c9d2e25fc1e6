"""The widening schedule: who knows is asked less, nobody is nagged, and "not again" holds."""

from datetime import UTC, datetime, timedelta

from webapp.server.backups.reminding import INTERVALS, LATER_DAYS, Answer, Kind, Schedule, answered, first

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def days(schedule: Schedule) -> int | None:
    return None if schedule.due is None else (schedule.due - NOW).days


def test_each_success_widens_the_interval_up_to_a_year() -> None:
    schedule = first(Kind.PASSWORD, NOW)
    seen = [days(schedule)]
    for _ in range(7):
        schedule = answered(Kind.PASSWORD, schedule, Answer.PASSED, NOW)
        seen.append(days(schedule))
    assert seen == [3, 10, 30, 90, 180, 365, 365, 365]
    assert list(INTERVALS) == sorted(INTERVALS)


def test_not_now_waits_a_week_at_least_and_keeps_the_step() -> None:
    early = answered(Kind.KEY, Schedule(0, NOW), Answer.LATER, NOW)
    assert (early.step, days(early)) == (0, LATER_DAYS)
    late = answered(Kind.KEY, Schedule(3, NOW), Answer.LATER, NOW)
    assert (late.step, days(late)) == (3, 90)


def test_a_failure_starts_over_and_asks_in_a_week() -> None:
    schedule = answered(Kind.PASSWORD, Schedule(5, NOW), Answer.FAILED, NOW)
    assert (schedule.step, days(schedule)) == (0, LATER_DAYS)


def test_not_again_holds_whatever_is_unlocked_until_it_is_wanted_again() -> None:
    off = answered(Kind.PASSWORD, Schedule(2, NOW), Answer.NEVER, NOW)
    assert off.due is None
    assert answered(Kind.PASSWORD, off, Answer.PASSED, NOW).due is None
    assert days(answered(Kind.PASSWORD, off, Answer.AGAIN, NOW)) == INTERVALS[0]


def test_rehearsals_are_mailed_only_on_wish_and_count_from_the_last() -> None:
    never = first(Kind.REHEARSAL, NOW)
    assert never.due is None
    assert answered(Kind.REHEARSAL, never, Answer.PASSED, NOW).due is None
    wished = answered(Kind.REHEARSAL, never, Answer.AGAIN, NOW)
    assert days(wished) == 30
    later = NOW + timedelta(days=20)
    assert answered(Kind.REHEARSAL, wished, Answer.PASSED, later).due == later + timedelta(days=30)
    assert answered(Kind.REHEARSAL, wished, Answer.NEVER, NOW).due is None
