"""Rule 5: whatever request a rotation meets half-way is finished, once, under the new epoch."""

import secrets
import threading
import time

import pytest
from django.db import connections

from tests.flows.vault.rotating import epochs_of_rows
from tests.flows.vault.world import PASSWORD, WRONG, Guess, sql
from vault.server.models import LoginState, Record
from vault.server.services import login, registration, resealing, rotation, sealing
from vault.server.services.transactions import durable

pytestmark = [
    pytest.mark.usefixtures("small_steps"),
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.parametrize(
        ("database", "custody"),
        [("sqlite", "software"), ("postgresql", "software"), ("sqlite", "pkcs11")],
        indirect=True,
        ids=["sqlite", "postgresql", "hsm"],
    ),
]


def test_logins_that_stand_open_are_finished_under_the_new_epoch(people, run, person, monkeypatch):
    asked, dead = Guess(person, PASSWORD), Guess(people[1], PASSWORD)
    started = asked.start()
    with monkeypatch.context() as crashing:
        crashing.setattr(login, "generate_ke2", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("power cut")))
        assert dead.start().status == 500
    pending = person.somebody_else(account=secrets.token_bytes(16), safe=secrets.token_bytes(16))
    run(pending.client.open_safe(pending.safe, pending.key))

    rotation.rotate()

    assert asked.finish(started).status == 200
    assert dead.finish(dead.start()).status == 200
    assert people[1].record().charges == 1
    run(pending.client.register_password(pending.safe, pending.key, PASSWORD))
    assert run(pending.login()).guesses_before == 10


def test_a_guess_whose_epoch_goes_before_its_answer_is_kept_is_answered_once(people, run, person, monkeypatch):
    """Between the charge and the sealing of what was computed for it a whole rotation may pass."""
    guess = Guess(person, PASSWORD)
    real, rotated = login.generate_ke2, []

    def rotate_then_compute(*args, **kwargs):
        if not rotated:
            rotated.append(rotation.rotate().epoch)
        return real(*args, **kwargs)

    monkeypatch.setattr(login, "generate_ke2", rotate_then_compute)
    started = guess.start()
    assert (started.status, rotated) == (200, [2])
    assert (person.record().charges, guess.start().body) == (1, started.body)
    assert guess.finish(started).status == 200


def test_a_guess_whose_row_is_sealed_anew_before_its_answer_is_kept_is_answered_once(people, person, monkeypatch):
    """The same, while the old key is still there: the answer goes into the row as it is now."""
    guess, real, resealed = Guess(person, PASSWORD), login.generate_ke2, []

    def reseal_then_compute(*args, **kwargs):
        if not resealed:
            resealed.append(sealing.custody().create_epoch())
            resealing.reseal(2, lambda rows: None)
        return real(*args, **kwargs)

    monkeypatch.setattr(login, "generate_ke2", reseal_then_compute)
    started = guess.start()
    assert (started.status, resealed) == (200, [2])
    assert LoginState.objects.using("vault").get().sealed[:4] == bytes((0, 0, 0, 2))
    assert guess.finish(started).status == 200


def test_a_login_state_edited_during_its_evaluation_keeps_nothing(people, person, monkeypatch):
    real = login.generate_ke2

    def editing(*args, **kwargs):
        sql("UPDATE vault_loginstate SET guesses_left = 3")
        return real(*args, **kwargs)

    monkeypatch.setattr(login, "generate_ke2", editing)
    assert Guess(person, PASSWORD).start().code == "record_closed"
    assert LoginState.objects.using("vault").get().sealed is None


def test_a_registration_that_stands_open_is_finished_under_the_new_epoch(people, run, person, monkeypatch):
    newcomer = person.somebody_else(account=secrets.token_bytes(16), safe=secrets.token_bytes(16))
    run(newcomer.client.open_safe(newcomer.safe, newcomer.key))
    real = registration.finish

    def finish(*args):
        rotation.rotate()
        return real(*args)

    monkeypatch.setattr(registration, "finish", finish)
    run(newcomer.client.register_password(newcomer.safe, newcomer.key, PASSWORD))
    assert run(newcomer.login()).guesses_before == 10


def test_logins_during_rotations_all_succeed(people, run):
    stop, failures, unlocked = threading.Event(), [], []

    def keep_logging_in(one):
        try:
            while not stop.is_set():
                assert run(one.login()).key.secret == one.key.secret
                unlocked.append(1)
        except BaseException as error:  # noqa: BLE001
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=keep_logging_in, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for _ in range(5):
        rotation.rotate()
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]
    assert len(unlocked) > 10
    assert sealing.custody().epochs() == (6,)
    assert epochs_of_rows() == {6}


def test_a_guess_charged_between_reading_and_swapping_stays_charged(people, run, person, monkeypatch):
    real, guessed = resealing._swap, []

    def swap(table, ready):
        if table.model is Record and not guessed:
            guessed.append(Guess(person, WRONG).start().status)
        return real(table, ready)

    monkeypatch.setattr(resealing, "_swap", swap)
    rotation.rotate()
    assert guessed == [200]
    record = person.record()
    assert (record.guesses_left, record.charges, record.epoch) == (9, 1, 2)


def test_no_epoch_comes_or_goes_while_a_transaction_runs(people, database):
    inside, go_on, order = threading.Event(), threading.Event(), []

    def writer():
        try:
            with durable():
                epoch = sealing.current_epoch()
                inside.set()
                go_on.wait(10)
                order.append(("committed under", epoch))
        finally:
            connections.close_all()

    def rotate():
        try:
            rotation.rotate(step=lambda name: order.append(name) if name == "begun" else None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=writer), threading.Thread(target=rotate)]
    threads[0].start()
    inside.wait(10)
    threads[1].start()
    time.sleep(0.3)
    assert order == []
    go_on.set()
    for thread in threads:
        thread.join()
    assert order == [("committed under", 1), "begun"]
