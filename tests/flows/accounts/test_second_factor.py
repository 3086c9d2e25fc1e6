"""A second factor: set up, asked for, sealed in the database; and the admin's gate that needs it."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from webapp.server.accounts.models import Account

pytestmark = pytest.mark.django_db


def code_of(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def switch_on(client: Client) -> str:
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    reply = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert reply.status_code == 302, reply.content.decode()
    return secret


def test_its_secret_is_sealed_in_the_database(client, sign_up):
    sign_up(client)
    secret = switch_on(client)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert stored.startswith("coffer1:")
    assert secret not in stored


def test_signing_in_then_asks_for_it(client, sign_up, sign_in):
    sign_up(client)
    secret = switch_on(client)
    other = Client()
    assert sign_in(other)["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in other.session
    assert other.get("/accounts/sessions/").status_code == 302
    assert "That is not the code" in other.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    reply = other.post("/accounts/2fa/authenticate/", {"code": code_of(secret, 1)})
    assert reply["Location"] == "/app/"


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_follow_at_once_are_shown_once_and_sealed_too(client, sign_up, sign_in):
    sign_up(client)
    switch_on(client)
    shown = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(shown) == 10
    assert not client.get("/accounts/2fa/recovery-codes/").context.get("can_view_codes")
    assert all(code not in str(Authenticator.objects.get(type="recovery_codes").data) for code in shown)
    other = Client()
    sign_in(other)
    assert other.post("/accounts/2fa/authenticate/", {"code": shown[0]})["Location"] == "/app/"


def test_the_admin_is_closed_to_people_who_are_not_staff(client, sign_up):
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/admin/login/")["Location"].startswith("/accounts/login/")
    sign_up(client)
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.django_db(databases=["default", "vault"])
def test_outside_development_staff_need_a_second_factor(client, sign_up, settings):
    settings.COFFER_SECOND_FACTOR_FOR_STAFF = True
    account = sign_up(client)
    Account.objects.filter(pk=account.pk).update(is_staff=True, is_superuser=True)
    for path in ("/admin/", "/admin/accounts/account/", "/admin/login/"):
        reply = client.get(path, follow=True)
        assert reply.redirect_chain[-1][0] == "/accounts/2fa/", path
    switch_on(client)
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db(databases=["default", "vault"])
def test_the_admin_shows_accounts_and_mails_but_no_code(client, sign_up, mailbox, settings):
    settings.COFFER_SECOND_FACTOR_FOR_STAFF = False
    account = sign_up(client)
    Account.objects.filter(pk=account.pk).update(is_staff=True, is_superuser=True)
    code = mailbox.code("ana@example.org")
    mail = mailbox.to("ana@example.org")[0]
    for path in (
        "/admin/",
        "/admin/accounts/account/",
        f"/admin/accounts/account/{account.pk}/change/",
        "/admin/notices/mail/",
        f"/admin/notices/mail/{mail.pk}/change/",
        "/admin/ops/taskrun/",
    ):
        reply = client.get(path)
        assert reply.status_code == 200, path
        assert code not in reply.content.decode(), path


@pytest.mark.django_db(databases=["default", "vault"])
def test_staff_cannot_reach_what_would_make_them_somebody_else(client, sign_up):
    account = sign_up(client)
    Account.objects.filter(pk=account.pk).update(is_staff=True, is_superuser=True)
    for path in ("account/emailaddress", "mfa/authenticator", "usersessions/usersession", "sessions/session"):
        assert client.get(f"/admin/{path}/").status_code == 404, path
    client.post(f"/admin/accounts/account/{account.pk}/change/", {"email": "other@example.org", "is_active": "on"})
    assert Account.objects.get(pk=account.pk).email == "ana@example.org"


def test_make_admin_names_the_first_administrator(db):
    from django.core.management import call_command

    call_command("make_admin", "Root@Example.org")
    account = Account.objects.get(email="root@example.org")
    assert account.is_staff
    assert account.is_superuser
    assert not account.has_usable_password()
