"""Rule 5: the old key goes after a verified dump, rows that nobody can vouch for stop it, and the worker sees to it."""

import stat

import pytest
from django.core.management import CommandError, call_command

from tests.flows.vault.rotating import Killed, killing
from tests.flows.vault.world import PASSWORD, Guess, sql
from vault.host.clockwork import BEAT
from vault.server.services import dump, rotation, sealing
from vault.server.tasks import rotate_epoch
from vault.wire.errors import VaultError

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
