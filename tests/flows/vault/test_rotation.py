"""Rule 5: the epoch changes while the vault serves; whatever dies on the way, nothing is lost and the old key goes."""

import secrets
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tests.flows.vault.world import PASSWORD, WRONG, Guess, sql
from vault.host.clockwork import BEAT
from vault.server.models import ClockMark, Event, Identity, LoginState, Record, Rotation, Safe
from vault.server.services import (
    counter,
    dump,
    events,
    identity,
    login,
    pace,
    registration,
    resealing,
    rotation,
    sealing,
)
from vault.server.services.transactions import durable
from vault.server.tasks import rotate_epoch
from vault.wire.errors import ErrorCode, VaultError

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.parametrize(
        ("database", "custody"),
        [("sqlite", "software"), ("postgresql", "software"), ("sqlite", "pkcs11")],
        indirect=True,
        ids=["sqlite", "postgresql", "hsm"],
    ),
]
SEALED = (Identity, ClockMark, Safe, Record, LoginState)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(pace, "SHARED", 2)
    monkeypatch.setattr(pace, "ALONE", 2)


@pytest.fixture
def people(person, run):
    """Five safes with a password each."""
    all_of_them = [person] + [
        person.somebody_else(account=secrets.token_bytes(16), safe=secrets.token_bytes(16)) for _ in range(4)
    ]
    for one in all_of_them:
        run(one.set_up())
    return all_of_them


def epochs_of_rows():
    return {epoch for model in SEALED for epoch in model.objects.using("vault").values_list("epoch", flat=True)}


def sealed_values():
    rows = sql("SELECT sealed_evaluation, sealed_wrapped_key FROM vault_record")
    return [bytes(value) for row in rows for value in row]


def chains_hold():
    records = list(Record.objects.using("vault").all())
    for record in records:
        counter.read(record)
    return all(map(events.chain_holds, records))


def test_everything_is_sealed_anew_and_the_old_key_is_gone(people, run, person):
    before = identity.public()
    run(person.client.set_head(person.safe, person.key, b"h" * 32))
    sealed = sealed_values()
    Guess(person, WRONG).start()

    done = rotation.rotate()

    assert done.epoch == 2
    assert (done.resealed, done.closed) == (1 + 1 + 5 + 5 + 1, 0)
    assert epochs_of_rows() == {2}
    assert sealing.custody().epochs() == (2,)
    after = sealed_values()
    assert all(value[:4] == b"\0\0\0\2" for value in after)
    assert not set(sealed) & set(after)
    assert identity.public() == before
    assert chains_hold()
    for one in people:
        unlocked = run(one.login())
        assert unlocked.key.secret == one.key.secret
    assert run(person.login()).head == b"h" * 32
    assert person.record().charges == 3


def test_a_rotation_keeps_every_counter_as_it_was(people, run, person):
    for _ in range(2):
        Guess(person, WRONG).start()
    columns = ("state", "guesses_left", "failures", "charges", "locked_until", "event_count", "event_head", "version")
    before = list(Record.objects.using("vault").order_by("pk").values(*columns))
    rotation.rotate()
    assert list(Record.objects.using("vault").order_by("pk").values(*columns)) == before


def test_what_an_older_dump_holds_opens_nothing_afterwards(people, tmp_path):
    old = tmp_path / "old.sqlite3"
    assert dump.write(old).epochs == {1}
    rotation.rotate()
    with pytest.raises(VaultError) as caught:
        dump.verify(old)
    assert caught.value.code is ErrorCode.CUSTODY_DOWN


class Killed(BaseException):
    """The process died here."""


def killing(at):
    """A step hook that dies at its `at`-th call, and what it has seen."""
    seen = []

    def step(name):
        seen.append(name)
        if len(seen) == at:
            raise Killed

    return step, seen


def test_a_rotation_that_dies_at_any_step_is_finished_by_the_next(people, run):
    count, seen = killing(at=0)
    rotation.rotate(step=count)
    assert {"begun", "batch", "resealed", "dumped", "keys destroyed", "destroyed"} <= set(seen)
    for at in range(1, len(seen) + 1):
        step, _ = killing(at)
        with pytest.raises(Killed):
            rotation.rotate(step=step)
        person = people[at % len(people)]
        assert run(person.login()).key.secret == person.key.secret
        epoch = Rotation.objects.using("vault").order_by("-epoch")[0].epoch
        finished = rotation.rotate()
        assert finished.epoch == epoch + (at == len(seen))
        assert sealing.custody().epochs() == (finished.epoch,)
        assert epochs_of_rows() == {finished.epoch}
    assert chains_hold()


def test_a_key_made_just_before_the_power_went_is_the_one_used(people, run, person, monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(rotation, "database_now", lambda: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            rotation.rotate()
    assert sealing.custody().epochs() == (1, 2)
    assert run(person.login()).guesses_before == 10
    assert rotation.rotate().epoch == 2
    assert sealing.custody().epochs() == (2,)


def test_two_rotations_at_once_are_one(people, run, person):
    def go(_):
        try:
            return rotation.rotate().epoch
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(go, range(2))) <= {2, 3}
    assert epochs_of_rows() == set(sealing.custody().epochs())
    assert run(person.login()).guesses_before == 10


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


def test_a_row_that_appears_under_the_old_epoch_keeps_its_key_until_it_is_sealed_anew(people, run, person, monkeypatch):
    real, put_back = rotation._dump, []

    def dump_and_put_back(standing):
        real(standing)
        if not put_back:
            put_back.append(1)
            row = Safe.objects.using("vault").order_by("pk")[0]
            row.epoch = 1
            sealing.vouch_safe(row)
            row.save()

    monkeypatch.setattr(rotation, "_dump", dump_and_put_back)
    rotation.rotate()
    assert epochs_of_rows() == {2}
    assert run(person.login()).guesses_before == 10


# --- rows that do not match their MAC ---------------------------------------------------------------------------------


def test_a_closed_row_stops_the_rotation_until_the_operator_gives_it_up(people, run, person, capsys):
    sql("UPDATE vault_record SET guesses_left = 10, failures = 4 WHERE record_id = %s", person.record().record_id)
    with pytest.raises(CommandError, match="1 rows do not match"):
        call_command("vault_rotate")
    assert sealing.custody().epochs() == (1, 2)
    assert rotate_epoch() == {"epoch": 0, "resealed": 0}
    assert run(people[1].login()).guesses_before == 10

    call_command("vault_rotate", leave_closed=True)
    assert "1 left closed" in capsys.readouterr().out
    assert sealing.custody().epochs() == (2,)
    assert Guess(person, PASSWORD).start().code == "custody_down"
    assert run(people[1].login()).guesses_before == 10


def test_the_vaults_identity_is_never_given_up(people, run, person):
    ((sealed,),) = sql("SELECT sealed FROM vault_identity")
    sql("UPDATE vault_identity SET sealed = %s", bytes(sealed)[:-1] + b"\0")
    with pytest.raises(VaultError):
        rotation.rotate(leave_closed=True)
    assert sealing.custody().epochs() == (1, 2)
    sql("UPDATE vault_identity SET sealed = %s", bytes(sealed))
    assert rotation.rotate().epoch == 2
    assert run(person.login()).guesses_before == 10


# --- dumps ------------------------------------------------------------------------------------------------------------


def test_the_dump_is_whole_closed_to_others_and_replaces_the_last(people, settings):
    first, second = rotation.rotate().dump, rotation.rotate().dump
    assert [path.name for path in settings.VAULT_DUMPS.iterdir()] == [second.name]
    assert first != second
    assert stat.S_IMODE(second.stat().st_mode) == 0o600
    verified = dump.verify(second)
    assert (verified.rows, verified.closed, verified.epochs) == (12, 0, {3})


def test_the_old_key_stays_until_a_dump_is_verified(people, run, person, monkeypatch):
    with monkeypatch.context() as refusing:
        refusing.setattr(dump, "verify", lambda path: (_ for _ in ()).throw(dump.DumpRefused("the dump is damaged")))
        with pytest.raises(CommandError, match="old key was kept"):
            call_command("vault_rotate")
    assert sealing.custody().epochs() == (1, 2)
    assert rotation.rotate().epoch == 2


def test_a_dump_with_rows_of_another_epoch_does_not_count(people, monkeypatch, settings):
    monkeypatch.setattr(dump, "verify", lambda path: dump.Verified(12, 0, frozenset({1, 2})))
    with pytest.raises(dump.DumpRefused):
        rotation.rotate()
    assert not list(settings.VAULT_DUMPS.iterdir())
    assert sealing.custody().epochs() == (1, 2)


def test_the_dump_command_says_what_it_opened_and_replaces_nothing(people, tmp_path, capsys):
    call_command("vault_dump", str(tmp_path / "d.sqlite3"))
    assert capsys.readouterr().out == "12 rows opened (epoch 1), 0 closed.\n"
    with pytest.raises(CommandError, match="never replaces"):
        call_command("vault_dump", str(tmp_path / "d.sqlite3"))


def test_a_damaged_dump_is_noticed(people, tmp_path, person):
    path = tmp_path / "d.sqlite3"
    dump.write(path)
    content = bytearray(path.read_bytes())
    at = content.index(person.record().sealed_wrapped_key)
    content[at + 20] ^= 1
    path.write_bytes(content)
    assert dump.verify(path).closed == 1
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(dump.DumpRefused, match="damaged"):
        dump.verify(path)


# --- the worker -------------------------------------------------------------------------------------------------------


def test_the_worker_rotates_after_thirty_days_and_not_before(people, clock, run, person):
    assert rotate_epoch.name in {entry["task"] for entry in BEAT.values()}
    assert rotate_epoch() == {"epoch": 0, "resealed": 0}
    clock.move(days=29, hours=23)
    assert rotate_epoch()["epoch"] == 0
    clock.move(hours=2)
    assert rotate_epoch()["epoch"] == 2
    assert rotate_epoch()["epoch"] == 0
    clock.move(days=31)
    assert rotate_epoch()["epoch"] == 3
    assert run(person.login()).guesses_before == 10


def test_the_worker_goes_on_with_a_rotation_that_stands(people, settings):
    settings.VAULT_ROTATE_DAYS = 0
    step, _ = killing(at=3)
    with pytest.raises(Killed):
        rotation.rotate(step=step)
    assert rotate_epoch()["epoch"] == 2
    assert rotate_epoch()["epoch"] == 0


def test_custody_down_leaves_the_rotation_where_it_is(people, monkeypatch):
    step, _ = killing(at=3)
    with pytest.raises(Killed):
        rotation.rotate(step=step)
    with monkeypatch.context() as down:
        down.setattr(sealing, "custody", lambda: (_ for _ in ()).throw(sealing.CustodyError("no token")))
        assert rotate_epoch()["epoch"] == 0
    assert rotate_epoch()["epoch"] == 2


def test_events_are_told_in_order(people, run, person):
    Guess(person, WRONG).start()
    run(person.login())
    kinds = list(Event.objects.using("vault").filter(record__safe__safe_id=person.safe).values_list("kind", flat=True))
    assert kinds == ["answered", "registered", "guess_charged", "guess_charged", "recovered"]
    assert chains_hold()
    sql("UPDATE vault_event SET guesses_left = 10 WHERE kind = 'guess_charged'")
    assert not chains_hold()
