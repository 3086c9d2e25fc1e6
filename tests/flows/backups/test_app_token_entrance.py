"""Programs that come with an app token: what each scope opens, and what no token opens."""

import io
import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.flows.backups.site_client import OCTETS, Browser, chunk, code, data, frames, received
from webapp.server.accounts.app_tokens import make_token
from webapp.server.accounts.models import AppToken
from webapp.server.accounts.sessions import end_every_session
from webapp.server.ops.logs import AddRequestId, JsonFormatter


class Program:
    """Sends what a signed-in browser prepared, under a token and without any cookie."""

    def __init__(self, browser: Browser, *scopes: str) -> None:
        self.row, self.text = make_token(browser.account, "nightly", scopes)
        self.client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {self.text}"})
        self.browser = browser

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, value: Any) -> Any:
        return self.client.post(path, value, content_type="application/json")

    def octets(self, rest: str, body: bytes) -> Any:
        return self.client.post(self.browser.path(rest), body, content_type=OCTETS)

    def put(self, body: bytes) -> Any:
        return self.client.put(self.browser.path("chunks"), body, content_type=OCTETS)

    def ticket(self, purpose: str) -> Any:
        return self.post("/api/v1/tickets", {"safe": self.browser.safe.hex(), "purpose": purpose})


def refused(reply: Any) -> bool:
    return bool(reply.status_code == 403 and code(reply) == "scope_missing")


@pytest.fixture
def with_snapshot(browser: Browser) -> tuple[Browser, str, bytes]:
    """A safe with one chunk and one snapshot → (browser, the manifest's path, the chunk's id)."""
    name, content = chunk()
    browser.put([(name, content)])
    reply, _ = browser.commit([name])
    return browser, f"snapshots/{reply.json()['snapshot']}/manifest", name


def test_backup_sends_and_commits_and_fetches_no_chunk(with_snapshot: tuple[Browser, str, bytes]) -> None:
    browser, manifest, name = with_snapshot
    program = Program(browser, "backup")
    assert program.get("/api/v1/me").json()["scopes"] == ["backup"]
    assert program.get("/api/v1/me").json()["csrf"] is None
    assert program.post("/api/v1/nonces", {}).status_code == 200
    assert program.octets("chunks/lacking", name).status_code == 200
    assert program.put(frames([chunk()])).status_code == 200
    assert received(program.get(browser.path(manifest))) == b"sealed manifest"
    body, _ = browser.commit_body([name], previous=None)
    assert code(program.octets("snapshots", body)) == "head_moved"
    assert refused(program.octets("chunks/read", name))


def test_restore_fetches_and_sends_nothing(with_snapshot: tuple[Browser, str, bytes]) -> None:
    browser, manifest, name = with_snapshot
    program = Program(browser, "restore")
    assert program.get("/api/v1/safes").status_code == 200
    assert program.get(browser.path("snapshots")).status_code == 200
    assert received(program.get(browser.path(manifest))) == b"sealed manifest"
    assert program.octets("chunks/lacking", name).status_code == 200
    assert received(program.octets("chunks/read", name)).startswith(name)
    assert refused(program.put(frames([chunk()])))
    assert refused(program.post("/api/v1/nonces", {}))
    assert refused(program.octets("snapshots", browser.commit_body([name])[0]))


def test_only_unlock_asks_the_vault_with_a_password(browser: Browser) -> None:
    for scopes in (("backup",), ("restore",), ("backup", "restore")):
        program = Program(browser, *scopes)
        assert refused(program.ticket("login"))
        assert data(program.ticket("login")) == {"scopes": ["unlock"]}
        assert program.ticket("head").status_code == 200
    program = Program(browser, "unlock")
    assert program.ticket("login").status_code == 200
    assert program.ticket("status").status_code == 200


@pytest.mark.parametrize("purpose", ["open-safe", "register", "destroy", "replace", "events"])
def test_no_token_changes_a_password_or_makes_a_safe(browser: Browser, purpose: str) -> None:
    program = Program(browser, "backup", "restore", "unlock")
    assert refused(program.ticket(purpose))
    assert refused(program.post("/api/v1/safes", browser.safe_request()))
    assert refused(program.get(browser.path("passkeys")))
    assert refused(program.post(browser.path(f"passkeys/{'0' * 32}/used"), {}))


@pytest.mark.parametrize("text", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer coffer_" + "A" * 43])
def test_what_is_no_token_is_refused_even_with_a_session(browser: Browser, text: str) -> None:
    reply = browser.client.get("/api/v1/me", headers={"Authorization": text})
    assert (reply.status_code, code(reply)) == (401, "token_refused")


def test_a_token_opens_no_account_page(browser: Browser) -> None:
    program = Program(browser, "backup", "restore", "unlock")
    for path in ("/accounts/sessions/", "/accounts/email/", "/accounts/app-tokens/", "/admin/"):
        assert program.get(path).status_code == 302


def test_a_token_makes_no_session_and_no_cookie(browser: Browser) -> None:
    program = Program(browser, "backup")
    before = Session.objects.count()
    for reply in (program.get("/api/v1/me"), program.post("/api/v1/nonces", {}), program.put(frames([chunk()]))):
        assert reply.status_code == 200
        assert not reply.cookies
    assert Session.objects.count() == before


def test_a_revoked_token_and_one_of_an_account_switched_off_are_refused(browser: Browser) -> None:
    program = Program(browser, "backup")
    browser.account.is_active = False
    browser.account.save()
    assert code(program.get("/api/v1/me")) == "token_refused"
    browser.account.is_active = True
    browser.account.save()
    assert program.get("/api/v1/me").status_code == 200
    program.row.delete()
    assert code(program.get("/api/v1/me")) == "token_refused"


def test_ending_every_session_ends_the_tokens_too(browser: Browser) -> None:
    program = Program(browser, "backup")
    end_every_session(browser.account)
    assert code(program.get("/api/v1/me")) == "token_refused"


def test_another_accounts_safe_is_not_there(browser: Browser, stranger: Browser) -> None:
    program = Program(stranger, "backup", "restore")
    assert code(program.get(browser.path("snapshots"))) == "safe_not_found"


def test_use_is_noted_to_the_minute(browser: Browser) -> None:
    program = Program(browser, "backup")
    program.get("/api/v1/me")
    first = AppToken.objects.get(pk=program.row.pk).last_used
    assert first is not None
    program.get("/api/v1/me")
    assert AppToken.objects.get(pk=program.row.pk).last_used == first


def test_no_log_line_holds_a_token(browser: Browser) -> None:
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(AddRequestId())
    root = logging.getLogger()
    root.addHandler(handler)
    level, root.level = root.level, logging.DEBUG
    try:
        program = Program(browser, "backup")
        program.get("/api/v1/me")
        program.octets("chunks/read", bytes(32))
        program.row.delete()
        program.get("/api/v1/me")
    finally:
        root.removeHandler(handler)
        root.level = level
    assert output.getvalue()
    assert program.text not in output.getvalue()
    assert program.text.removeprefix("coffer_") not in output.getvalue()
