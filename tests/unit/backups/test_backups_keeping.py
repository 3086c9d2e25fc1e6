"""Keep-rules: what stays and what goes, over any history."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.server.backups.keeping import MOST, Rule, kept

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TIMES = st.lists(st.integers(0, 800 * 24).map(lambda hours: NOON - timedelta(hours=hours)), min_size=1, max_size=60)
RULES = st.builds(Rule, *[st.integers(0, 12)] * 4)


def days(*ago: int) -> list[datetime]:
    return [NOON - timedelta(days=number) for number in ago]


def test_the_last_so_many_stay() -> None:
    assert kept(days(0, 1, 2, 3, 4), Rule(last=3, daily=0, weekly=0, monthly=0)) == {0, 1, 2}


def test_of_each_day_the_newest_stays() -> None:
    made = [NOON, NOON - timedelta(hours=1), NOON - timedelta(days=1), NOON - timedelta(days=1, hours=2)]
    assert kept(made, Rule(last=1, daily=2, weekly=0, monthly=0)) == {0, 2}


def test_days_without_a_backup_are_not_counted() -> None:
    assert kept(days(0, 10, 20, 30), Rule(last=0, daily=3, weekly=0, monthly=0)) == {0, 1, 2}


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    # 2026-11-24 is a Tuesday: 23 is its Monday, 22 belongs to the week before.
    assert kept(days(0, 1, 2), Rule(last=0, daily=0, weekly=2, monthly=0)) == {0, 2}
    # 24 days before is the 31st of October.
    assert kept(days(0, 23, 24), Rule(last=0, daily=0, weekly=0, monthly=2)) == {0, 2}


def test_the_newest_stays_whatever_the_rule() -> None:
    assert kept(days(3, 1, 2), Rule(last=0, daily=0, weekly=0, monthly=0)) == {1}


@given(TIMES, RULES)
def test_no_rule_takes_the_newest_or_keeps_too_many(made: list[datetime], rule: Rule) -> None:
    stay = kept(made, rule)
    assert max(made) in {made[index] for index in stay}
    assert len(stay) <= max(1, rule.last) + rule.daily + rule.weekly + rule.monthly


@given(TIMES, RULES)
def test_a_rule_applied_again_takes_nothing_more(made: list[datetime], rule: Rule) -> None:
    left = [made[index] for index in sorted(kept(made, rule))]
    assert kept(left, rule) == set(range(len(left)))


def test_numbers_are_bounded_and_signed_in_order() -> None:
    assert Rule(1, 2, 3, 4).encoded() == bytes([0, 1, 0, 2, 0, 3, 0, 4])
    for wrong in ((-1, 0, 0, 0), (0, 0, 0, MOST + 1)):
        with pytest.raises(ValueError, match="between"):
            Rule(*wrong)
