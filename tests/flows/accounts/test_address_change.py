"""Changing the address: the new one must be proved, the old one is told."""

import pytest

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
