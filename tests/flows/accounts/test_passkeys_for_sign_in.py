"""Passkeys for signing in: only somebody who has just signed in adds one; a code alone signs in as before."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from webapp.server.accounts.fresh_sign_in import SIGNED_IN_AT

pytestmark = pytest.mark.django_db


def give_passkey(account) -> None:
    Authenticator.objects.create(user=account, type="webauthn", data={"name": "Desk", "credential": {}})


@pytest.mark.parametrize("path", ["webauthn/add/", "totp/activate/"])
def test_an_old_session_adds_no_way_to_sign_in(client, sign_up, path):
    sign_up(client)
    session = client.session
    session[SIGNED_IN_AT] = time.time() - 601
    session.save()
    reply = client.post(f"/accounts/2fa/{path}", {}, follow=True)
    assert "Sign out and sign in again first" in reply.content.decode()


def test_with_a_passkey_a_code_still_signs_in_alone(client, sign_up, sign_in):
    give_passkey(sign_up(client))
    assert sign_in(Client())["Location"] == "/app/"


@pytest.mark.django_db(databases=["default", "vault"])
def test_a_passkey_alone_does_not_open_the_admin(client, sign_up, settings):
    settings.COFFER_SECOND_FACTOR_FOR_STAFF = True
    account = sign_up(client)
    account.is_staff = account.is_superuser = True
    account.save()
    give_passkey(account)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/accounts/2fa/"


def test_the_sign_in_page_offers_it_and_rubbish_signs_nobody_in(client, sign_up):
    account = sign_up(Client())
    give_passkey(account)
    assert "Sign in with a passkey" in client.get("/accounts/login/").content.decode()
    for credential in ("", "{}", '{"id": "x"}'):
        client.post("/accounts/2fa/webauthn/login/", {"credential": credential})
        assert "_auth_user_id" not in client.session
