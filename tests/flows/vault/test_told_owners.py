"""From the vault's feed to the owner's mailbox, exactly once, whatever dies on the way."""

import threading

import pytest
from django.db import connections

from tests.flows.vault.owners import ADDRESS, later, link_in, site_of, subjects
from tests.flows.vault.world import WRONG, Guess
from vault.server.models import Event
from vault.server.services import ending, restoring
from vault.wire.errors import VaultError
from webapp.server.notices import feed, outbox, tasks
from webapp.server.notices.models import Mail, VaultEvent
from webapp.server.vault_link import asking

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.fixture(autouse=True)
def account(person, settings, tmp_path):
    return site_of(person, settings, tmp_path)


def test_a_wrong_guess_becomes_one_mail_to_the_right_address(person, run):
    run(person.set_up())
    Guess(person, WRONG).start()
    assert later() == 0
    assert later(seconds=80) == 1
    (mail,) = Mail.objects.all()
    assert mail.recipients == [ADDRESS]
    assert mail.subject == "A wrong password was typed for your safe"
    assert "9 guesses are left" in mail.text
    assert f"/app/safes/{person.safe.hex()}/activity" in mail.text
    assert link_in(mail)
    assert "This wasn't me" in mail.html or "This wasn&#x27;t me" in mail.html


def test_the_owners_own_unlock_after_a_mistyped_password_is_one_mail(person, run):
    run(person.set_up())
    Guess(person, WRONG).start()
    run(person.login())
    later(seconds=200)
    assert subjects() == ["Your safe was opened with its password"]
    assert "Before that 1 wrong password was typed." in Mail.objects.get().text


def test_the_end_of_a_password_is_told(person, run, no_waits, clock):
    run(person.set_up())
    for _ in range(10):
        Guess(person, WRONG).start()
    clock.move(seconds=61)
    ending.sweep()
    clock.move(seconds=-61)
    later(seconds=200)
    assert subjects() == ["Your safe's password no longer works"]


def test_a_restored_vault_is_told(person, run):
    run(person.set_up())
    restoring.after_restore()
    later()
    assert subjects() == ["Your safe's password has few guesses left, for safety"]


def test_a_removed_password_is_told(person, run):
    run(person.client.destroy(person.safe, person.key, run(person.set_up()), 1))
    later()
    assert subjects() == ["The password of your safe was removed"]


def test_an_event_taken_twice_is_told_once(person, run):
    run(person.set_up())
    run(person.login())
    later()
    Event.objects.using("vault").update(published=False)  # as if the vault had never heard that they were taken
    later()
    assert (len(subjects()), VaultEvent.objects.count()) == (1, Event.objects.using("vault").count())


def test_a_site_that_dies_before_it_says_so_takes_the_same_events_again(person, run, monkeypatch):
    run(person.set_up())
    run(person.login())
    real, calls = feed.ask, []

    def dying(*args, **given):
        calls.append(args)
        if len(calls) == 2:
            raise SystemExit
        return real(*args, **given)

    monkeypatch.setattr(feed, "ask", dying)
    with pytest.raises(SystemExit):
        feed.take()
    monkeypatch.setattr(feed, "ask", real)
    assert Event.objects.using("vault").filter(published=True).count() == 0
    assert feed.take() == 0
    assert Event.objects.using("vault").filter(published=False).count() == 0
    later()
    assert len(subjects()) == 1


def test_a_site_that_dies_while_it_writes_mails_writes_them_with_the_next_sweep(person, run, monkeypatch):
    run(person.set_up())
    run(person.login())
    feed.take()
    real = feed.owner_mails.owe

    def dying(*args):
        real(*args)
        raise SystemExit

    monkeypatch.setattr(feed.owner_mails, "owe", dying)
    with pytest.raises(SystemExit):
        feed.tell()
    assert subjects() == []
    monkeypatch.setattr(feed.owner_mails, "owe", real)
    assert [feed.tell(), feed.tell()] == [1, 0]


def test_four_sweeps_at_once_owe_one_mail(person, run):
    run(person.set_up())
    run(person.login())
    start, errors = threading.Barrier(4), []

    def sweep():
        try:
            start.wait()
            tasks.tell_owners()
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(subjects()) == 1


def test_an_account_that_is_gone_or_switched_off_gets_no_mail(person, run, account):
    run(person.set_up())
    run(person.login())
    account.is_active = False
    account.save()
    assert later() == 0
    assert not VaultEvent.objects.filter(state=VaultEvent.State.WAITING).exists()


def test_a_vault_that_does_not_answer_loses_nothing(person, run, monkeypatch, settings):
    run(person.set_up())
    run(person.login())
    settings.VAULT_URL = "http://127.0.0.1:9"
    asking.vault.cache_clear()
    with pytest.raises(VaultError, match="vault_unreachable"):
        tasks.tell_owners()
    settings.VAULT_URL = None
    asking.vault.cache_clear()
    assert tasks.tell_owners()["owed"] == 1


def test_a_vault_that_trusts_another_site_refuses(person, settings):
    settings.VAULT_TICKET_PUBLIC_KEY = bytes(32)
    with pytest.raises(VaultError, match="ticket_refused"):
        feed.take()


def test_what_is_owed_is_delivered_and_its_link_does_not_stay(person, run, settings):
    from django.core import mail

    settings.NOTICES_DELIVERY = "smtp"
    settings.MAILERS = {**settings.MAILERS, "smtp": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    run(person.set_up())
    run(person.login())
    later()
    mail.outbox = []
    outbox.deliver_due()
    assert len(mail.outbox) == 1
    assert "/not-me/?t=" in mail.outbox[0].body
    assert Mail.objects.get().text == ""


def test_the_vault_knows_no_address(person, run):
    run(person.set_up())
    Guess(person, WRONG).start()
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'vault_%'")
        tables = [name for (name,) in cursor.fetchall()]
        assert tables
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            assert ADDRESS not in str(cursor.fetchall())
