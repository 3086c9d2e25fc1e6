"""Random histories of a whole vault: whatever people, attackers, crashes, clocks and operators do, no key answers more
than one registration and ten charged guesses between two proofs of its record."""

import secrets
from collections import Counter, defaultdict
from contextlib import contextmanager, suppress

import pytest
from django.db import connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from tests.flows.vault.world import PASSWORD, WRONG, Guess, post, sql
from vault.lockout import BACK_OFF
from vault.opaque import EnvelopeRecoveryError
from vault.server.models import Record
from vault.server.services import clock_mark, counter, ending, login, registration, restoring, rotation
from vault.wire import messages
from vault.wire.ticket import NOBODY, Purpose
from webapp.engine.crypto.keys import prepare_password
from webapp.engine.errors import CofferError
from webapp.engine.vault_client import Registered

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

EVER = float("-inf")
NEW = prepare_password("new donkey, new staple")


class Watch:
    """Stands at the two places where an OPRF key answers, and counts."""

    def __init__(self, monkeypatch):
        self.registrations = Counter()
        self.evaluated = defaultdict(set)
        self.crash = False
        self.crash_at_write = 0
        evaluate, answer = login.generate_ke2, registration.create_registration_response

        def evaluating(configuration, ke1, **given):
            if self.crash:
                raise RuntimeError("power cut")
            self.evaluated[given["oprf_key"]].add(ke1.to_bytes())
            return evaluate(configuration, ke1, **given)

        def answering(*args, **given):
            self.registrations[given["oprf_key"]] += 1
            return answer(*args, **given)

        write = counter.write

        def writing(*given, **changes):
            write(*given, **changes)
            self.crash_at_write -= 1
            if self.crash_at_write == 0:
                raise RuntimeError("power cut")

        monkeypatch.setattr(counter, "write", writing)
        monkeypatch.setattr(login, "generate_ke2", evaluating)
        monkeypatch.setattr(registration, "create_registration_response", answering)


def machine(template, run, clock, watch, waits):
    class OneSafe(RuleBasedStateMachine):
        """One safe, its owner, and everybody who has tickets for it."""

        guesses = Bundle("guesses")

        def __init__(self):
            super().__init__()
            self.person = template.somebody_else(account=secrets.token_bytes(16), safe=secrets.token_bytes(16))
            self.since_proof = Counter()
            self.opens_at = defaultdict(lambda: EVER)
            self.proved = set()
            self.current = Registered(run(self.person.set_up()), 1)
            self.staged = None
            self.paused = set()

        def teardown(self):
            # The next history begins with a clock that is right.
            clock_mark.rearm()
            connections.close_all()

        @property
        def now(self):
            return clock.offset.total_seconds()

        def rows(self, *states):
            rows = Record.objects.using("vault").filter(safe__safe_id=self.person.safe)
            return rows.filter(state__in=states) if states else rows

        @contextmanager
        def counting(self):
            """Count, from outside, what a step costs each record."""
            before = dict(self.rows().values_list("record_id", "charges"))
            try:
                yield
            finally:
                for record, charges in self.rows().values_list("record_id", "charges"):
                    charged = charges - before.get(record, 0)
                    assert charged in (0, 1)
                    if charged:
                        assert record not in self.paused
                        # The database's own clock runs on a little while the test does.
                        assert self.now >= self.opens_at[record] - 30
                        self.since_proof[record] += 1
                        self.wait(record)

        def charges(self):
            return sum(self.rows().values_list("charges", flat=True))

        def start(self, guess, crash=False):
            """Send KE1; → the reply, and whether it was charged."""
            before = self.charges()
            watch.crash = crash
            with self.counting():
                reply = guess.start()
            watch.crash = False
            return reply, self.charges() - before

        def wait(self, record):
            wait = BACK_OFF.get(self.since_proof[record]) if waits else None
            self.opens_at[record] = self.now + wait.total_seconds() if wait else EVER

        def count_proof(self, record):
            self.since_proof[record], self.opens_at[record] = 0, EVER
            self.proved.add(record)

        @rule(
            target=guesses,
            password=st.sampled_from([PASSWORD, WRONG, NEW]),
            path=st.sampled_from(["logins", "logins", "replacements/logins"]),
            crash=st.sampled_from([False, False, True]),
        )
        def somebody_guesses(self, password, path, crash):
            guess = Guess(self.person, password, path=path)
            reply, charged = self.start(guess, crash)
            assert charged == (reply.status in (200, 500)), reply.body
            return guess

        @rule(
            count=st.integers(2, 12),
            wait=st.booleans(),
            path=st.sampled_from(["logins", "logins", "replacements/logins"]),
        )
        def somebody_keeps_guessing(self, count, wait, path):
            for _ in range(count):
                opens_at = max(self.opens_at.values(), default=EVER)
                if wait and opens_at > self.now:
                    clock.move(seconds=opens_at - self.now + 30)
                self.start(Guess(self.person, WRONG, path=path))

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
            record = started.read(messages.LoginStarted).record
            try:
                ke3 = guess.ke3(started)
            except EnvelopeRecoveryError:
                ke3, right = bytes(64), False
            if not right:
                assert guess.finish(started, bytes(64)).status != 200
            elif guess.finish(started, ke3).status == 200:
                self.count_proof(record)
                assert self.rows().get(record_id=record).guesses_left == 10

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
            for record in self.rows("active", "staged").values_list("record_id", flat=True):
                self.wait(record)

        @rule(sure=st.integers(0, 3))
        def guessing_is_paused(self, sure):
            if sure == 0:
                self.tell("pause", Purpose.PAUSE)
                self.paused = set(self.rows("active", "staged").values_list("record_id", flat=True))

        @rule()
        def guessing_is_resumed(self):
            self.tell("resume", Purpose.RESUME)
            self.paused = set()

        def tell(self, path, purpose):
            counted = ("record_id", "guesses_left", "failures", "charges", "locked_until")
            before = list(self.rows("active", "staged").values_list(*counted))
            ticket = self.person.site.ticket(self.person.account, NOBODY, purpose)
            assert post(path, messages.Empty(), ticket).status == 200
            assert list(self.rows("active", "staged").values_list(*counted)) == before

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
            with suppress(CofferError):
                self.current = run(self.person.client.register_password(self.person.safe, self.person.key, PASSWORD))

        @rule(password=st.sampled_from([PASSWORD, NEW]))
        def the_owner_stages_another_password(self, password):
            with suppress(CofferError):
                self.staged = run(self.person.client.stage_password(self.person.safe, self.person.key, password))

        @rule(password=st.sampled_from([PASSWORD, NEW]))
        def the_owner_proves_the_staged_password(self, password):
            waiting = list(self.rows("staged").values_list("record_id", flat=True))
            with suppress(CofferError), self.counting():
                run(self.person.client.prove_staged(self.person.safe, self.person.key, password))
                (record,) = waiting
                # The charge, which is counted after this, came before the proof.
                assert self.now >= self.opens_at[record] - 30
                self.proved.add(record)
                self.since_proof[record], self.opens_at[record] = -1, EVER

        @rule(crash=st.sampled_from([0, 0, 1, 2]))
        def the_owner_promotes_it(self, crash):
            if self.staged is None:
                return
            before = set(self.rows("active").values_list("record_id", flat=True))
            watch.crash_at_write = crash
            try:
                run(self.person.client.promote_staged(self.person.safe, self.person.key, self.current, self.staged))
            except CofferError:
                # A promotion is whole or did not happen.
                assert set(self.rows("active").values_list("record_id", flat=True)) <= before
            else:
                assert self.staged.record in self.proved
                self.current = self.staged
            watch.crash_at_write = 0

        @invariant()
        def no_key_answers_two_registrations(self):
            assert max(watch.registrations.values(), default=0) <= 1

        @invariant()
        def no_more_than_ten_charges_between_two_proofs_of_a_record(self):
            assert max(self.since_proof.values(), default=0) <= 10
            for record in self.rows("active", "staged"):
                assert record.failures == self.since_proof[record.record_id] <= 10
                assert record.guesses_left <= 10 - record.failures

        @invariant()
        def never_two_and_never_none_but_by_guesses(self):
            assert self.rows("active").count() <= 1
            assert self.rows("staged").count() <= 1
            if not self.rows("active").exists():
                newest = self.rows().exclude(activated=None).order_by("-version")[0]
                assert newest.events.order_by("-number")[0].kind == "destroyed"

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
    max_examples=16,
    stateful_step_count=25,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
