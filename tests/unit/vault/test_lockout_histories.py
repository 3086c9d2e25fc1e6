"""Random histories of one record: whatever the order, its key never answers more than the rule allows.

The machine plays the storage around the rule (login states that live, end, or are lost in a crash) and counts what
the OPRF key would have answered.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from vault.lockout import (
    ANSWERING,
    BACK_OFF,
    NO_WAITS,
    Activate,
    AnswerRegistration,
    Charge,
    CutBudget,
    Destroy,
    Drop,
    EndUnproven,
    GiveWay,
    Granted,
    GuessRecord,
    LiftLock,
    Pause,
    Promote,
    Prove,
    RearmWait,
    Resume,
    Stage,
    State,
    decide,
)
from vault.wire.limits import GUESSES

EVER = datetime.min.replace(tzinfo=UTC)


class OneRecord(RuleBasedStateMachine):
    """Every request in any order, clock jumps both ways, with and without waits."""

    logins = Bundle("logins")

    def __init__(self) -> None:
        super().__init__()
        self.record = GuessRecord()
        self.now = datetime(2026, 11, 24, tzinfo=UTC)
        self.registrations = 0
        self.since_proof = 0
        self.destroyed_once = False
        # Kept outside the rule: when the clock must show before the next guess, by the last one's own table.
        self.opens_at = EVER
        self.cut = 0
        self.proved = False

    def ask(self, request, waits=None):
        before = self.record
        self.record, reply, event = decide(before, request, self.now, NO_WAITS if waits is None else waits)
        if not isinstance(reply, Granted):
            assert self.record == before
            assert event is None
        return reply

    @rule(seconds=st.integers(-86_400, 86_400))
    def the_clock_jumps(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule()
    def a_registration_request_comes(self):
        if isinstance(self.ask(AnswerRegistration()), Granted):
            self.registrations += 1

    @initialize(into=st.sampled_from([None, Activate(), Activate(), Stage()]))
    def most_histories_begin_with_a_password(self, into):
        """Left to chance, hardly any would come as far as a proof."""
        if into is not None:
            self.a_registration_request_comes()
            self.ask(into)

    @rule()
    def the_registration_is_finished(self):
        self.ask(Activate())

    @rule()
    def the_registration_is_staged(self):
        self.ask(Stage())

    @rule()
    def a_staged_record_is_promoted(self):
        if isinstance(self.ask(Promote()), Granted):
            assert self.proved
            assert self.since_proof == 0

    @rule(superseded=st.booleans(), sure=st.integers(0, 5))
    def a_staged_record_is_dropped(self, superseded, sure):
        if sure == 0:
            self.ask(Drop(superseded=superseded))

    @rule(sure=st.integers(0, 9))
    def the_record_gives_way(self, sure):
        if sure == 0 and isinstance(self.ask(GiveWay()), Granted):
            assert self.record.state is State.DESTROYED

    @rule(target=logins, waits=st.sampled_from([NO_WAITS, BACK_OFF]))
    def a_guess_is_charged_and_evaluated(self, waits):
        paused = self.record.paused
        reply = self.ask(Charge(), waits)
        if isinstance(reply, Granted):
            assert not paused
            assert self.now >= self.opens_at
            self.since_proof += 1
            self.opens_at = self.now + waits[self.since_proof] if self.since_proof in waits else EVER
            return (reply.charge, self.record.version)
        return (self.record.charges + 1, self.record.version)  # never made: must be worth nothing

    @rule(count=st.integers(2, 12))
    def many_guesses_come_at_once(self, count):
        paused = self.record.paused
        for _ in range(count):
            if isinstance(self.ask(Charge()), Granted):
                assert not paused
                assert self.now >= self.opens_at
                self.since_proof += 1
                self.opens_at = EVER

    @rule(login=consumes(logins))
    def a_login_is_proved(self, login):
        charge, version = login
        if isinstance(self.ask(Prove(charge=charge, version=version)), Granted):
            self.since_proof = 0
            self.cut = 0
            self.proved = True
            self.opens_at = EVER

    @rule()
    def the_worker_sweeps(self):
        left = self.record.guesses_left
        if isinstance(self.ask(LiftLock()), Granted):
            # Its wait was over by the clock of then; a clock that goes back afterwards is the clock mark's matter.
            assert self.now >= self.opens_at
            self.opens_at = EVER
        assert self.record.guesses_left == left

    @rule()
    def the_operator_begins_the_waits_again(self):
        if isinstance(self.ask(RearmWait(), BACK_OFF), Granted):
            self.opens_at = self.now + BACK_OFF[self.since_proof]

    @rule(sure=st.integers(0, 9))
    def the_database_was_restored(self, sure):
        left = self.record.guesses_left
        if sure == 0 and isinstance(self.ask(CutBudget()), Granted):
            assert self.record.guesses_left == min(left, 3)
            self.cut += left - self.record.guesses_left

    @rule()
    def somebody_says_it_was_not_them(self):
        before = self.record
        if isinstance(self.ask(Pause()), Granted):
            assert self.record == replace(before, paused=True)

    @rule()
    def the_owner_signs_in_again(self):
        before = self.record
        if isinstance(self.ask(Resume()), Granted):
            assert self.record == replace(before, paused=False)

    @rule(login=logins, version=st.integers(2, 9))
    def a_proof_for_another_version_comes(self, login, version):
        assert not isinstance(self.ask(Prove(charge=login[0], version=version)), Granted)

    @rule(login=consumes(logins))
    def a_login_ends_without_proof(self, login):
        self.ask(EndUnproven(charge=login[0], version=login[1]))

    @rule()
    def the_last_login_ends_without_proof(self):
        spent = self.record.guesses_left == 0 and self.record.state in ANSWERING
        self.ask(EndUnproven(charge=self.record.charges, version=self.record.version))
        assert not spent or self.record.state is State.DESTROYED

    @rule(sure=st.integers(0, 9))
    def the_owner_destroys(self, sure):
        if sure == 0:
            self.ask(Destroy())

    @invariant()
    def the_key_answers_one_registration(self):
        assert self.registrations <= 1

    @invariant()
    def the_key_answers_ten_guesses_between_proofs(self):
        assert self.since_proof <= GUESSES

    @invariant()
    def the_counter_says_what_was_answered(self):
        if self.record.state in ANSWERING:
            assert self.record.guesses_left == GUESSES - self.since_proof - self.cut
            assert self.record.failures == self.since_proof

    @invariant()
    def destroyed_stays_destroyed(self):
        if self.destroyed_once:
            assert self.record.state is State.DESTROYED
        self.destroyed_once = self.record.state is State.DESTROYED


OneRecord.TestCase.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
TestOneRecord = OneRecord.TestCase
