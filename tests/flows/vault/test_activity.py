"""The engine's list of what happened, fetched from a real vault and verified before anybody sees it."""

import json

import pytest

from tests.flows.vault.world import WRONG, Guess, sql
from vault.server.services import activity as service
from webapp.cli.__main__ import main
from webapp.cli.crypto import NativeCrypto
from webapp.engine.activity import activity
from webapp.engine.activity_file import ActivityBroken
from webapp.engine.vault_client import WrongPassword

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.fixture
def look(person, run):
    return lambda: run(activity(NativeCrypto(), person.client, person.safe))


def guess_wrong(person, run, times=1):
    for _ in range(times):
        with pytest.raises(WrongPassword):
            run(person.login(WRONG))


def test_what_happened_is_told_newest_first(person, run, look):
    run(person.set_up())
    guess_wrong(person, run)
    run(person.login())
    guess_wrong(person, run, 2)
    seen = look()
    assert [happening.what for happening in seen.happenings] == [
        "wrong_guess", "wrong_guess", "recovered", "unlock_try", "wrong_guess", "registered", "answered",
    ]  # fmt: skip
    assert (seen.failures, seen.state) == (2, "active")
    assert seen.last_unlock == seen.happenings[2].at


def test_an_earlier_password_stays_in_the_list(person, run, look):
    record = run(person.set_up())
    guess_wrong(person, run)
    run(person.client.destroy(person.safe, person.key, record, 1))
    assert look().state == "destroyed"
    run(person.set_up())
    seen = look()
    assert [happening.version for happening in seen.happenings] == [2, 2, 1, 1, 1, 1]
    assert seen.failures == 0


def test_many_pages_make_one_list(person, run, look, monkeypatch):
    monkeypatch.setattr(service, "EVENTS_PAGE", 2)
    run(person.set_up())
    guess_wrong(person, run, 2)
    run(person.login())
    assert [happening.number for happening in look().happenings] == [6, 5, 4, 3, 2, 1]


def test_a_safe_without_a_password_and_one_the_vault_does_not_know_have_none(person, run, look):
    assert look().happenings == []
    run(person.client.open_safe(person.safe, person.key))
    assert (look().happenings, look().state) == ([], "none")


def test_events_that_were_cut_off_are_not_shown_but_said(person, run, look):
    run(person.set_up())
    guess_wrong(person, run)
    sql("DELETE FROM vault_event WHERE number = 3")
    with pytest.raises(ActivityBroken) as caught:
        look()
    assert caught.value.data["faults"] == ["Password number 1: cut off after event 2; the vault has signed 3."]


def test_an_event_edited_in_sql_is_named(person, run, look):
    run(person.set_up())
    guess_wrong(person, run)
    sql("UPDATE vault_event SET kind = 'recovered' WHERE number = 3")
    with pytest.raises(ActivityBroken) as caught:
        look()
    assert caught.value.data["faults"] == ["Password number 1: event 3 was changed."]


def test_a_site_that_serves_an_older_answer_is_caught(person, run, look):
    """It has a signature of the vault's, but not over this request."""
    run(person.set_up())
    look()
    old = person.http.seen[-1]
    guess_wrong(person, run)
    real = person.http._call

    def replay(method, path, content, headers):
        response = real(method, path, content, headers)
        if path.endswith("/events"):
            response.content = old.reply
        return response

    person.http._call = replay
    with pytest.raises(ActivityBroken):
        look()


def test_it_needs_no_key(person, run, look):
    run(person.set_up())
    stranger_to_the_key = person.somebody_else()
    assert run(activity(NativeCrypto(), stranger_to_the_key.client, person.safe)).happenings


def test_the_downloaded_file_is_verified_by_the_command(person, run, look, tmp_path, capsys):
    run(person.set_up())
    guess_wrong(person, run)
    path = tmp_path / "activity.json"
    path.write_text(look().file.text())
    key = person.pins.signing_public_key.hex()
    assert main(["verify-activity", str(path), "--vault-key", key, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["events"] == 3


def test_the_file_holds_no_secret(person, run, look):
    run(person.set_up())
    Guess(person, WRONG).start()
    text, record = look().file.text(), person.record()
    for secret in (record.sealed_evaluation, record.sealed_wrapped_key, record.counter_mac, person.key.secret.expose()):
        assert secret.hex() not in text
