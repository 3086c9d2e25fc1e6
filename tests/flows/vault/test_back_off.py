"""Rule 3: waits inside the budget, by the database's clock; the worker clears marks only."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connections

from tests.flows.vault.world import PASSWORD, WRONG, Guess, post, sql
from vault.lockout import BACK_OFF
from vault.server.models import ClockMark, LoginState
from vault.server.services import clock_mark, ending, login
from vault.server.tasks import end_expired_logins
from vault.wire import messages
from vault.wire.ticket import Purpose
from webapp.engine.errors import SiteRefused

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def fail(person, times, clock=None):
    """That many wrong guesses; with a clock, each as soon as its wait is over."""
    for _ in range(times):
        if clock is not None:
            clock.move(seconds=wait_of(person).total_seconds())
        assert Guess(person, WRONG).start().status == 200


def wait_of(person):
    return BACK_OFF.get(person.record().failures, timedelta())


def test_two_mistakes_cost_no_wait_and_the_third_a_minute(person, run, clock):
    run(person.set_up())
    fail(person, 3)
    refused = Guess(person, PASSWORD).start()
    assert (refused.status, refused.code) == (429, "record_locked")
    assert 55 <= int(refused.headers["Retry-After"]) == refused.data["retry_after"] <= 60
    until = datetime.fromisoformat(refused.data["until"])
    assert timedelta(0) <= until - person.record().locked_until < timedelta(seconds=1)
    assert person.record().charges == 3

    clock.move(seconds=61)
    assert run(person.login()).failures == 3


def test_every_guess_waits_as_long_as_the_table_says(person, run, clock):
    run(person.set_up())
    for number in range(1, 11):
        assert Guess(person, WRONG).start().status == 200
        wait = BACK_OFF.get(number, timedelta())
        if wait:
            clock.move(seconds=wait.total_seconds() - 5)
            assert Guess(person, WRONG).start().code == "record_locked"
            clock.move(seconds=6)
    assert Guess(person, PASSWORD).start().code == "guesses_used"
    assert person.record().charges == 10


def test_the_owner_sees_the_lock_in_the_status(person, run):
    run(person.set_up())
    fail(person, 3)
    seen = run(person.client.status(person.safe))
    assert (seen.guesses_left, seen.locked_until) == (7, int(person.record().locked_until.timestamp()))


def test_the_right_password_of_an_earlier_login_counts_while_locked(person, run):
    run(person.set_up())
    first = Guess(person, PASSWORD)
    started = first.start()
    fail(person, 2)
    assert Guess(person, PASSWORD).start().code == "record_locked"
    assert first.finish(started).status == 200
    record = person.record()
    assert (record.guesses_left, record.failures, record.locked_until) == (10, 0, None)
    assert Guess(person, WRONG).start().status == 200


def test_the_right_password_on_the_third_try_leaves_no_lock(person, run):
    run(person.set_up())
    fail(person, 2)
    run(person.login())
    assert person.record().locked_until is None


def test_a_refused_guess_spends_neither_guess_nor_ticket(person, run, clock, settings):
    settings.VAULT_BACKOFF = [(3, 20)]  # shorter than a ticket's minute
    run(person.set_up())
    fail(person, 3)
    guess = Guess(person, PASSWORD)
    assert guess.start().code == "record_locked"
    assert not LoginState.objects.using("vault").filter(request_id=guess.request.request_id).exists()
    clock.move(seconds=15)
    assert guess.start().code == "record_locked"
    clock.move(seconds=6)
    assert guess.finish(guess.start()).status == 200


def test_a_repeated_request_gets_its_stored_answer_while_locked(person, run):
    run(person.set_up())
    fail(person, 2)
    third = Guess(person, PASSWORD)
    started = third.start()
    assert third.start().body == started.body
    assert person.record().charges == 3


def test_the_worker_clears_an_elapsed_mark_and_nothing_else(person, run, clock):
    run(person.set_up())
    fail(person, 3)
    assert ending.sweep().locks == 0
    clock.move(seconds=61)
    before = person.record()
    assert end_expired_logins()["locks"] == 1
    after = person.record()
    assert (before.locked_until is None, after.locked_until) == (False, None)
    assert (after.guesses_left, after.failures, after.charges) == (7, 3, 3)
    assert end_expired_logins()["locks"] == 0


def test_a_dead_worker_neither_opens_nor_prolongs_a_lock(person, run, clock):
    run(person.set_up())
    fail(person, 3)
    assert Guess(person, WRONG).start().code == "record_locked"
    clock.move(seconds=61)
    assert person.record().locked_until is not None
    assert Guess(person, WRONG).start().status == 200


def test_a_lock_lifted_in_sql_closes_the_record(person, run):
    run(person.set_up())
    fail(person, 3)
    sql("UPDATE vault_record SET locked_until = NULL")
    assert Guess(person, WRONG).start().code == "record_closed"
    assert ending.sweep().closed == 0


def test_the_sweep_counts_a_lock_it_cannot_trust(person, run):
    run(person.set_up())
    fail(person, 3)
    sql("UPDATE vault_record SET locked_until = %s", "2000-01-01 00:00:00")
    swept = ending.sweep()
    assert (swept.locks, swept.closed) == (0, 1)


def test_twenty_guesses_at_once_are_three(person, run):
    from concurrent.futures import ThreadPoolExecutor

    run(person.set_up())

    def start(guess):
        try:
            return guess.start().status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(start, [Guess(person, WRONG) for _ in range(20)]))
    assert (statuses.count(200), statuses.count(429)) == (3, 17)


# --- the clock goes backwards -----------------------------------------------------------------------------------------


@pytest.fixture
def no_evaluation(monkeypatch):
    return lambda: monkeypatch.setattr(login, "generate_ke2", lambda *a, **k: pytest.fail("evaluated"))


def test_after_a_clock_jump_backwards_nothing_is_evaluated(person, run, clock, no_evaluation):
    run(person.set_up())
    fail(person, 1)
    clock.move(hours=-1)
    no_evaluation()
    refused = Guess(person, PASSWORD).start()
    assert (refused.status, refused.code) == (503, "clock_stopped")
    ticket = person.site.ticket(person.account, person.safe, Purpose.REGISTER)
    start = messages.StartRegistration(Guess(person, PASSWORD).request.ke1[:32])
    assert post("registrations", start, ticket).code == "clock_stopped"
    assert person.record().charges == 1


def test_a_stopped_vault_stays_stopped_when_its_clock_catches_up(person, run, clock, no_evaluation):
    run(person.set_up())
    fail(person, 1)
    clock.move(hours=-1)
    assert Guess(person, PASSWORD).start().code == "clock_stopped"
    clock.move(hours=5)
    no_evaluation()
    assert Guess(person, PASSWORD).start().code == "clock_stopped"


def test_the_worker_notices_a_jump_that_no_request_has_seen(person, run, clock):
    run(person.set_up())
    fail(person, 1)
    clock.move(hours=-1)
    end_expired_logins()
    clock.move(hours=1)
    assert Guess(person, PASSWORD).start().code == "clock_stopped"


def test_a_jump_is_noticed_by_the_transaction_that_charges(person, run, clock, monkeypatch):
    """Between the mark's own look and the charge the clock may jump, too."""
    run(person.set_up())
    clock.move(hours=-1)
    monkeypatch.setattr(clock_mark, "advance", lambda: None)
    assert Guess(person, PASSWORD).start().code == "clock_stopped"
    assert person.record().charges == 0


def test_a_nudge_of_a_few_seconds_stops_nothing(person, run, clock):
    run(person.set_up())
    fail(person, 1)
    clock.move(seconds=-4)
    assert Guess(person, WRONG).start().status == 200


def test_a_proof_counts_while_the_vault_is_stopped(person, run, clock):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    started = guess.start()
    clock.move(minutes=-10)
    assert Guess(person, WRONG).start().code == "clock_stopped"
    assert guess.finish(started).status == 200


def test_rearming_begins_every_wait_again_in_full(person, run, clock, capsys):
    run(person.set_up())
    fail(person, 4, clock)
    clock.move(days=2)  # wrong: far ahead, and the lock of five minutes seems over
    assert end_expired_logins()["locks"] == 1
    clock.move(days=-2)
    assert Guess(person, PASSWORD).start().code == "clock_stopped"

    call_command("vault_rearm")
    assert "wait: 1." in capsys.readouterr().out
    refused = Guess(person, PASSWORD).start()
    assert refused.code == "record_locked"
    assert 295 <= refused.data["retry_after"] <= 300
    clock.move(seconds=301)
    assert run(person.login()).failures == 4


def test_rearming_twice_or_on_a_closed_record_is_fine(person, run, clock, capsys):
    run(person.set_up())
    fail(person, 3)
    sql("UPDATE vault_record SET charges = 2")
    clock.move(hours=-1)
    for _ in range(2):
        call_command("vault_rearm")
    assert capsys.readouterr().out == "The vault goes on. Records that wait: 0.\n" * 2
    assert Guess(person, PASSWORD).start().code == "record_closed"


@pytest.mark.parametrize("edit", ["latest = '2000-01-01 00:00:00'", "stopped = NULL"])
def test_an_edited_mark_evaluates_nothing(person, run, clock, edit):
    run(person.set_up())
    fail(person, 1)
    clock.move(hours=-1)
    assert Guess(person, PASSWORD).start().code == "clock_stopped"
    sql(f"UPDATE vault_clockmark SET {edit}")
    assert Guess(person, PASSWORD).start().code == "record_closed"


def test_the_mark_is_not_written_by_every_guess(person, run):
    run(person.set_up())
    fail(person, 1)
    before = ClockMark.objects.using("vault").get().latest
    fail(person, 1)
    assert ClockMark.objects.using("vault").get().latest - before < timedelta(seconds=3)


def test_the_client_says_that_the_vault_has_stopped(person, run, clock):
    run(person.set_up())
    clock.move(hours=-1)
    with pytest.raises(SiteRefused) as caught:
        run(person.login())
    assert caught.value.code == "clock_stopped"
