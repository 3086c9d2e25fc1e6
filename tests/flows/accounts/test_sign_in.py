"""Signing in: an address, a code."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


def test_a_code_from_the_mail_signs_in(client, sign_up, sign_in):
    account = sign_up(client)
    other = Client()
    assert sign_in(other)["Location"] == "/app/"
    assert other.session["_auth_user_id"] == str(account.pk)


def test_the_address_asked_for_first_is_where_signing_in_leads(client, sign_up, mailbox):
    sign_up(client)
    other = Client()
    other.post("/accounts/login/", {"login": "ana@example.org", "next": "/app/new"})
    reply = other.post("/accounts/login/code/confirm/", {"code": mailbox.code("ana@example.org"), "next": "/app/new"})
    assert reply["Location"] == "/app/new"


def test_signing_in_never_leads_to_another_site(client, sign_up, mailbox):
    sign_up(client)
    other = Client()
    next_url = "https://evil.example/"
    other.post("/accounts/login/", {"login": "ana@example.org", "next": next_url})
    reply = other.post("/accounts/login/code/confirm/", {"code": mailbox.code("ana@example.org"), "next": next_url})
    assert reply["Location"] == "/app/"


def test_an_unknown_address_gives_the_same_page_and_one_mail_too(client, sign_up, mailbox):
    sign_up(client, "ana@example.org")
    Client().post("/accounts/login/", {"login": "first@example.org"})  # makes this machine's row in the limits
    replies, costs = {}, {}
    for address in ("ana@example.org", "nobody@example.org"):
        visitor = Client()
        visitor.get("/accounts/login/")
        before = len(mailbox.to(address))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            replies[address] = visitor.post("/accounts/login/", {"login": address})
        costs[address] = [q["sql"].split()[0] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
        assert len(mailbox.to(address)) == before + 1
        replies[address] = (replies[address].status_code, replies[address]["Location"], _page(visitor))
    assert replies["ana@example.org"] == replies["nobody@example.org"]
    # What takes time is what is written: the same rows, in the same order, whether or not the account exists.
    assert costs["ana@example.org"] == costs["nobody@example.org"]
    assert mailbox.to("nobody@example.org")[-1].subject == "No Coffer account for this address"


def test_an_unknown_address_gets_the_same_answer_to_a_code(client, sign_up):
    sign_up(client, "ana@example.org")
    pages = []
    for address in ("ana@example.org", "nobody@example.org"):
        visitor = Client()
        visitor.post("/accounts/login/", {"login": address})
        visitor.post("/accounts/login/code/confirm/", {"code": "0000-0000"})
        pages.append(_page(visitor))
    assert pages[0] == pages[1]


def test_the_third_wrong_code_ends_the_try(client, sign_up, mailbox):
    sign_up(client)
    other = Client()
    other.post("/accounts/login/", {"login": "ana@example.org"})
    code = mailbox.code("ana@example.org")
    for _ in range(3):
        other.post("/accounts/login/code/confirm/", {"code": "0000-0000"})
    other.post("/accounts/login/code/confirm/", {"code": code})
    assert "_auth_user_id" not in other.session


def test_an_expired_code_does_not_sign_in(client, sign_up, mailbox, settings):
    sign_up(client)
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1
    other = Client()
    other.post("/accounts/login/", {"login": "ana@example.org"})
    other.post("/accounts/login/code/confirm/", {"code": mailbox.code("ana@example.org")})
    assert "_auth_user_id" not in other.session


def test_a_code_works_once(client, sign_up, mailbox):
    sign_up(client)
    first, second = Client(), Client()
    first.post("/accounts/login/", {"login": "ana@example.org"})
    code = mailbox.code("ana@example.org")
    second.post("/accounts/login/", {"login": "ana@example.org"})
    first.post("/accounts/login/code/confirm/", {"code": code})
    second.post("/accounts/login/code/confirm/", {"code": code})
    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_codes_for_one_address_are_limited_whoever_asks(client, sign_up, mailbox):
    sign_up(client)
    before = len(mailbox.to("ana@example.org"))
    for _ in range(6):
        Client().post("/accounts/login/", {"login": "ana@example.org"})
    assert len(mailbox.to("ana@example.org")) - before == 3


def test_an_account_that_is_switched_off_gets_no_code_and_its_sessions_end(client, sign_up, mailbox):
    account = sign_up(client)
    account.is_active = False
    account.save()
    Client().post("/accounts/login/", {"login": "ana@example.org"})
    assert mailbox.to("ana@example.org")[-1].subject == "No Coffer account for this address"
    assert client.get("/accounts/sessions/").status_code == 302


def test_there_are_no_password_pages(client, sign_up):
    sign_up(client)
    for path in ("reset/", "change/", "set/", "reset/done/"):
        assert client.get(f"/accounts/password/{path}").status_code == 404


def test_signing_out_needs_a_click_and_ends_the_session(client, sign_up):
    sign_up(client)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def _page(visitor: Client) -> str:
    page = visitor.get("/accounts/login/code/confirm/", follow=True).content.decode()
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    return re.sub(r"[a-z]+@example\.org", "ADDRESS", page)
