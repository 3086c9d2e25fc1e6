"""Replacing a password, by examples: staged, proved, promoted; each sentence of rule 6."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vault.lockout import (
    NO_WAITS,
    AnswerRegistration,
    Charge,
    CutBudget,
    Destroy,
    Drop,
    EndUnproven,
    Event,
    GiveWay,
    Granted,
    GuessRecord,
    Promote,
    Prove,
    Refusal,
    Refused,
    Stage,
    State,
    decide,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def staged() -> GuessRecord:
    pending, _, _ = decide(GuessRecord(version=2), AnswerRegistration(), NOW)
    record, reply, event = decide(pending, Stage(), NOW)
    assert (reply, event) == (Granted(), Event.STAGED)
    return record


def proved() -> GuessRecord:
    charged, reply, _ = decide(staged(), Charge(), NOW)
    assert isinstance(reply, Granted)
    record, reply, event = decide(charged, Prove(charge=1, version=2), NOW)
    assert event is Event.RECOVERED
    return record


def test_a_staged_record_has_an_hour_and_ten_guesses_of_its_own():
    record = staged()
    assert (record.state, record.guesses_left, record.pending_until) == (State.STAGED, 10, NOW + HOUR)


def test_a_pending_record_is_staged_in_time_only():
    pending, _, _ = decide(GuessRecord(), AnswerRegistration(), NOW)
    assert decide(pending, Stage(), NOW + timedelta(minutes=10))[1] == Refused(Refusal.EXPIRED)
    assert decide(staged(), Stage(), NOW)[1] == Refused(Refusal.NOT_PENDING)


def test_a_proved_record_is_promoted_with_its_budget():
    active, reply, event = decide(proved(), Promote(), NOW)
    assert (reply, event) == (Granted(), Event.PROMOTED)
    assert (active.state, active.guesses_left, active.pending_until) == (State.ACTIVE, 10, None)


def test_a_record_that_never_proved_itself_is_not_promoted():
    assert decide(staged(), Promote(), NOW)[1] == Refused(Refusal.UNPROVED)


def test_a_guess_after_the_proof_must_be_proved_too():
    guessed, _, _ = decide(proved(), Charge(), NOW)
    assert decide(guessed, Promote(), NOW)[1] == Refused(Refusal.UNPROVED)


def test_a_cut_budget_does_not_count_as_a_proof():
    guessed, _, _ = decide(staged(), Charge(), NOW)
    cut, _, _ = decide(guessed, CutBudget(), NOW)
    assert decide(cut, Promote(), NOW)[1] == Refused(Refusal.UNPROVED)


@pytest.mark.parametrize("request_made", [Promote(), Charge()], ids=["promoted", "evaluated"])
def test_after_its_hour_a_staged_record_is_neither_promoted_nor_evaluated(request_made):
    assert decide(proved(), request_made, NOW + HOUR)[1] == Refused(Refusal.EXPIRED)
    assert isinstance(decide(proved(), request_made, NOW + HOUR - timedelta(seconds=1))[1], Granted)


def test_the_guesses_of_a_staged_record_destroy_it_like_any():
    record = staged()
    for _ in range(10):
        record, reply, _ = decide(record, Charge(), NOW, NO_WAITS)
        assert isinstance(reply, Granted)
    assert decide(record, Charge(), NOW, NO_WAITS)[1] == Refused(Refusal.NO_GUESSES)
    gone, _, event = decide(record, EndUnproven(charge=10, version=2), NOW)
    assert (gone.state, event) == (State.DESTROYED, Event.DESTROYED)


def test_only_an_active_record_gives_way():
    gone, _, event = decide(GuessRecord(state=State.ACTIVE), GiveWay(), NOW)
    assert (gone.state, gone.guesses_left, event) == (State.DESTROYED, 0, Event.REPLACED)
    for state in set(State) - {State.ACTIVE}:
        assert decide(GuessRecord(state=state), GiveWay(), NOW)[1] == Refused(Refusal.NOT_ACTIVE)


def test_a_staged_record_is_dropped_when_its_hour_is_over_or_it_has_no_more_use():
    record = staged()
    assert decide(record, Drop(), NOW)[1] == Refused(Refusal.NO_CHANGE)
    assert decide(record, Drop(), NOW + HOUR)[2] is Event.DROPPED
    gone, _, event = decide(record, Drop(superseded=True), NOW)
    assert (gone.state, event) == (State.DESTROYED, Event.DROPPED)


@pytest.mark.parametrize("state", sorted(set(State) - {State.STAGED}))
def test_no_other_record_is_promoted_or_dropped(state):
    record = replace(proved(), state=state)
    assert decide(record, Promote(), NOW)[1] == Refused(Refusal.NOT_STAGED)
    assert decide(record, Drop(superseded=True), NOW)[1] == Refused(Refusal.NOT_STAGED)


def test_the_owner_destroys_a_staged_record_too():
    assert decide(staged(), Destroy(), NOW)[2] is Event.DESTROYED
