"""Changing the address: the new one must be proved, the old one is told."""

import time

import pytest

from webapp.server.accounts.fresh_sign_in import SIGNED_IN_AT
from webapp.server.accounts.models import Account

pytestmark = pytest.mark.django_db


def test_the_new_address_counts_only_after_its_code_and_the_old_one_is_told(client, sign_up, mailbox):
    account = sign_up(client, "ana@example.org")
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert Account.objects.get(pk=account.pk).email == "ana@example.org"
    client.post("/accounts/confirm-email/", {"code": mailbox.code("new@example.org")})
    assert Account.objects.get(pk=account.pk).email == "new@example.org"
    assert "Your Coffer address was changed" in [mail.subject for mail in mailbox.to("ana@example.org")]


def test_a_wrong_code_leaves_the_old_address(client, sign_up, mailbox):
    account = sign_up(client, "ana@example.org")
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    client.post("/accounts/confirm-email/", {"code": "0000-0000"})
    assert Account.objects.get(pk=account.pk).email == "ana@example.org"


def made_older(client, seconds):
    """As if this session had begun that long ago."""
    session = client.session
    session[SIGNED_IN_AT] = time.time() - seconds
    session.save()


@pytest.mark.parametrize("action", ["action_add", "action_send", "action_remove"])
def test_an_old_session_does_not_change_the_address_without_a_fresh_sign_in(client, sign_up, sign_in, mailbox, action):
    account = sign_up(client, "ana@example.org")
    made_older(client, 601)
    reply = client.post("/accounts/email/", {"email": "new@example.org", action: ""}, follow=True)
    assert "Sign out and sign in again first" in reply.content.decode()
    assert mailbox.to("new@example.org") == []
    client.post("/accounts/logout/")
    sign_in(client, "ana@example.org")
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    client.post("/accounts/confirm-email/", {"code": mailbox.code("new@example.org")})
    assert Account.objects.get(pk=account.pk).email == "new@example.org"


def test_nine_minutes_are_just_now(client, sign_up, mailbox):
    sign_up(client, "ana@example.org")
    made_older(client, 540)
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert mailbox.to("new@example.org")
