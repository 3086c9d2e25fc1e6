"""A visitor who is signed in, without going through the code pages (those are tested in accounts)."""

import pytest
from django.http import HttpResponseBase
from django.test import Client

from webapp.server.accounts.models import Account


@pytest.fixture
def account(db) -> Account:
    return Account.objects.create_user("ana@example.org")


@pytest.fixture
def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def fetch(client):
    """GET an address to its end: → (response, its whole body); the file behind it, if any, is closed."""

    def whole(path: str, **headers: str) -> tuple[HttpResponseBase, bytes]:
        reply = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        body = b"".join(reply.streaming_content) if reply.streaming else reply.content
        reply.close()
        return reply, body

    return whole
