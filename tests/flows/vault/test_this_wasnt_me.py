"""The link in a mail: it asks first, works once, ends every session, and pauses guessing until the next sign-in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.flows.vault.owners import later, link_in, site_of, subjects
from tests.flows.vault.world import PASSWORD, WRONG, Guess
from webapp.server.notices import not_me_links, pauses
from webapp.server.notices.models import GuessingPause, Mail, NotMeLink
from webapp.server.vault_link import asking

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def account(person, settings, tmp_path):
    return site_of(person, settings, tmp_path)


@pytest.fixture
def link(person, run, account):
    run(person.set_up())
    Guess(person, WRONG).start()
    later(seconds=80)
    return link_in(Mail.objects.get())


def signed_in(account):
    client = Client()
    account.refresh_from_db()
    client.force_login(account, backend=BACKEND)
    assert client.get("/api/v1/me").status_code == 200
    return client


def press(link, client=None):
    path, _, token = link.partition("?t=")
    return (client or Client()).post(path, {"t": token.replace("%3A", ":")})


def guesses_left(person):
    return person.record().guesses_left


def test_opening_the_link_asks_and_changes_nothing(person, link, account):
    browser = signed_in(account)
    for _ in range(3):
        page = Client().get(link)
        assert page.status_code == 200
        assert "Sign out everywhere and pause" in page.content.decode()
        assert "no-store" in page["Cache-Control"]
    assert browser.get("/api/v1/me").status_code == 200
    assert not person.record().paused
    assert NotMeLink.objects.get().used is None


def test_its_button_signs_every_browser_out_and_pauses_guessing(person, link, account):
    browsers = [signed_in(account), signed_in(account)]
    left = guesses_left(person)
    done = press(link, browsers[0])
    assert done.status_code == 200
    assert "Done" in done.content.decode()
    assert [browser.get("/api/v1/me").status_code for browser in browsers] == [401, 401]
    assert Guess(person, PASSWORD).start().code == "guessing_paused"
    assert guesses_left(person) == left
    assert subjects()[-1] == "Your safes take no passwords until you sign in"


def test_a_session_that_the_list_does_not_know_ends_too(link, account):
    from allauth.usersessions.models import UserSession

    browser = signed_in(account)
    UserSession.objects.all().delete()
    press(link)
    assert browser.get("/api/v1/me").status_code == 401


def test_another_accounts_sessions_and_safes_are_left_alone(person, link, account, run):
    from webapp.server.accounts.models import Account

    other = person.somebody_else(account=b"o" * 16, safe=b"s" * 16)
    run(other.set_up())
    browser = signed_in(Account.objects.create(email="other@example.org", public_id=b"o" * 16))
    press(link)
    assert browser.get("/api/v1/me").status_code == 200
    assert not other.record().paused


def test_the_next_sign_in_resumes_guessing_and_tells_it(person, link, account, run):
    press(link)
    signed_in(account)
    assert not person.record().paused
    assert run(person.login()).failures == 1
    assert "Your safes take passwords again" in subjects()
    assert not GuessingPause.objects.exists()


def test_a_session_from_before_does_not_resume(person, link, account):
    browser = signed_in(account)
    press(link)
    browser.get("/api/v1/me")
    browser.get("/app/").getvalue()
    assert person.record().paused


def test_it_works_once(person, link, account):
    press(link)
    signed_in(account)
    again = press(link)
    assert again.status_code == 410
    assert "no longer works" in again.content.decode()
    assert not person.record().paused
    assert Client().get(link).status_code == 410


def test_it_ends_after_a_week(person, link):
    NotMeLink.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert press(link).status_code == 410
    assert not person.record().paused
    assert not_me_links.forget() == 1


@pytest.mark.parametrize("token", ["", "x", "a" * 600, "abc:def", "%00"])
def test_a_forged_link_is_none(account, token):
    assert Client().get("/not-me/", {"t": token}).status_code == 410
    assert Client().post("/not-me/", {"t": token}).status_code == 410


def test_every_letter_of_the_token_counts(link):
    token = link.partition("?t=")[2].replace("%3A", ":")
    for place in range(len(token)):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert not_me_links.find(other) is None or other == token
    assert not_me_links.find(token)


def test_a_token_that_was_signed_but_never_mailed_is_none(account):
    assert not_me_links.find(not_me_links._SIGNER.sign("guess")) is None


def test_the_table_holds_no_link(link):
    token = link.partition("?t=")[2]
    assert token not in str(list(NotMeLink.objects.values()))


def test_a_foreign_page_cannot_press_it(link):
    path, _, token = link.partition("?t=")
    assert Client(enforce_csrf_checks=True).post(path, {"t": token}).status_code == 403


def test_two_presses_at_once_act_once(link, account):
    found = not_me_links.find(link.partition("?t=")[2].replace("%3A", ":"))
    assert [not_me_links.use(found), not_me_links.use(found)] == [True, False]


def test_a_vault_that_is_away_hears_of_it_with_the_next_sweep(person, link, account, settings):
    settings.VAULT_URL = "http://127.0.0.1:9"
    asking.vault.cache_clear()
    assert press(link).status_code == 200
    assert not person.record().paused
    assert GuessingPause.objects.get().settled is False
    settings.VAULT_URL = None
    asking.vault.cache_clear()
    assert [pauses.settle(), pauses.settle()] == [1, 0]
    assert person.record().paused


def test_a_pause_and_a_sign_in_while_the_vault_is_away_leave_it_open(person, link, account, settings):
    settings.VAULT_URL = "http://127.0.0.1:9"
    asking.vault.cache_clear()
    press(link)
    signed_in(account)
    settings.VAULT_URL = None
    asking.vault.cache_clear()
    pauses.settle()
    assert not person.record().paused
    assert not GuessingPause.objects.exists()


def test_no_log_line_holds_the_token(link, caplog):
    token = link.partition("?t=")[2]
    Client().get(link)
    press(link)
    press(link)
    assert token not in caplog.text
