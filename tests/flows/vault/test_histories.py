"""Random histories of a whole vault: whatever people, attackers, crashes, clocks and operators do, no key answers more
than one registration and ten charged guesses between two proofs of its record."""

import secrets
from collections import Counter, defaultdict

import pytest
from django.db import connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from tests.flows.vault.world import PASSWORD, WRONG, Guess, post, sql
from vault.lockout import BACK_OFF
from vault.server.services import clock_mark, ending, login, registration, restoring, rotation
from vault.wire import messages
from vault.wire.ticket import NOBODY, Purpose
from webapp.engine.errors import CofferError

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

EVER = float("-inf")


class Watch:
    """Stands at the two places where an OPRF key answers, and counts."""

    def __init__(self, monkeypatch):
        self.registrations = Counter()
        self.evaluated = defaultdict(set)
        self.crash = False
        evaluate, answer = login.generate_ke2, registration.create_registration_response

        def evaluating(configuration, ke1, **given):
            if self.crash:
                raise RuntimeError("power cut")
            self.evaluated[given["oprf_key"]].add(ke1.to_bytes())
            return evaluate(configuration, ke1, **given)

        def answering(*args, **given):
            self.registrations[given["oprf_key"]] += 1
            return answer(*args, **given)

        monkeypatch.setattr(login, "generate_ke2", evaluating)
        monkeypatch.setattr(registration, "create_registration_response", answering)


def machine(template, run, clock, watch, waits):
    class OneSafe(RuleBasedStateMachine):
        """One safe, its owner, and everybody who has tickets for it."""

        guesses = Bundle("guesses")

        def __init__(self):
            super().__init__()
            self.person = template.somebody_else(account=secrets.token_bytes(16), safe=secrets.token_bytes(16))
            run(self.person.set_up())
            self.since_proof = 0
            self.opens_at = EVER
            self.paused = False

        def teardown(self):
            # The next history begins with a clock that is right.
            clock_mark.rearm()
            connections.close_all()

        @property
        def now(self):
            return clock.offset.total_seconds()

        def start(self, guess, crash=False):
            """Send KE1 and count, from outside, what it cost."""
            before = self.person.record().charges
            watch.crash = crash
            reply = guess.start()
            watch.crash = False
            charged = self.person.record().charges - before
            assert charged in (0, 1)
            if charged:
                assert not self.paused
                # The database's own clock runs on a little while the test does.
                assert self.now >= self.opens_at - 30
                self.since_proof += 1
                self.wait()
            return reply, charged

        def wait(self):
            wait = BACK_OFF.get(self.since_proof) if waits else None
            self.opens_at = self.now + wait.total_seconds() if wait else EVER

        @rule(target=guesses, right=st.booleans(), crash=st.sampled_from([False, False, True]))
        def somebody_guesses(self, right, crash):
            guess = Guess(self.person, PASSWORD if right else WRONG)
            reply, charged = self.start(guess, crash)
            assert charged == (reply.status in (200, 500)), reply.body
            return guess

        @rule(count=st.integers(2, 12), wait=st.booleans())
        def somebody_keeps_guessing(self, count, wait):
            for _ in range(count):
                if wait and self.opens_at > self.now:
                    clock.move(seconds=self.opens_at - self.now + 30)
                self.start(Guess(self.person, WRONG))

        @rule(guess=guesses)
        def a_request_comes_again(self, guess):
            first, _ = self.start(guess)
            if first.status == 200:
                again, charged = self.start(guess)
                assert (again.body, charged) == (first.body, 0)

        @rule(guess=guesses, right=st.booleans())
        def a_login_is_finished(self, guess, right):
            started, _ = self.start(guess)
            if started.status != 200:
                return
            if guess.password is PASSWORD and right:
                if guess.finish(started).status == 200:
                    self.since_proof, self.opens_at = 0, EVER
                    assert self.person.record().guesses_left == 10
            else:
                assert guess.finish(started, bytes(64)).status != 200

        @rule(seconds=st.sampled_from([1, 30, 61, 301, 3_700, 90_000]))
        def time_passes(self, seconds):
            clock.move(seconds=seconds)

        @rule(seconds=st.sampled_from([1, 1, 1, 7, 120, 100_000]))
        def the_clock_goes_back(self, seconds):
            clock.move(seconds=-seconds)

        @rule()
        def the_worker_sweeps(self):
            ending.sweep()

        @rule()
        def a_process_restarts(self):
            connections.close_all()

        @rule()
        def the_operator_begins_the_waits_again(self):
            clock_mark.rearm()
            self.wait()

        @rule(sure=st.integers(0, 3))
        def guessing_is_paused(self, sure):
            if sure == 0:
                self.tell("pause", Purpose.PAUSE)
                self.paused = True

        @rule()
        def guessing_is_resumed(self):
            self.tell("resume", Purpose.RESUME)
            self.paused = False

        def tell(self, path, purpose):
            before = self.person.record()
            ticket = self.person.site.ticket(self.person.account, NOBODY, purpose)
            assert post(path, messages.Empty(), ticket).status == 200
            after = self.person.record()
            assert (before.guesses_left, before.failures, before.charges, before.locked_until) == (
                after.guesses_left,
                after.failures,
                after.charges,
                after.locked_until,
            )

        @rule(sure=st.integers(0, 3))
        def the_epoch_is_rotated(self, sure):
            if sure == 0:
                rotation.rotate()

        @rule(sure=st.integers(0, 5))
        def the_database_was_restored(self, sure):
            if sure == 0:
                restoring.after_restore()

        @rule(guess=consumes(guesses))
        def a_login_state_is_lost(self, guess):
            sql("DELETE FROM vault_loginstate WHERE request_id = %s", guess.request.request_id)

        @rule()
        def the_owner_sets_a_password_again(self):
            try:
                run(self.person.client.register_password(self.person.safe, self.person.key, PASSWORD))
            except CofferError:
                return
            self.since_proof, self.opens_at, self.paused = 0, EVER, False

        @invariant()
        def no_key_answers_two_registrations(self):
            assert max(watch.registrations.values(), default=0) <= 1

        @invariant()
        def no_more_than_ten_charges_between_two_proofs(self):
            record = self.person.record()
            assert self.since_proof <= 10
            if record.state == "active":
                assert record.failures <= 10
                assert record.guesses_left <= 10 - record.failures

        @invariant()
        def nothing_is_evaluated_that_was_not_charged(self):
            charged = sum(row[0] for row in sql("SELECT charges FROM vault_record"))
            assert sum(map(len, watch.evaluated.values())) <= charged

    return OneSafe


@pytest.mark.parametrize("waits", [True, False], ids=["with waits", "without waits"])
def test_no_history_lets_a_key_answer_more_than_it_may(person, run, clock, monkeypatch, settings, waits):
    if not waits:
        settings.VAULT_BACKOFF = []
    watch = Watch(monkeypatch)
    run_state_machine_as_test(machine(person, run, clock, watch, waits), settings=PROFILE)
    assert sum(map(len, watch.evaluated.values())) > 10


PROFILE = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
