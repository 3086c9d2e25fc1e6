"""The edge refuses everything a route did not ask for, with one shape of error, and keeps no copy anywhere."""

import io
import json

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory
from django.urls import resolve

from tests.flows.vault.world import PASSWORD, Guess, post
from vault.server import views
from vault.server.services import login
from vault.wire import messages
from vault.wire.routes import ROUTES as TABLE

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

ROUTES = {route.path: (route.purpose, route.body_bytes) for route in TABLE if route.method == "POST"}
every_route = pytest.mark.parametrize("path", ROUTES)


def ticket_for(person, path):
    return person.site.ticket(person.account, person.safe, ROUTES[path][0])


class NeverRead(io.BytesIO):
    def read(self, *args):
        pytest.fail("read")


@every_route
def test_a_body_over_the_cap_is_refused_before_it_is_read(person, path):
    environ = RequestFactory().post(f"/vault/v1/{path}", b"{}", content_type="application/json").environ
    environ |= {"CONTENT_LENGTH": str(ROUTES[path][1] + 1), "wsgi.input": NeverRead()}
    response = resolve(f"/vault/v1/{path}").func(WSGIRequest(environ))
    assert response.status_code == 413
    assert json.loads(response.content)["error"]["code"] == "body_too_large"


@every_route
def test_a_body_of_exactly_the_cap_is_read(person, path):
    refused = post(path, b" " * ROUTES[path][1], ticket_for(person, path))
    assert (refused.status, refused.code) == (400, "malformed")


@every_route
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_accepted(person, path, kind):
    refused = post(path, b"{}", ticket_for(person, path), content_type=kind)
    assert (refused.status, refused.code) == (415, "content_type")


@every_route
@pytest.mark.parametrize("body", [b" ", b"[]", b"null", b"{", b"\xff", b'{"extra": 1}', b'{"a":1,"a":1}'])
def test_what_is_not_the_routes_message_is_refused(person, path, body):
    refused = post(path, body, ticket_for(person, path))
    assert (refused.status, refused.code) == (400, "malformed")


@every_route
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_only_post_is_answered(person, path, method):
    response = Client().generic(method, f"/vault/v1/{path}", headers={"Coffer-Ticket": ticket_for(person, path)})
    assert response.status_code == 405
    assert response["Allow"] == "POST"


def test_the_identity_is_asked_by_get(person):
    assert Client().post("/vault/v1/identity", "{}", content_type="application/json").status_code == 405
    reply = Client().get("/vault/v1/identity")
    identity = messages.Identity.from_bytes(reply.content)
    assert identity.opaque_public_key == person.pins.opaque_public_key
    assert identity.signing_public_key == person.pins.signing_public_key


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("path", ["", "elsewhere", "safes/", "logins/finish/again", "Identity"])
def test_any_other_address_is_a_typed_404(vault, method, path):
    response = Client().generic(method, f"/vault/v1/{path}", b"{}", content_type="application/json")
    assert response.status_code == 404
    assert json.loads(response.content)["error"]["code"] == "not_found"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("length", ["", "-1", "x", "1e3", "٣"])
def test_a_body_without_its_length_is_refused(person, length):
    response = Client().generic(
        "POST",
        "/vault/v1/status",
        b"{}",
        content_type="application/json",
        headers={"Coffer-Ticket": ticket_for(person, "status")},
        CONTENT_LENGTH=length,
    )
    assert response.status_code == 411


def test_a_body_shorter_than_it_says_is_refused(person):
    environ = RequestFactory().post("/vault/v1/status", b"{}", content_type="application/json").environ
    environ |= {"CONTENT_LENGTH": "3", "wsgi.input": io.BytesIO(b"{}")}
    environ["HTTP_COFFER_TICKET"] = ticket_for(person, "status")
    assert views.status(WSGIRequest(environ)).status_code == 400


@pytest.mark.parametrize("origin", [None, "https://elsewhere.example"])
def test_no_reply_is_cached_shared_or_remembered_by_a_cookie(person, run, origin):
    run(person.set_up())
    headers = {} if origin is None else {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
    good = post("status", messages.Empty(), ticket_for(person, "status"), **headers)
    bad = post("status", messages.Empty(), None, **headers)
    for reply in (good, bad):
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Content-Type"] == "application/json"
        assert not [name for name in reply.headers if name.lower().startswith("access-control")]
        assert "Set-Cookie" not in reply.headers


def test_a_session_of_the_site_gives_no_power(person, django_user_model):
    """The authority is the ticket alone: a signed-in browser without one is nobody."""
    account = django_user_model(email="somebody@example.org", is_staff=True, is_superuser=True)
    account.set_unusable_password()
    account.save()
    client = Client()
    client.force_login(account)
    response = client.post("/vault/v1/status", "{}", content_type="application/json")
    assert response.status_code == 401
    assert json.loads(response.content)["error"]["code"] == "ticket_missing"


def test_an_error_says_what_happened_and_what_to_do(person):
    refused = post("status", messages.Empty(), ticket_for(person, "status"))
    assert json.loads(refused.body) == {
        "error": {
            "code": "safe_unknown",
            "message": "The vault does not know this safe.",
            "next": "Set the password up again.",
            "data": {},
        }
    }


def test_a_lock_says_when_it_ends(person, run, settings):
    settings.VAULT_BACKOFF = [(1, 90)]
    run(person.set_up())
    assert Guess(person, PASSWORD).start().status == 200
    locked = Guess(person, PASSWORD).start()
    assert (locked.status, locked.code) == (429, "record_locked")
    assert 85 <= int(locked.headers["Retry-After"]) <= 90
    assert locked.data["until"].endswith("Z")


def test_an_unforeseen_error_tells_nothing(person, run, monkeypatch, settings):
    settings.DEBUG = True
    run(person.set_up())

    def failing(*args):
        secret_local = "the password is horse"
        raise ValueError(secret_local)

    monkeypatch.setattr(login, "_charged", failing)
    refused = Guess(person, PASSWORD).start()
    assert (refused.status, refused.code) == (500, "internal")
    assert b"horse" not in refused.body
