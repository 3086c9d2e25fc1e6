"""Destroyed means gone from the file, too."""

import time

import pytest
from django.db import connections

from tests.flows.vault.test_guess_budget import use_up
from tests.flows.vault.world import PASSWORD, Guess, sql
from vault.server.models import LoginState
from vault.server.services import ending, login

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.usefixtures("no_waits"),
]


@pytest.fixture
def brief_logins(monkeypatch):
    """Login states end after half a second instead of a minute."""
    monkeypatch.setattr(login, "LOGIN_SECONDS", 0.5)
    return lambda: time.sleep(0.6)


def test_a_destroyed_record_holds_no_sealed_byte_anywhere_in_the_file(person, run, brief_logins):
    record = run(person.set_up())
    guess = Guess(person, PASSWORD)
    guess.start()
    sealed = [
        bytes(value)
        for row in sql("SELECT sealed_evaluation, sealed_wrapped_key, content FROM vault_record")
        + sql("SELECT sealed, ke1_digest FROM vault_loginstate")
        for value in row
    ]
    path = connections["vault"].settings_dict["NAME"]
    sql("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(path, "rb") as file:
        before = file.read()
    # Pages of the file hold short values whole, so that the search below can find them.
    assert sum(value in before for value in sealed) >= 3

    use_up(person, 9)
    brief_logins()
    ending.sweep()

    row = sql(
        "SELECT state, sealed_evaluation, sealed_wrapped_key, content FROM vault_record WHERE record_id = %s", record
    )
    assert row == [("destroyed", None, None, None)]
    assert not LoginState.objects.using("vault").exists()
    sql("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(path, "rb") as file:
        after = file.read()
    assert not any(value in after for value in sealed)
