"""Every interleaving of a small vault: two guesses a budget, three logins, one registration, crashes at every step.

The model plays what stands around the rule: rows that were committed survive a crash, a process's memory does not,
and any request may be sent again at any time. Breadth first, over every reachable state, it looks for one in which a
key answered more than it may. `CARELESS` lists storages that break one promise each: the search finds all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.vault.searching import explore
from vault import lockout
from vault.lockout import (
    Activate,
    AnswerRegistration,
    Charge,
    EndUnproven,
    Granted,
    GuessRecord,
    LiftLock,
    Pause,
    Prove,
    RearmWait,
    Resume,
    State,
    decide,
)

BUDGET = 2
LOGINS = (0, 1, 2)
WAITS = {1: timedelta(minutes=1)}
MINUTE = timedelta(minutes=1)
START = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """A committed login state."""

    request: int
    charge: int
    version: int
    stored: bool = False


@dataclass(frozen=True)
class World:
    """What is on disk, what processes remember, and what the key has answered."""

    record: GuessRecord | None = None
    rows: frozenset[Row] = frozenset()
    spent: frozenset[int] = frozenset()
    memory: frozenset[tuple[int, int]] = frozenset()  # (request, charge) that a process is about to evaluate
    registering: bool = False  # a process is about to answer the registration request
    minutes: int = 0
    # the count kept outside, by whoever watches the key
    registrations: int = 0
    answered: frozenset[tuple[int, int]] = frozenset()  # (charge, request) evaluated
    charges_since_proof: int = 0
    charged_requests: tuple[int, ...] = ()
    uncharged: int = 0  # evaluations without a committed charge


@dataclass(frozen=True)
class Storage:
    """How carefully the storage around the rule behaves."""

    charge_first: bool = True
    key_answers_again: bool = False
    rows_by_request: bool = True
    refill: bool = False


CARELESS = {
    "evaluates before the charge is on disk": Storage(charge_first=False),
    "answers a registration again with the same key": Storage(key_answers_again=True),
    "charges a repeated request again": Storage(rows_by_request=False),
    "gives a guess back when a process dies": Storage(refill=True),
}


def steps(world: World, storage: Storage) -> Iterator[World]:
    """Every world one step away: a request arrives or is repeated, a process goes on or dies, a minute passes."""
    now = START + world.minutes * MINUTE
    if world.record is None:
        pending, reply, _ = decide(GuessRecord(guesses_left=BUDGET), AnswerRegistration(), now)
        assert isinstance(reply, Granted)
        yield replace(world, record=pending, registering=True)
        return
    if world.registering:
        yield replace(world, registering=False, registrations=world.registrations + 1)
        yield replace(world, registering=False)  # the process died; the key has not answered and never will
    elif storage.key_answers_again and world.record.state is State.PENDING and world.registrations < 2:
        yield replace(world, registering=True)
    else:
        _, reply, _ = decide(world.record, AnswerRegistration(), now)
        assert not isinstance(reply, Granted)
    active, reply, _ = decide(world.record, Activate(), now)
    if isinstance(reply, Granted):
        yield replace(world, record=active)
    for request in LOGINS:
        yield from login_arrives(world, storage, request, now)
    for request, charge in world.memory:
        yield from process_goes_on(world, storage, request, charge)
    for row in world.rows:
        yield from login_ends(world, row, now)
    for upkeep in (LiftLock(), RearmWait(), Pause(), Resume()):
        kept, reply, _ = decide(world.record, upkeep, now, WAITS)
        if isinstance(reply, Granted) and world.minutes < 3:
            if isinstance(upkeep, Pause | Resume):
                assert replace(kept, paused=world.record.paused) == world.record
            yield replace(world, record=kept)
    if world.minutes < 3:
        yield replace(world, minutes=world.minutes + 1)


def login_arrives(world: World, storage: Storage, request: int, now: datetime) -> Iterator[World]:
    """A KE1, new or sent again. It is charged and committed before a process may evaluate."""
    known = [row for row in world.rows if row.request == request]
    if known and storage.rows_by_request:
        if not known[0].stored:
            yield replace(world, memory=world.memory | {(request, known[0].charge)})
        return
    if request in world.spent and storage.rows_by_request:
        return
    assert world.record is not None
    if not storage.charge_first:
        yield replace(world, uncharged=world.uncharged + (world.record.state is State.ACTIVE))
    charged, reply, _ = decide(world.record, Charge(), now, WAITS)
    assert not (world.record.paused and isinstance(reply, Granted))
    if not isinstance(reply, Granted) or reply.charge is None:
        return
    yield replace(
        world,
        record=charged,
        rows=world.rows | {Row(request, reply.charge, charged.version)},
        spent=world.spent | {request},
        memory=world.memory | {(request, reply.charge)},
        charges_since_proof=world.charges_since_proof + 1,
        charged_requests=(*world.charged_requests, request),
    )


def process_goes_on(world: World, storage: Storage, request: int, charge: int) -> Iterator[World]:
    """It evaluates and stores KE2, dies before, or dies between the two."""
    rest = world.memory - {(request, charge)}
    died = replace(world, memory=rest)
    if storage.refill and world.record is not None and world.record.guesses_left < BUDGET:
        died = replace(died, record=replace(world.record, guesses_left=world.record.guesses_left + 1))
    yield died
    answered = replace(world, memory=rest, answered=world.answered | {(charge, request)})
    yield answered
    stored = {
        replace(row, stored=True) if (row.request, row.charge) == (request, charge) else row for row in world.rows
    }
    yield replace(answered, rows=frozenset(stored))


def login_ends(world: World, row: Row, now: datetime) -> Iterator[World]:
    """KE3, or the minute's end. Either consumes the row."""
    assert world.record is not None
    rest = world.rows - {row}
    if row.stored:
        proved, reply, _ = decide(world.record, Prove(charge=row.charge, version=row.version), now)
        if isinstance(reply, Granted):
            yield replace(world, record=proved, rows=rest, charges_since_proof=0)
    ended, reply, _ = decide(world.record, EndUnproven(charge=row.charge, version=row.version), now)
    yield replace(world, record=ended, rows=rest)


def broken(world: World) -> bool:
    """The property: one registration; at most a budget of charges between proofs; one evaluation a charge; one charge
    a request."""
    charges = [charge for charge, _ in world.answered]
    return (
        world.registrations > 1
        or world.uncharged > 0
        or world.charges_since_proof > BUDGET
        or len(charges) != len(set(charges))
        or len(world.charged_requests) != len(set(world.charged_requests))
    )


def explored(storage: Storage) -> tuple[int, World | None]:
    """→ how many worlds there are, and one that breaks the property."""
    return explore(World(), lambda world: steps(world, storage), broken)


@pytest.fixture(autouse=True)
def small_budget(monkeypatch):
    monkeypatch.setattr(lockout, "GUESSES", BUDGET)


def test_no_interleaving_lets_a_key_answer_more_than_its_budget():
    worlds, found = explored(Storage())
    assert found is None
    assert worlds > 10_000


@pytest.mark.parametrize("promise", CARELESS)
def test_the_search_finds_a_storage_that_breaks_a_promise(promise):
    assert explored(CARELESS[promise])[1] is not None
