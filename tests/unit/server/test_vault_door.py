"""The vault's routes leave the site's stack early: with its headers, without its sessions."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

DOOR = "webapp.server.vault_door.VaultDoor"
LEFT_BEHIND = ("Session", "Locale", "Csrf", "Authentication", "Message", "Account", "OTP", "Common")


@pytest.fixture
def touched(monkeypatch):
    """Which sessions were asked for anything."""
    seen = []
    monkeypatch.setattr(SessionStore, "load", lambda store: seen.append("load") or {})
    monkeypatch.setattr(SessionStore, "save", lambda store, must_create=False: seen.append("save"))
    return seen


def ask(path, **headers):
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
    return browser.post(path, b"{}", content_type="application/json", headers=headers)


@pytest.mark.django_db(databases=["default", "vault"])
def test_its_replies_carry_the_sites_headers(touched):
    elsewhere = ask("/")
    reply = ask("/vault/v1/status")
    for name in (
        "Content-Security-Policy",
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Embedder-Policy",
        "Cross-Origin-Resource-Policy",
        "X-Content-Type-Options",
        "Referrer-Policy",
    ):
        assert name in elsewhere, name
        assert name in reply, name
    assert reply.json()["error"]["code"] == "ticket_missing"


@pytest.mark.django_db(databases=["default", "vault"])
def test_no_session_is_touched_and_no_cookie_set(touched):
    reply = ask("/vault/v1/status", Cookie=f"{settings.SESSION_COOKIE_NAME}=somebody")
    assert touched == []
    assert not reply.cookies
    assert "Cookie" not in reply.get("Vary", "")


def test_it_stands_below_the_headers_and_above_whatever_knows_a_person():
    order = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    door = settings.MIDDLEWARE.index(DOOR)
    assert "SecurityMiddleware" in order[:door]
    assert any("SecurityHeaders" in name for name in order[:door])
    assert not [name for name in order[:door] if name.startswith(LEFT_BEHIND)]
    assert [name for name in order[door:] if name.startswith("Session")]


@pytest.mark.django_db(databases=["default", "vault"])
def test_another_sites_name_is_refused_there_too():
    assert (
        Client(raise_request_exception=False).post("/vault/v1/status", headers={"host": "elsewhere"}).status_code == 400
    )
