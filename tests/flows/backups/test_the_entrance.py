"""Who may come in, in what form, and the one shape of every refusal."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.flows.backups.site_client import OCTETS, Browser, chunk, code, data, sign_in
from webapp.server.backups.errors import ALL_ERRORS
from webapp.server.backups.models import Chunk, Safe

SAFE = f"/api/v1/safes/{'0' * 32}"
GET_PATHS = ["/api/v1/me", "/api/v1/safes", f"{SAFE}/snapshots", f"{SAFE}/snapshots/{'0' * 32}/manifest"]
POST_PATHS = ["/api/v1/nonces", "/api/v1/safes", "/api/v1/tickets"]
OCTET_PATHS = ["chunks/lacking", "chunks/read", "snapshots"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", GET_PATHS)
def test_reading_signed_out_is_refused(path: str) -> None:
    reply = Client().get(path)
    assert (reply.status_code, code(reply)) == (401, "signed_out")
    assert json.loads(reply.content)["error"]["next"] == "Sign in again; nothing is lost."


@pytest.mark.django_db
@pytest.mark.parametrize("path", POST_PATHS)
def test_writing_signed_out_is_refused(path: str) -> None:
    reply = Client().post(path, {}, content_type="application/json")
    assert (reply.status_code, code(reply)) == (401, "signed_out")


@pytest.mark.django_db
@pytest.mark.parametrize("rest", OCTET_PATHS)
def test_sending_bytes_signed_out_is_refused(rest: str) -> None:
    reply = Client().post(f"{SAFE}/{rest}", bytes(32), content_type=OCTETS)
    assert (reply.status_code, code(reply)) == (401, "signed_out")


@pytest.mark.django_db
def test_an_account_that_was_switched_off_is_signed_out(browser: Browser) -> None:
    browser.account.is_active = False
    browser.account.save()
    assert code(browser.client.get("/api/v1/me")) == "signed_out"


@pytest.fixture
def strict(browser: Browser) -> Browser:
    """The same browser, with the CSRF check that real browsers meet."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(browser.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.client = client
    return browser


def requests_that_change(browser: Browser, **headers: Any) -> list[Any]:
    client = browser.client
    return [
        *[client.post(path, {}, content_type="application/json", **headers) for path in POST_PATHS],
        *[client.post(browser.path(rest), bytes(32), content_type=OCTETS, **headers) for rest in OCTET_PATHS],
        client.put(browser.path("chunks"), bytes(10), content_type=OCTETS, **headers),
    ]


def test_every_unsafe_request_needs_the_csrf_token(strict: Browser) -> None:
    for reply in requests_that_change(strict):
        assert (reply.status_code, code(reply)) == (403, "csrf_failed")


def test_a_wrong_csrf_token_is_refused(strict: Browser) -> None:
    strict.client.get("/api/v1/me")
    for reply in requests_that_change(strict, HTTP_X_CSRFTOKEN="x" * 64):
        assert (reply.status_code, code(reply)) == (403, "csrf_failed")


def test_the_token_from_me_opens(strict: Browser) -> None:
    token = strict.client.get("/api/v1/me").json()["csrf"]
    reply = strict.client.post("/api/v1/nonces", {}, content_type="application/json", HTTP_X_CSRFTOKEN=token)
    assert reply.status_code == 200


def test_a_request_from_another_origin_is_refused(strict: Browser) -> None:
    token = strict.client.get("/api/v1/me").json()["csrf"]
    for reply in requests_that_change(strict, HTTP_X_CSRFTOKEN=token, HTTP_ORIGIN="https://elsewhere.example"):
        assert (reply.status_code, code(reply)) == (403, "csrf_failed")


@pytest.mark.parametrize(
    "type_", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
)
def test_forms_are_not_read(browser: Browser, type_: str) -> None:
    for path in [*POST_PATHS, *[browser.path(rest) for rest in OCTET_PATHS]]:
        reply = browser.client.post(path, b"a=b", content_type=type_)
        assert (reply.status_code, code(reply)) == (415, "unsupported_type")


def test_json_where_bytes_belong_is_refused(browser: Browser) -> None:
    for rest in OCTET_PATHS:
        reply = browser.client.post(browser.path(rest), {}, content_type="application/json")
        assert (reply.status_code, code(reply)) == (415, "unsupported_type")


def test_a_body_without_a_length_is_refused(browser: Browser) -> None:
    reply = browser.client.put(
        browser.path("chunks"), b"x", content_type=OCTETS, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked"
    )
    assert (reply.status_code, code(reply)) == (411, "length_required")


@pytest.mark.parametrize("length", ["-1", "1e3", "+5", "٣"])
def test_a_length_that_is_no_number_is_refused(browser: Browser, length: str) -> None:
    reply = browser.client.put(browser.path("chunks"), b"x", content_type=OCTETS, CONTENT_LENGTH=length)
    assert (reply.status_code, code(reply)) == (411, "length_required")


def test_a_long_json_body_is_refused(browser: Browser) -> None:
    reply = browser.post("/api/v1/tickets", {"safe": "0" * 32, "purpose": "x" * 9_000})
    assert (reply.status_code, code(reply)) == (413, "body_too_large")


def test_broken_json_is_refused(browser: Browser) -> None:
    reply = browser.client.post("/api/v1/tickets", b"{", content_type="application/json")
    assert (reply.status_code, code(reply)) == (422, "invalid_request")


def test_a_wrong_field_is_named_and_its_value_is_not_repeated(browser: Browser) -> None:
    reply = browser.post("/api/v1/safes", browser.safe_request(key_check="not-sixteen-bytes"))
    assert (reply.status_code, code(reply)) == (422, "invalid_request")
    assert [field.split(".")[-1] for field in data(reply)["fields"]] == ["key_check"]
    assert b"not-sixteen-bytes" not in reply.content


@pytest.mark.parametrize("safe", ["0" * 31, "0" * 33, "A" * 32, "g" * 32])
def test_an_id_is_thirty_two_lower_case_hex_digits(browser: Browser, safe: str) -> None:
    reply = browser.client.get(f"/api/v1/safes/{safe}/snapshots")
    assert (reply.status_code, code(reply)) == (422, "invalid_request")


@pytest.mark.parametrize(
    "path", ["/api/v1/", "/api/v1/nothing", "/api/v1/safes/", "/api/v1/docs", "/api/v1/openapi.json"]
)
def test_other_addresses_do_not_exist(browser: Browser, path: str) -> None:
    reply = browser.client.get(path)
    assert (reply.status_code, code(reply)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"), [("delete", "/api/v1/safes"), ("get", "/api/v1/nonces"), ("patch", "/api/v1/safes")]
)
def test_other_methods_are_not_allowed(browser: Browser, method: str, path: str) -> None:
    reply = getattr(browser.client, method)(path, CONTENT_TYPE="application/json")
    assert (reply.status_code, code(reply)) == (405, "method_not_allowed")
    assert reply["Allow"]


@pytest.mark.parametrize("path", GET_PATHS[:2])
def test_good_replies_are_not_kept_by_caches_nor_open_to_other_origins(browser: Browser, path: str) -> None:
    reply = browser.client.get(path, HTTP_ORIGIN="https://elsewhere.example")
    assert reply.status_code == 200
    assert reply["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in reply


@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_anothers_safe_looks_like_none_at_all(browser: Browser, stranger: Browser, method: str) -> None:
    part = chunk()
    stranger.put([part])
    manifest = f"snapshots/{stranger.commit([part[0]])[0].json()['snapshot']}/manifest"
    for rest in {"get": ["snapshots", manifest], "post": OCTET_PATHS, "put": ["chunks"]}[method]:
        replies = []
        for safe in (stranger.safe, bytes(16)):
            request = getattr(browser.client, method)
            path = f"/api/v1/safes/{safe.hex()}/{rest}"
            replies.append(request(path, part[0], content_type=OCTETS) if method != "get" else request(path))
        assert [(reply.status_code, code(reply)) for reply in replies] == [(404, "safe_not_found")] * 2
        assert replies[0].content == replies[1].content
    assert Chunk.objects.count() == 1


def test_lists_hold_only_ones_own_safes(browser: Browser, stranger: Browser) -> None:
    assert [safe["safe"] for safe in browser.client.get("/api/v1/safes").json()] == [browser.safe.hex()]
    assert Safe.objects.count() == 2


def test_one_accounts_chunks_say_nothing_about_anothers(browser: Browser, stranger: Browser) -> None:
    part = chunk()
    stranger.put([part])
    assert browser.octets("chunks/lacking", part[0]).content == bytes(32)
    assert code(browser.octets("chunks/read", part[0])) == "chunk_missing"
    assert code(browser.commit([part[0]])[0]) == "chunks_missing"


def test_every_error_has_a_code_of_its_own_and_says_what_next() -> None:
    codes = [error.code for error in ALL_ERRORS]
    assert len(codes) == len(set(codes))
    for error in ALL_ERRORS:
        assert str(error.message).endswith(".")
        assert str(error.next).endswith(".")
        assert 400 <= error.status < 600


def test_every_error_code_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    for error in ALL_ERRORS:
        assert f"| {error.status} | `{error.code}` |" in page


def test_a_signed_out_upload_is_taken_in_so_that_the_answer_arrives(browser: Browser) -> None:
    """The test client complains about nothing here; what counts is that the view has read the body to its end."""
    body = bytes(1_000_000)
    reads: list[int] = []

    class Counting:
        def __init__(self) -> None:
            self.left = len(body)

        def read(self, size: int = -1) -> bytes:
            size = min(size, self.left)
            self.left -= size
            reads.append(size)
            return bytes(size)

        readline = read

    path = browser.path("chunks")
    reply = Client().put(path, body, content_type=OCTETS, **{"wsgi.input": Counting()})
    assert code(reply) == "signed_out"
    assert sum(reads) == len(body)
    assert sign_in(browser.account.email).client.get("/api/v1/me").status_code == 200
