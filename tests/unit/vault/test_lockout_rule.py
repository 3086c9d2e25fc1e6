"""The lockout rule by examples: one sentence of the protocol each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vault.lockout import (
    BACK_OFF,
    NO_WAITS,
    Activate,
    AnswerRegistration,
    Charge,
    CutBudget,
    Destroy,
    EndUnproven,
    Event,
    Granted,
    GuessRecord,
    LiftLock,
    Pause,
    Prove,
    RearmWait,
    Refusal,
    Refused,
    Resume,
    State,
    decide,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ACTIVE = GuessRecord(state=State.ACTIVE)


def charged(record: GuessRecord, times: int) -> GuessRecord:
    for _ in range(times):
        record, reply, _ = decide(record, Charge(), NOW, NO_WAITS)
        assert isinstance(reply, Granted)
    return record


def test_a_key_answers_one_registration_request():
    pending, reply, event = decide(GuessRecord(), AnswerRegistration(), NOW)
    assert isinstance(reply, Granted)
    assert (pending.state, event) == (State.PENDING, Event.ANSWERED)
    again, reply, event = decide(pending, AnswerRegistration(), NOW)
    assert (again, reply, event) == (pending, Refused(Refusal.ANSWERED), None)


@pytest.mark.parametrize("state", [State.PENDING, State.ACTIVE, State.STAGED, State.DESTROYED])
def test_no_stored_record_answers_a_registration_request(state):
    record = GuessRecord(state=state)
    assert decide(record, AnswerRegistration(), NOW) == (record, Refused(Refusal.ANSWERED), None)


def test_a_pending_record_is_activated_once_and_in_time():
    pending, _, _ = decide(GuessRecord(), AnswerRegistration(), NOW)
    active, reply, event = decide(pending, Activate(), NOW + timedelta(seconds=599))
    assert isinstance(reply, Granted)
    assert (active.state, active.guesses_left, event) == (State.ACTIVE, 10, Event.REGISTERED)
    assert decide(active, Activate(), NOW)[1] == Refused(Refusal.NOT_PENDING)
    assert decide(pending, Activate(), NOW + timedelta(seconds=600))[1] == Refused(Refusal.EXPIRED)


@pytest.mark.parametrize("state", [State.NEW, State.PENDING, State.DESTROYED])
def test_only_an_active_or_staged_record_is_evaluated(state):
    record = GuessRecord(state=state)
    assert decide(record, Charge(), NOW) == (record, Refused(Refusal.NOT_ACTIVE), None)


def test_every_charge_takes_one_guess_and_has_its_own_number():
    record, reply, event = decide(ACTIVE, Charge(), NOW)
    assert (record.guesses_left, record.failures, record.charges) == (9, 1, 1)
    assert (reply, event) == (Granted(charge=1), Event.GUESS_CHARGED)


def test_the_eleventh_guess_is_refused():
    spent = charged(ACTIVE, 10)
    assert decide(spent, Charge(), NOW) == (spent, Refused(Refusal.NO_GUESSES), None)


def test_a_proof_of_any_of_its_charges_refills_the_record():
    spent = charged(ACTIVE, 10)
    for charge in (1, 10):
        proved, reply, event = decide(spent, Prove(charge=charge, version=1), NOW)
        assert (proved.guesses_left, proved.failures, proved.charges) == (10, 0, 10)
        assert (reply, event) == (Granted(charge=charge, failures=9), Event.RECOVERED)


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (Prove(charge=1, version=2), Refusal.OTHER_VERSION),
        (Prove(charge=4, version=1), Refusal.UNKNOWN_CHARGE),
        (Prove(charge=0, version=1), Refusal.UNKNOWN_CHARGE),
        (EndUnproven(charge=1, version=2), Refusal.OTHER_VERSION),
    ],
)
def test_a_proof_counts_only_for_the_record_and_version_that_answered(request_, refusal):
    record = charged(ACTIVE, 3)
    assert decide(record, request_, NOW) == (record, Refused(refusal), None)


def test_the_unproven_end_of_the_last_guess_destroys_the_record():
    spent = charged(ACTIVE, 10)
    earlier, _, event = decide(spent, EndUnproven(charge=9, version=1), NOW)
    assert (earlier, event) == (spent, None)
    gone, _, event = decide(spent, EndUnproven(charge=10, version=1), NOW)
    assert (gone.state, gone.guesses_left, event) == (State.DESTROYED, 0, Event.DESTROYED)


def test_the_unproven_end_of_an_earlier_budgets_last_guess_destroys_nothing():
    refilled, _, _ = decide(charged(ACTIVE, 10), Prove(charge=3, version=1), NOW)
    spent_again = charged(refilled, 10)
    for record in (refilled, spent_again):
        assert decide(record, EndUnproven(charge=10, version=1), NOW)[0] == record


def test_nothing_revives_a_destroyed_record():
    gone, _, event = decide(charged(ACTIVE, 2), Destroy(), NOW)
    assert event is Event.DESTROYED
    for request in (Activate(), Charge(), Prove(charge=1, version=1), AnswerRegistration(), Destroy()):
        record, reply, event = decide(gone, request, NOW)
        assert record == gone
        assert isinstance(reply, Refused)
        assert event is None


def test_a_locked_record_refuses_charges_until_its_time_but_takes_proofs():
    locked = replace(charged(ACTIVE, 3), locked_until=NOW + timedelta(seconds=90, milliseconds=1))
    assert decide(locked, Charge(), NOW)[1] == Refused(Refusal.LOCKED, retry_after=91)
    proved, _, _ = decide(locked, Prove(charge=3, version=1), NOW)
    assert (proved.guesses_left, proved.locked_until) == (10, None)
    assert isinstance(decide(locked, Charge(), NOW + timedelta(seconds=91))[1], Granted)


def test_waits_are_set_at_the_charge_that_earns_them():
    waits = {2: timedelta(minutes=1)}
    first, _, event = decide(ACTIVE, Charge(), NOW, waits)
    assert (first.locked_until, event) == (None, Event.GUESS_CHARGED)
    second, _, event = decide(first, Charge(), NOW, waits)
    assert (second.locked_until, event) == (NOW + timedelta(minutes=1), Event.LOCKED)


def test_the_table_of_waits_is_the_protocols():
    minutes = {failure: int(wait.total_seconds()) // 60 for failure, wait in BACK_OFF.items()}
    assert minutes == {3: 1, 4: 5, 5: 15, 6: 60, 7: 240, 8: 1440, 9: 1440}


def test_ten_guesses_take_at_least_53_hours():
    record, now = ACTIVE, NOW
    for number in range(1, 11):
        record, reply, event = decide(record, Charge(), now)
        assert isinstance(reply, Granted)
        assert event is (Event.LOCKED if number in BACK_OFF else Event.GUESS_CHARGED)
        if number in BACK_OFF:
            early = decide(record, Charge(), now + BACK_OFF[number] - timedelta(milliseconds=1))
            assert early == (record, Refused(Refusal.LOCKED, retry_after=1), None)
            now += BACK_OFF[number]
    assert timedelta(hours=53) < now - NOW < timedelta(hours=54)


def test_only_an_elapsed_lock_loses_its_mark_and_nothing_else_changes():
    locked = charged(ACTIVE, 3)
    locked = replace(locked, locked_until=NOW + timedelta(minutes=1))
    too_early = NOW + timedelta(seconds=59)
    assert decide(locked, LiftLock(), too_early) == (locked, Refused(Refusal.NO_CHANGE), None)
    free, reply, event = decide(locked, LiftLock(), NOW + timedelta(minutes=1))
    assert (free, event) == (replace(locked, locked_until=None), Event.LOCK_LIFTED)
    assert isinstance(reply, Granted)
    assert decide(free, LiftLock(), NOW + timedelta(days=9))[1] == Refused(Refusal.NO_CHANGE)


def test_rearming_begins_the_wait_of_the_last_failure_again_in_full():
    for failures, wait in BACK_OFF.items():
        half_waited = replace(charged(ACTIVE, failures), locked_until=None)
        again, reply, event = decide(half_waited, RearmWait(), NOW)
        assert isinstance(reply, Granted)
        assert (again, event) == (replace(half_waited, locked_until=NOW + wait), Event.LOCKED)
    for failures in (0, 1, 2, 10):
        without = charged(ACTIVE, failures)
        assert decide(without, RearmWait(), NOW) == (without, Refused(Refusal.NO_CHANGE), None)


@pytest.mark.parametrize(("left", "after"), [(10, 3), (4, 3), (3, 3), (2, 2), (1, 1), (0, 0)])
def test_after_a_restore_three_guesses_are_left_at_most(left, after):
    record = charged(ACTIVE, 10 - left)
    cut, reply, event = decide(record, CutBudget(), NOW)
    assert isinstance(reply, Granted)
    assert (cut, event) == (replace(record, guesses_left=after), Event.RESTORED)


@pytest.mark.parametrize("state", [State.NEW, State.PENDING, State.DESTROYED])
@pytest.mark.parametrize("request_", [LiftLock(), RearmWait(), CutBudget()])
def test_upkeep_touches_only_records_that_answer(state, request_):
    record = GuessRecord(state=state, failures=5, locked_until=NOW)
    changed, reply, event = decide(record, request_, NOW)
    assert (changed, event) == (record, None)
    assert isinstance(reply, Refused)


def test_a_paused_record_charges_nothing_and_resuming_leaves_guesses_and_waits_as_they_were():
    used = replace(charged(ACTIVE, 4), locked_until=NOW + timedelta(minutes=5))
    paused, reply, event = decide(used, Pause(), NOW)
    assert isinstance(reply, Granted)
    assert (paused, event) == (replace(used, paused=True), Event.PAUSED)
    later = NOW + timedelta(minutes=6)
    assert decide(paused, Charge(), later) == (paused, Refused(Refusal.PAUSED), None)
    resumed, reply, event = decide(paused, Resume(), NOW)
    assert isinstance(reply, Granted)
    assert (resumed, event) == (used, Event.RESUMED)
