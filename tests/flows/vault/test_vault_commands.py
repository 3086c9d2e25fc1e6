"""Setting the vault up, and the checks that keep it from starting where a charge could be lost."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ConnectionHandler, connections

from vault.custody.software import FILE_NAME
from vault.host import environment
from vault.host.clockwork import BEAT
from vault.server import checks
from vault.server.models import Identity
from vault.server.services import ending
from vault.server.tasks import end_expired_logins

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.fixture
def folder(settings, tmp_path):
    settings.VAULT_CUSTODY = {"kind": "software", "path": tmp_path / "custody"}
    return tmp_path / "custody"


def output(command):
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def test_set_up_makes_keys_and_identity_once(folder):
    assert "ready" in output("vault_setup")
    first = output("vault_identity"), (folder / FILE_NAME).read_bytes()
    output("vault_setup")
    assert (output("vault_identity"), (folder / FILE_NAME).read_bytes()) == first
    assert Identity.objects.using("vault").count() == 1
    assert set(json.loads(first[0])) == {"opaque_public_key", "signing_public_key"}


def test_the_identity_is_printed_only_once_it_exists(folder):
    with pytest.raises(CommandError, match="vault_setup"):
        output("vault_identity")


def test_lost_keys_are_not_replaced_by_new_ones(folder):
    output("vault_setup")
    (folder / FILE_NAME).rename(folder / "elsewhere")
    with pytest.raises(CommandError, match="restore"):
        output("vault_setup")
    assert not (folder / FILE_NAME).exists()


def test_another_installations_keys_are_noticed(folder, settings, tmp_path):
    output("vault_setup")
    settings.VAULT_CUSTODY = {"kind": "software", "path": tmp_path / "other"}
    from vault.custody.software import SoftwareCustody

    SoftwareCustody(tmp_path / "other").create()
    with pytest.raises(CommandError):
        output("vault_setup")


def test_the_worker_runs_the_sweep(folder, monkeypatch):
    output("vault_setup")
    assert end_expired_logins() == {
        "destroyed": 0,
        "login_states": 0,
        "pending": 0,
        "tickets": 0,
        "closed": 0,
        "locks": 0,
        "staged": 0,
    }
    assert end_expired_logins.name in {entry["task"] for entry in BEAT.values()}
    with monkeypatch.context() as closed:
        closed.setattr(ending, "sweep", lambda: ending.Swept(0, 0, 0, 0, 2))
        assert end_expired_logins()["closed"] == 2


def found(**changes):
    database = environment.sqlite("unused.sqlite3") | changes
    with pytest.MonkeyPatch.context() as context:
        context.setattr("vault.server.configuration.database", lambda: database)
        return [problem.id for problem in checks.vault_database_settings(None)]


def test_the_checks_accept_the_products_own_database_settings():
    assert found() == []


def test_the_checks_refuse_settings_that_could_lose_a_charge():
    assert found(ATOMIC_REQUESTS=True) == ["vault.E002"]
    assert found(OPTIONS={}) == ["vault.E003"]
    with pytest.MonkeyPatch.context() as context:
        context.setattr("vault.server.configuration.database", lambda: None)
        assert [problem.id for problem in checks.vault_database_settings(None)] == ["vault.E001"]


@pytest.mark.parametrize(("level", "problems"), [("FULL", []), ("NORMAL", ["vault.E004"]), ("OFF", ["vault.E004"])])
def test_the_check_asks_sqlite_itself_whether_it_waits_for_the_disk(tmp_path, monkeypatch, level, problems):
    database = environment.sqlite(tmp_path / "vault.sqlite3")
    database["OPTIONS"]["init_command"] = database["OPTIONS"]["init_command"].replace("FULL", level)
    handler = ConnectionHandler({"default": {}, "vault": database})
    monkeypatch.setattr(checks, "connections", handler)
    try:
        assert [problem.id for problem in checks.vault_database_durable(None, databases=["vault"])] == problems
        with handler["vault"].cursor() as cursor:
            assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)
    finally:
        handler.close_all()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_postgresql_that_does_not_wait_for_the_disk_is_refused(database, postgresql_server):
    """The server of the tests does not: in earnest it would not be set up."""
    (problem,) = checks.vault_database_durable(None, databases=["vault"])
    assert (problem.id, "fsync and synchronous_commit off" in problem.msg) == ("vault.E005", True)
    with postgresql_server.connect() as connection:
        connection.execute("ALTER ROLE coffer SET synchronous_commit = on")
    try:
        connections["vault"].close()
        (problem,) = checks.vault_database_durable(None, databases=["vault"])
        assert "with fsync off" in problem.msg
        with pytest.raises(CommandError, match="could be lost in a power cut"):
            call_command("vault_setup")
    finally:
        with postgresql_server.connect() as connection:
            connection.execute("ALTER ROLE coffer RESET synchronous_commit")


def test_nothing_is_missing_from_the_migrations():
    call_command("makemigrations", "vault", check=True, dry_run=True, verbosity=0)
