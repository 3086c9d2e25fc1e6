"""Every interleaving of a small replacement: two guesses a budget, three records, crashes and retries at every step.

Breadth first over every reachable state it looks for a safe with two active records, with none though nobody used up
its guesses, with a password that never proved itself, or with a key that answered more than it may. `CARELESS` lists
vaults that break one promise each: the search finds all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.vault.searching import explore
from vault import lockout
from vault.lockout import (
    ANSWERING,
    NO_WAITS,
    AnswerRegistration,
    Charge,
    Drop,
    EndUnproven,
    GiveWay,
    Granted,
    GuessRecord,
    Promote,
    Prove,
    Stage,
    State,
    decide,
)

BUDGET = 2
RECORDS = 3
CHARGES = 4
START = datetime(2026, 11, 24, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Seen:
    """One record, and what somebody who watches its key has counted."""

    record: GuessRecord
    registrations: int = 0
    since_proof: int = 0
    proved: bool = False


@dataclass(frozen=True)
class World:
    """What is on disk, and what a process is about to do."""

    records: tuple[Seen, ...]
    logins: frozenset[tuple[int, int]] = frozenset()  # (record, charge), KE2 sent
    answering: int | None = None  # a process is about to answer this record's registration
    half_hours: int = 0
    guessed_away: bool = False  # the active record ended by its own last guess

    def state(self, *states: State) -> list[int]:
        return [number for number, seen in enumerate(self.records) if seen.record.state in states]


@dataclass(frozen=True)
class Vault:
    """How carefully the vault replaces."""

    in_one_step: bool = True
    ends_the_old: bool = True
    asks_for_proof: bool = True
    one_staged: bool = True
    staged_budget: bool = True


CARELESS = {
    "ends the old record in a transaction of its own": Vault(in_one_step=False),
    "leaves the old record active": Vault(ends_the_old=False),
    "promotes what was not proved": Vault(asks_for_proof=False),
    "stages two records": Vault(one_staged=False),
    "charges nothing for guesses at a staged record": Vault(staged_budget=False),
}


def changed(world: World, number: int, record: GuessRecord, **counted) -> World:
    records = list(world.records)
    records[number] = replace(records[number], record=record, **counted)
    gone = record.state is State.DESTROYED
    logins = frozenset(login for login in world.logins if not (gone and login[0] == number))
    return replace(world, records=tuple(records), logins=logins)


def asked(world: World, number: int, request, **counted) -> World | None:
    now = START + world.half_hours * HALF_HOUR
    record, reply, _ = decide(world.records[number].record, request, now, NO_WAITS)
    return changed(world, number, record, **counted) if isinstance(reply, Granted) else None


def steps(world: World, vault: Vault) -> Iterator[World]:
    """Every world one step away; a step that is refused leads nowhere."""
    yield from registering(world, vault)
    for number in world.state(*ANSWERING):
        yield from guessing(world, vault, number)
    for number, charge in world.logins:
        yield from ending(world, number, charge)
    yield from promoting(world, vault)
    for number in world.state(State.STAGED):
        yield from filter(None, [asked(world, number, Drop())])
    if world.half_hours < 3:
        yield replace(world, half_hours=world.half_hours + 1)


def registering(world: World, vault: Vault) -> Iterator[World]:
    """A replacement begins, is answered or loses its process, is finished."""
    if world.answering is not None:
        seen = world.records[world.answering]
        yield replace(
            changed(world, world.answering, seen.record, registrations=seen.registrations + 1), answering=None
        )
        yield replace(world, answering=None)
    elif len(world.records) < RECORDS and world.state(State.ACTIVE):
        pending, _, _ = decide(
            GuessRecord(version=len(world.records) + 1, guesses_left=BUDGET), AnswerRegistration(), START
        )
        pending = replace(pending, pending_until=START + 9 * HALF_HOUR)
        yield replace(world, records=(*world.records, Seen(pending)), answering=len(world.records))
    for number in world.state(State.PENDING):
        if world.records[number].registrations:
            before = world
            for earlier in world.state(State.STAGED) if vault.one_staged else []:
                before = asked(before, earlier, Drop(superseded=True)) or before
            yield from filter(None, [asked(before, number, Stage())])


def guessing(world: World, vault: Vault, number: int) -> Iterator[World]:
    """A KE1: charged, then answered, or charged and its process died."""
    seen = world.records[number]
    if seen.record.charges >= CHARGES or seen.since_proof > BUDGET:
        return
    charged = asked(world, number, Charge(), since_proof=seen.since_proof + 1)
    if charged is None:
        return
    record = charged.records[number].record
    if not vault.staged_budget and record.state is State.STAGED:
        charged = changed(charged, number, replace(record, guesses_left=BUDGET))
    yield charged
    yield replace(charged, logins=charged.logins | {(number, record.charges)})


def ending(world: World, number: int, charge: int) -> Iterator[World]:
    """KE3, or the end of its minute."""
    rest = replace(world, logins=world.logins - {(number, charge)})
    version = world.records[number].record.version
    yield from filter(None, [asked(rest, number, Prove(charge=charge, version=version), since_proof=0, proved=True)])
    ended = asked(rest, number, EndUnproven(charge=charge, version=version)) or rest
    active = number in world.state(State.ACTIVE) and number not in ended.state(State.ACTIVE)
    yield replace(ended, guessed_away=ended.guessed_away or active)


def promoting(world: World, vault: Vault) -> Iterator[World]:
    """The owner's last request; sent twice, it finds nothing left to do."""
    for number in world.state(State.STAGED):
        promoted = asked(world, number, Promote())
        if promoted is None and not vault.asks_for_proof:
            promoted = changed(
                world, number, replace(world.records[number].record, state=State.ACTIVE, pending_until=None)
            )
        if promoted is None:
            continue
        for old in world.state(State.ACTIVE) if vault.ends_the_old else []:
            if not vault.in_one_step:
                yield from filter(None, [asked(world, old, GiveWay())])
            promoted = asked(promoted, old, GiveWay()) or promoted
        yield replace(promoted, guessed_away=False)


def broken(world: World) -> bool:
    """More than one active or staged; none, though nobody guessed it away; one that never proved itself; a key that
    answered too much."""
    active = world.state(State.ACTIVE)
    return (
        len(active) > 1
        or len(world.state(State.STAGED)) > 1
        or (not active and not world.guessed_away)
        or any(number > 0 and not world.records[number].proved for number in active)
        or any(seen.registrations > 1 or seen.since_proof > BUDGET for seen in world.records)
    )


def explored(vault: Vault) -> tuple[int, World | None]:
    """→ how many worlds there are, and one that breaks the promise."""
    first = World((Seen(GuessRecord(state=State.ACTIVE, guesses_left=BUDGET), registrations=1),))
    return explore(first, lambda world: steps(world, vault), broken)


@pytest.fixture(autouse=True)
def small_budget(monkeypatch):
    monkeypatch.setattr(lockout, "GUESSES", BUDGET)


def test_no_interleaving_leaves_a_safe_without_password_or_with_two(monkeypatch):
    monkeypatch.setitem(globals(), "CHARGES", 2)
    worlds, found = explored(Vault())
    assert found is None
    assert worlds > 10_000


@pytest.mark.parametrize("promise", CARELESS)
def test_the_search_finds_a_vault_that_breaks_a_promise_of_replacing(promise):
    assert explored(CARELESS[promise])[1] is not None
