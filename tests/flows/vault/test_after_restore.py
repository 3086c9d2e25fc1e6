"""A database put back from a real dump: three guesses at most, owners told, and the same dump never works twice."""

import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tests.flows.vault import postgresql
from tests.flows.vault.world import PASSWORD, WRONG, Guess, sql
from vault.server.models import Event, Record
from vault.server.services import dump, rotation, sealing

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.usefixtures("no_waits"),
    pytest.mark.parametrize(
        ("database", "custody"),
        [("sqlite", "software"), ("postgresql", "software"), ("sqlite", "pkcs11")],
        indirect=True,
        ids=["sqlite", "postgresql", "hsm"],
    ),
]


class SqliteBackup:
    """The file, as SQLite's own backup writes it."""

    def __init__(self, folder):
        self.kept = folder / "backup.sqlite3"

    def take(self):
        name = connections["vault"].settings_dict["NAME"]
        with closing(sqlite3.connect(name)) as live, closing(sqlite3.connect(self.kept)) as kept:
            live.backup(kept)

    def restore(self):
        connections.close_all()
        name = connections["vault"].settings_dict["NAME"]
        with closing(sqlite3.connect(self.kept)) as kept, closing(sqlite3.connect(name)) as live:
            kept.backup(live)


class PostgresqlBackup:
    """pg_dump and pg_restore."""

    def __init__(self, folder):
        self.kept = folder / "backup.pgdump"
        settings = connections["vault"].settings_dict
        self.to = ["-h", settings["HOST"], "-U", settings["USER"], "-d", settings["NAME"]]

    def take(self):
        with open(self.kept, "wb") as file:
            subprocess.run([postgresql._binary("pg_dump"), "-Fc", *self.to], stdout=file, check=True)

    def restore(self):
        connections.close_all()
        command = [postgresql._binary("pg_restore"), "--clean", "--if-exists", "--single-transaction", *self.to]
        subprocess.run([*command, str(self.kept)], check=True)


@pytest.fixture
def backup(vault, database, tmp_path):
    return (PostgresqlBackup if database == "postgresql" else SqliteBackup)(tmp_path)


def after_restore(capsys):
    capsys.readouterr()
    call_command("vault_after_restore")
    return capsys.readouterr().out


@pytest.mark.parametrize("used", [0, 3, 8, 9])
def test_three_guesses_are_left_at_most_and_the_right_password_still_opens(person, run, backup, capsys, used):
    run(person.set_up())
    for _ in range(used):
        Guess(person, WRONG).start()
    backup.take()
    for _ in range(10 - used):
        assert Guess(person, WRONG).start().status == 200
    backup.restore()
    assert person.record().guesses_left == 10 - used

    assert "three guesses now: 1. Epoch 2 is current" in after_restore(capsys)

    assert person.record().guesses_left == min(3, 10 - used)
    assert run(person.login()).key.secret == person.key.secret
    assert person.record().guesses_left == 10


def test_after_a_restore_an_attacker_gets_three_more_guesses_and_no_more(person, run, backup, capsys):
    run(person.set_up())
    backup.take()
    for _ in range(10):
        Guess(person, WRONG).start()
    backup.restore()
    after_restore(capsys)
    assert [Guess(person, WRONG).start().status for _ in range(4)] == [200, 200, 200, 403]


def test_the_owner_is_told_in_the_records_own_chain(person, run, backup, capsys):
    run(person.set_up())
    backup.take()
    backup.restore()
    after_restore(capsys)
    last = Event.objects.using("vault").order_by("-number")[0]
    assert (last.kind, last.guesses_left, last.head) == ("restored", 3, person.record().event_head)


def test_the_same_dump_a_second_time_opens_nothing(person, run, backup, capsys):
    run(person.set_up())
    backup.take()
    backup.restore()
    after_restore(capsys)
    backup.restore()
    refused = Guess(person, PASSWORD).start()
    assert (refused.status, refused.code) == (503, "custody_down")
    with pytest.raises(CommandError, match="opens nothing"):
        call_command("vault_after_restore")


def test_a_dump_from_before_a_rotation_opens_nothing(person, run, backup):
    run(person.set_up())
    backup.take()
    rotation.rotate()
    backup.restore()
    assert Guess(person, PASSWORD).start().code == "custody_down"
    with pytest.raises(CommandError, match="newer dump"):
        call_command("vault_after_restore")
    assert sealing.custody().epochs() == (2,)


def test_a_destroyed_record_is_not_revived_by_a_dump_from_before_the_rotation(person, run, backup):
    record = run(person.set_up())
    backup.take()
    run(person.client.destroy(person.safe, person.key, record, 1))
    rotation.rotate()
    backup.restore()
    assert Record.objects.using("vault").get().state == "active"
    assert Guess(person, PASSWORD).start().code == "custody_down"


def test_running_the_command_again_changes_nothing_for_the_worse(person, run, backup, capsys):
    run(person.set_up())
    backup.take()
    backup.restore()
    after_restore(capsys)
    assert "Epoch 3" in after_restore(capsys)
    assert run(person.login()).guesses_before == 3


def test_a_command_that_died_half_way_is_finished_by_the_next(person, run, backup, capsys, monkeypatch):
    run(person.set_up())
    backup.take()
    backup.restore()
    with monkeypatch.context() as dying:
        dying.setattr(dump, "write", lambda path: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            call_command("vault_after_restore")
    assert person.record().guesses_left == 3
    assert sealing.custody().epochs() == (1, 2)
    after_restore(capsys)
    assert sealing.custody().epochs() == (2,)


def test_a_closed_record_is_left_to_the_operator(person, run, backup, capsys):
    run(person.set_up())
    backup.take()
    backup.restore()
    sql("UPDATE vault_record SET charges = 5")
    with pytest.raises(CommandError, match="1 rows do not match"):
        call_command("vault_after_restore")
    call_command("vault_after_restore", leave_closed=True)
    assert sealing.custody().epochs() == (2,)


def test_the_rotations_own_dump_is_a_whole_vault(person, run, backup, capsys, database, tmp_path):
    """Copied in the place of the database, it serves."""
    run(person.set_up())
    kept = rotation.rotate().dump
    if database == "sqlite":
        copy = tmp_path / "copy.sqlite3"
        shutil.copy(kept, copy)
        backup.kept = copy
        sql("DELETE FROM vault_event")
        backup.restore()
        after_restore(capsys)
        assert run(person.login()).guesses_before == 3
    else:
        with closing(sqlite3.connect(kept)) as file:
            assert file.execute("SELECT count(*) FROM vault_record").fetchone() == (1,)
            assert file.execute("SELECT count(*) FROM django_migrations WHERE app = 'vault'").fetchone()[0] >= 4
