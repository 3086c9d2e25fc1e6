"""A rotation goes at full speed while nobody guesses, and makes room as soon as somebody does."""

import pytest

from tests.flows.vault.world import WRONG, Guess
from vault.server.services import pace, rotation

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True),
]


@pytest.fixture
def monotonic(monkeypatch):
    """The pace's own clock, and how long it slept by it."""

    class Time:
        now, slept = 1000.0, 0.0

        def monotonic(self):
            return self.now

        def sleep(self, seconds):
            self.slept += seconds

    moved = Time()
    monkeypatch.setattr(pace, "time", moved)
    return moved


def step(going, monotonic, seconds=1.0):
    """One step that took so long; → its rows, and how long it rested."""
    rows, before = going.rows(), monotonic.slept
    monotonic.now += seconds
    going.rest()
    return rows, monotonic.slept - before


def test_alone_it_takes_large_steps_and_never_rests(person, run, monotonic):
    run(person.set_up())
    going = pace.Pace()
    assert step(going, monotonic) == (pace.SHARED, pace.REST)
    step(going, monotonic)
    assert step(going, monotonic) == (pace.ALONE, 0.0)


def test_a_guess_makes_it_take_small_steps_and_rest_until_nobody_guesses_any_more(person, run, monotonic, clock):
    run(person.set_up())
    Guess(person, WRONG).start()
    going = pace.Pace()
    monotonic.now += 10
    assert step(going, monotonic) == (pace.ALONE, 0.0)
    clock.move(seconds=2)
    Guess(person, WRONG).start()
    assert step(going, monotonic) == (pace.SHARED, pace.REST)
    assert step(going, monotonic) == (pace.SHARED, pace.REST)
    assert step(going, monotonic) == (pace.ALONE, 0.0)


def test_every_part_of_a_rotation_keeps_the_pace(person, run, monkeypatch):
    run(person.set_up())
    asked = []
    real = pace.Pace.rest
    monkeypatch.setattr(pace.Pace, "rest", lambda going: (asked.append(id(going)), real(going)))
    rotation.rotate()
    assert len(set(asked)) >= 2
