"""The operator sees sizes, times and counts, and can change nothing."""

import pytest
from django.test import Client

from tests.flows.backups.site_client import Browser, chunk
from vault.wire.encoding import to_text
from webapp.server.accounts.models import Account
from webapp.server.backups.models import Safe, Snapshot


@pytest.fixture
def operator(browser: Browser) -> Client:
    client = Client()
    account = Account.objects.create_superuser("operator@example.org", "a long pass phrase for tests")
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def pages(browser: Browser, operator: Client) -> list[str]:
    part = chunk(5000)
    browser.put([part])
    browser.commit([part[0]])
    safe, snapshot = Safe.objects.get(), Snapshot.objects.get()
    return [
        "/admin/backups/safe/",
        f"/admin/backups/safe/{safe.pk}/change/",
        "/admin/backups/snapshot/",
        f"/admin/backups/snapshot/{snapshot.pk}/change/",
        "/admin/backups/snapshot/?q=owner",
    ]


def test_sizes_and_counts_are_shown(operator: Client, pages: list[str]) -> None:
    for page in pages:
        text = operator.get(page).content.decode()
        assert "owner@example.org" in text
        assert "4.9\xa0KB" in text or "5.0\xa0KB" in text


def test_keys_and_digests_are_not_shown(browser: Browser, operator: Client, pages: list[str]) -> None:
    safe, snapshot = Safe.objects.get(), Snapshot.objects.get()
    for page in pages:
        text = operator.get(page).content.decode()
        for secret in (safe.owner_public_key, safe.key_check, snapshot.head, snapshot.manifest_sha256):
            assert secret.hex() not in text
            assert to_text(secret) not in text


def test_nothing_can_be_added_changed_or_deleted(operator: Client, pages: list[str]) -> None:
    before = (Safe.objects.values().get(), Snapshot.objects.values().get())
    for model, pk in (("safe", Safe.objects.get().pk), ("snapshot", Snapshot.objects.get().pk)):
        for rest in ("add/", f"{pk}/change/", f"{pk}/delete/"):
            assert operator.post(f"/admin/backups/{model}/{rest}", {"post": "yes"}).status_code == 403
    assert (Safe.objects.values().get(), Snapshot.objects.values().get()) == before


def test_chunks_and_nonces_have_no_pages(operator: Client) -> None:
    for model in ("chunk", "ownernonce"):
        assert operator.get(f"/admin/backups/{model}/").status_code == 404
