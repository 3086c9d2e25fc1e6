"""Creating an account: an address, a code, done."""

import re

import pytest

from webapp.server.accounts.models import Account

pytestmark = pytest.mark.django_db


def test_an_address_and_its_code_make_an_account_and_lead_to_the_app(client, mailbox):
    reply = client.post("/accounts/signup/", {"email": "ana@example.org"})
    assert reply["Location"] == "/accounts/confirm-email/"
    reply = client.post("/accounts/confirm-email/", {"code": mailbox.code("ana@example.org")})
    assert (reply.status_code, reply["Location"]) == (302, "/app/")
    account = Account.objects.get(email="ana@example.org")
    assert len(bytes(account.public_id)) == 16
    assert not account.has_usable_password()
    assert client.session["_auth_user_id"] == str(account.pk)


def test_the_code_is_accepted_without_its_dash_and_with_spaces(client, mailbox):
    client.post("/accounts/signup/", {"email": "ana@example.org"})
    digits = mailbox.code("ana@example.org").replace("-", "")
    reply = client.post("/accounts/confirm-email/", {"code": f" {digits[:4]} {digits[4:]} "})
    assert reply["Location"] == "/app/"


def test_the_form_asks_for_an_address_and_nothing_else(client):
    page = client.get("/accounts/signup/").content.decode()
    names = set(re.findall(r'name="([a-z_0-9]+)"', page.split("<main", 1)[1]))
    assert names == {"csrfmiddlewaretoken", "email"}
    assert 'type="password"' not in page


def test_a_wrong_code_is_refused_and_the_third_one_ends_the_try(client, mailbox):
    client.post("/accounts/signup/", {"email": "ana@example.org"})
    for _ in range(2):
        reply = client.post("/accounts/confirm-email/", {"code": "0000-0000"})
        assert "That is not the code" in reply.content.decode()
    client.post("/accounts/confirm-email/", {"code": "0000-0000"})
    reply = client.post("/accounts/confirm-email/", {"code": mailbox.code("ana@example.org")})
    assert "_auth_user_id" not in client.session


def test_an_expired_code_is_refused(client, mailbox, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = -1
    client.post("/accounts/signup/", {"email": "ana@example.org"})
    client.post("/accounts/confirm-email/", {"code": mailbox.code("ana@example.org")})
    assert "_auth_user_id" not in client.session


def test_a_new_code_can_be_asked_for_and_the_old_one_stops_working(client, mailbox):
    client.post("/accounts/signup/", {"email": "ana@example.org"})
    old = mailbox.code("ana@example.org")
    client.post("/accounts/confirm-email/", {"action": "resend"})
    new = mailbox.code("ana@example.org")
    assert old != new
    assert "That is not the code" in client.post("/accounts/confirm-email/", {"code": old}).content.decode()
    assert client.post("/accounts/confirm-email/", {"code": new})["Location"] == "/app/"


def test_one_mailbox_is_one_account_whatever_the_case(client, sign_up, mailbox):
    sign_up(client, "ana@example.org")
    client.logout()
    client.post("/accounts/signup/", {"email": "Ana@Example.ORG"})
    assert Account.objects.count() == 1


def test_the_database_refuses_a_second_account_in_another_case(django_user_model):
    from django.db import IntegrityError

    Account.objects.create_user("ana@example.org")
    with pytest.raises(IntegrityError):
        Account.objects.bulk_create([Account(email="ANA@example.org")])


def test_signing_up_with_a_taken_address_looks_the_same_and_the_mail_tells(client, sign_up, mailbox):
    sign_up(client, "ana@example.org")
    client.logout()
    taken = client.post("/accounts/signup/", {"email": "ana@example.org"}, follow=True)
    client.logout()
    client.cookies.clear()
    fresh = client.post("/accounts/signup/", {"email": "new@example.org"}, follow=True)
    assert [step[1] for step in taken.redirect_chain] == [step[1] for step in fresh.redirect_chain]
    assert _same(taken) == _same(fresh)
    subjects = [mail.subject for mail in mailbox.to("ana@example.org")]
    assert subjects[-1] == "You already have a Coffer account"


def test_a_closed_site_takes_no_new_accounts(client, settings):
    settings.COFFER_OPEN_SIGNUP = False
    assert "No new accounts here" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", {"email": "ana@example.org"})
    assert not Account.objects.exists()


def test_too_many_sign_ups_from_one_address_are_slowed_down(client):
    replies = [client.post("/accounts/signup/", {"email": f"a{n}@example.org"}) for n in range(11)]
    assert [reply.status_code for reply in replies[:10]] == [302] * 10
    assert replies[10].status_code == 429
    assert replies[10]["Retry-After"] == "60"
    assert "One moment, please" in replies[10].content.decode()


def _same(reply) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", reply.content.decode())
    return re.sub(r"[a-z]+@example\.org", "ADDRESS", page)
