"""A mailbox to read codes from, and people who sign in as a person would: through the pages."""

import pytest
from django.test import Client

from webapp.server.accounts.models import Account
from webapp.server.notices.inbox import code_in
from webapp.server.notices.models import Mail


class Mailbox:
    """The mails that the site owes, newest last."""

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in Mail.objects.order_by("id") if address in mail.recipients]

    def code(self, address: str) -> str:
        code = code_in(self.to(address)[-1].text)
        assert code is not None
        return code


@pytest.fixture(autouse=True)
def real_outbox(settings):
    """The test runner swaps the mail backend for one in memory; here the real outbox is what is tested."""
    settings.MAILERS = {"default": {"BACKEND": "webapp.server.notices.backend.OutboxBackend"}}


@pytest.fixture
def mailbox(db) -> Mailbox:
    return Mailbox()


@pytest.fixture
def sign_up(mailbox):
    """Creates an account through the pages and leaves the client signed in."""

    def through_the_pages(client: Client, address: str = "ana@example.org") -> Account:
        client.post("/accounts/signup/", {"email": address})
        reply = client.post("/accounts/confirm-email/", {"code": mailbox.code(address)})
        assert reply.status_code == 302
        return Account.objects.get(email=address)

    return through_the_pages


@pytest.fixture
def sign_in(mailbox):
    """Signs an existing account in through the pages."""

    def through_the_pages(client: Client, address: str = "ana@example.org"):
        client.post("/accounts/login/", {"login": address})
        return client.post("/accounts/login/code/confirm/", {"code": mailbox.code(address)})

    return through_the_pages
