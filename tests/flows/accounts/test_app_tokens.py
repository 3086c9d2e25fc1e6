"""The page "Command line": a token is made, shown once, listed, used, revoked."""

import hashlib
import re

import pytest
from django.test import Client

from vault.wire.encoding import from_text
from webapp.server.accounts.app_tokens import TOKENS, find_token, make_token
from webapp.server.accounts.fresh_sign_in import SIGNED_IN_AT
from webapp.server.accounts.models import AppToken

pytestmark = pytest.mark.django_db

PAGE = "/accounts/app-tokens/"


def made(client: Client, name: str = "nightly", *scopes: str) -> str:
    """The text of a token made through the page."""
    reply = client.post(PAGE, {"name": name, "scope": scopes or ("backup",)})
    assert reply.status_code == 200
    found = re.search(r"\bcoffer_[A-Za-z0-9_-]{43}\b", reply.content.decode())
    assert found is not None
    return found.group()


def test_a_token_is_shown_once_and_kept_as_a_digest_only(client, sign_up):
    sign_up(client)
    text = made(client)
    assert "coffer login http://testserver" in client.post(PAGE, {"name": "x", "scope": "backup"}).content.decode()
    AppToken.objects.filter(name="x").delete()
    page = client.get(PAGE)
    assert text not in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")
    row = AppToken.objects.get()
    secret = from_text(text.removeprefix("coffer_"), 32)
    assert bytes(row.digest) == hashlib.sha256(secret).digest()
    assert find_token(text) == row


def test_the_list_says_what_each_may_do_and_when_it_was_used(client, sign_up):
    sign_up(client)
    text = made(client, "laptop", "restore", "unlock")
    page = client.get(PAGE).content.decode()
    assert "laptop" in page
    assert "Restore and check" in page
    assert "never used" in page
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    assert "last used" in client.get(PAGE).content.decode()


def test_the_owner_gets_a_mail(client, sign_up, mailbox):
    sign_up(client)
    text = made(client, "nightly")
    mail = mailbox.to("ana@example.org")[-1]
    assert "nightly" in mail.text
    assert text not in mail.text


def test_revoking_ends_it_at_once(client, sign_up):
    sign_up(client)
    text = made(client)
    row = AppToken.objects.get()
    assert client.get(f"{PAGE}{row.pk}/revoke/").status_code == 405
    assert client.post(f"{PAGE}{row.pk}/revoke/")["Location"] == PAGE
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {text}"}).status_code == 401


def test_nobody_revokes_the_token_of_somebody_else(client, sign_up):
    sign_up(client)
    made(client)
    other = Client()
    sign_up(other, "bo@example.org")
    assert other.post(f"{PAGE}{AppToken.objects.get().pk}/revoke/").status_code == 404
    assert AppToken.objects.count() == 1


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "scope": "backup"},
        {"name": "x" * 65, "scope": "backup"},
        {"name": "bell\x07", "scope": "backup"},
        {"name": "x"},
        {"name": "x", "scope": "everything"},
    ],
)
def test_a_token_needs_a_name_and_a_scope(client, sign_up, form):
    sign_up(client)
    reply = client.post(PAGE, form)
    assert reply.status_code == 422
    assert not AppToken.objects.exists()


def test_an_account_has_at_most_twenty(client, sign_up):
    account = sign_up(client)
    for number in range(TOKENS):
        make_token(account, str(number), ["backup"])
    assert client.post(PAGE, {"name": "one more", "scope": "backup"}).status_code == 422
    assert AppToken.objects.count() == TOKENS


def test_an_old_session_makes_no_token(client, sign_up):
    sign_up(client)
    session = client.session
    session[SIGNED_IN_AT] = 0
    session.save()
    assert client.post(PAGE, {"name": "x", "scope": "backup"})["Location"] == PAGE
    assert not AppToken.objects.exists()


def test_signed_out_there_is_no_page():
    assert Client().get(PAGE).status_code == 302
