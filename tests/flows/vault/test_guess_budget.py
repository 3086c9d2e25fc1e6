"""Rules 1 and 2: every guess is charged before it is evaluated; ten without proof, then the record is gone."""

import time
from threading import Thread

import pytest
from django.db import connections, transaction

from tests.flows.vault.world import PASSWORD, WRONG, Guess, post, sql
from vault.server.models import SpentTicket
from vault.server.services import ending, login, sealing
from vault.wire import messages
from vault.wire.ticket import Purpose

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.usefixtures("no_waits"),
    pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True),
]


@pytest.fixture
def brief_logins(monkeypatch):
    """Login states end after half a second instead of a minute."""
    monkeypatch.setattr(login, "LOGIN_SECONDS", 0.5)
    return lambda: time.sleep(0.6)


def use_up(person, guesses=10):
    return [Guess(person, WRONG).start().read(messages.LoginStarted).guesses_left for _ in range(guesses)]


def test_ten_wrong_guesses_count_down_to_none(person, run):
    run(person.set_up())
    assert use_up(person) == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    refused = Guess(person, PASSWORD).start()
    assert (refused.status, refused.code) == (403, "guesses_used")
    assert person.record().charges == 10


def test_the_right_password_still_counts_on_the_tenth_guess(person, run):
    run(person.set_up())
    use_up(person, 9)
    unlocked = run(person.login())
    assert (unlocked.guesses_before, unlocked.failures) == (1, 9)
    assert person.record().guesses_left == 10


def test_an_earlier_login_still_counts_while_the_tenth_is_open(person, run):
    run(person.set_up())
    first = Guess(person, PASSWORD)
    started = first.start()
    use_up(person, 9)
    assert first.finish(started).status == 200
    assert person.record().guesses_left == 10


def test_the_record_is_destroyed_when_the_tenth_ends_unproven(person, run, brief_logins):
    run(person.set_up())
    tenth = [Guess(person, PASSWORD) for _ in range(10)]
    started = [guess.start() for guess in tenth][-1]
    brief_logins()
    late = tenth[-1].finish(started)
    assert (late.status, late.code) == (410, "login_gone")
    assert person.record().state == "destroyed"
    after = Guess(person, PASSWORD).start()
    assert (after.status, after.code, after.data) == (410, "record_destroyed", {"guesses_left": 0})


def test_the_right_ke3_comes_too_late_after_its_minute(person, run, brief_logins):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    started = guess.start()
    brief_logins()
    late = guess.finish(started)
    assert (late.status, late.code) == (410, "login_gone")
    assert (person.record().state, person.record().guesses_left) == ("active", 9)


def test_the_worker_destroys_it_when_nobody_asks(person, run, brief_logins):
    run(person.set_up())
    use_up(person)
    early = ending.sweep()  # on a slow machine the first guesses have ended by now
    assert early.destroyed == 0
    assert person.record().state == "active"
    brief_logins()
    swept = ending.sweep()
    assert (swept.destroyed, early.login_states + swept.login_states, swept.closed) == (1, 10, 0)
    assert person.record().state == "destroyed"
    assert ending.sweep().destroyed == 0


def test_expired_logins_of_a_record_with_guesses_left_destroy_nothing(person, run, brief_logins):
    run(person.set_up())
    use_up(person, 9)
    brief_logins()
    swept = ending.sweep()
    assert (swept.destroyed, swept.login_states) == (0, 9)
    assert person.record().guesses_left == 1


def test_a_wrong_ke3_on_the_tenth_destroys_at_once(person, run):
    run(person.set_up())
    use_up(person, 9)
    tenth = Guess(person, PASSWORD)
    started = tenth.start()
    refused = tenth.finish(started, bytes(64))
    assert (refused.status, refused.code) == (403, "ke3_wrong")
    assert person.record().state == "destroyed"


def test_a_wrong_ke3_before_the_tenth_only_ends_its_login(person, run):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    started = guess.start()
    assert guess.finish(started, bytes(64)).code == "ke3_wrong"
    assert guess.finish(started).code == "login_gone"
    assert (person.record().state, person.record().guesses_left) == ("active", 9)


def test_the_charge_is_on_disk_before_ke2_is_computed(person, run, monkeypatch):
    run(person.set_up())
    seen = []
    real = login.generate_ke2

    def look():
        try:
            seen.extend(
                sql("SELECT guesses_left, charges FROM vault_record") + sql("SELECT count(*) FROM vault_loginstate")
            )
        finally:
            connections.close_all()

    def looking(*args, **kwargs):
        other = Thread(target=look)  # with a connection of its own
        other.start()
        other.join()
        return real(*args, **kwargs)

    monkeypatch.setattr(login, "generate_ke2", looking)
    assert Guess(person, WRONG).start().status == 200
    assert seen == [(9, 1), (1,)]


def test_a_crash_between_charge_and_ke2_leaves_the_guess_charged(person, run, monkeypatch):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    with monkeypatch.context() as crashing:
        crashing.setattr(login, "generate_ke2", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("power cut")))
        crashed = guess.start()
    assert (crashed.status, crashed.code) == (500, "internal")
    assert b"power cut" not in crashed.body
    assert person.record().guesses_left == 9

    # The same request goes on where it stopped, without a second charge.
    started = guess.start()
    assert started.read(messages.LoginStarted).guesses_left == 9
    assert guess.finish(started).status == 200


def test_a_crash_at_the_tenth_destroys_the_record_in_the_end(person, run, monkeypatch, brief_logins):
    run(person.set_up())
    use_up(person, 9)
    with monkeypatch.context() as crashing:
        crashing.setattr(login, "generate_ke2", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("power cut")))
        assert Guess(person, PASSWORD).start().status == 500
    brief_logins()
    assert ending.sweep().destroyed == 1


def test_a_last_login_state_that_was_lost_counts_as_ended(person, run):
    run(person.set_up())
    use_up(person)
    sql("DELETE FROM vault_loginstate")
    assert Guess(person, PASSWORD).start().code == "record_destroyed"


def test_a_repeated_request_is_answered_alike_and_charged_once(person, run):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    first, second = guess.start(), guess.start()
    assert first.read(messages.LoginStarted) == second.read(messages.LoginStarted)
    assert person.record().guesses_left == 9
    assert guess.finish(second).status == 200


def test_a_lost_reply_costs_the_person_nothing(person, run):
    run(person.set_up())
    person.http.lose = 2
    # two lost replies on the way to KE2, none on the way back
    unlocked = run(person.login())
    assert unlocked.guesses_before == 10
    assert person.record().charges == 1


@pytest.mark.parametrize("change", ["request_id", "ke1"])
def test_a_ticket_buys_one_evaluation_only(person, run, change):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    assert guess.start().status == 200
    other = Guess(person, WRONG, ticket=guess.ticket)
    request = {
        "request_id": messages.StartLogin(other.request.request_id, guess.request.ke1),
        "ke1": messages.StartLogin(guess.request.request_id, other.request.ke1),
    }[change]
    refused = post("logins", request, guess.ticket)
    assert (refused.status, refused.code) == (409, "ticket_spent")
    assert person.record().charges == 1


def test_the_stored_ke2_is_not_given_out_after_its_minute(person, run, brief_logins):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    guess.start()
    brief_logins()
    assert guess.start().code == "ticket_spent"
    ending.sweep()
    assert guess.start().code == "ticket_spent"
    assert person.record().charges == 1


def test_a_ke1_with_an_impossible_point_costs_nothing_and_evaluates_nothing(person, run, monkeypatch):
    run(person.set_up())
    monkeypatch.setattr(login, "generate_ke2", lambda *a, **k: pytest.fail("evaluated"))
    for ke1 in (bytes(96), b"\xff" * 96, Guess(person, PASSWORD).request.ke1[:64] + bytes(32)):
        ticket = person.site.ticket(person.account, person.safe, Purpose.LOGIN)
        refused = post("logins", messages.StartLogin(bytes(16), ke1), ticket)
        assert (refused.status, refused.code) == (400, "malformed")
    assert person.record().guesses_left == 10


def test_a_failed_charge_rolls_back_whole(person, run, monkeypatch):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    with monkeypatch.context() as failing:
        failing.setattr(sealing, "sign_login", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("disk full")))
        assert guess.start().status == 500
    assert person.record().guesses_left == 10
    assert guess.start().status == 200
    assert person.record().guesses_left == 9


def test_a_guess_is_not_charged_inside_another_transaction(person, run):
    """An exception out there would take the charge back."""
    run(person.set_up())
    with transaction.atomic(using="vault"):
        refused = Guess(person, PASSWORD).start()
    assert (refused.status, refused.code) == (500, "internal")
    assert person.record().guesses_left == 10


def test_a_vault_with_atomic_requests_does_not_serve(person, run):
    run(person.set_up())
    connections["vault"].settings_dict["ATOMIC_REQUESTS"] = True
    try:
        assert Guess(person, PASSWORD).start().status == 500
    finally:
        connections["vault"].settings_dict["ATOMIC_REQUESTS"] = False
    assert person.record().guesses_left == 10


def test_every_login_spends_its_ticket_in_the_same_step(person, run):
    run(person.set_up())
    before = SpentTicket.objects.using("vault").count()
    use_up(person, 3)
    assert SpentTicket.objects.using("vault").count() == before + 3
