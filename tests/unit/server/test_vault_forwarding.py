"""What the site hands on to a vault of its own, and what it believes of the answer: a recording stand-in listens."""

import http.server
import json
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.test import RequestFactory

from vault.wire.limits import BODY_BYTES, REPLY_BYTES, TICKET_HEADER_BYTES
from vault.wire.routes import DOCUMENT, FINISH_REGISTRATION, IDENTITY, ROUTES, START_LOGIN, STATUS
from webapp.server.vault_link import connection, views

GOOD = (200, {"Content-Type": "application/json", "Cache-Control": "no-store"}, b'{"state":"none"}')


class StandIn(http.server.ThreadingHTTPServer):
    """Keeps what it is asked and answers what it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.delay, self.close_after = GOOD, 0.0, False
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.connections = 0

    def process_request(self, request, client_address) -> None:
        self.connections += 1
        super().process_request(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        time.sleep(self.server.delay)
        status, headers, content = self.server.answer
        try:
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            pass
        self.close_connection = self.server.close_after

    do_GET = do_POST = _any

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def stand_in(settings) -> Iterator[StandIn]:
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.VAULT_URL, settings.VAULT_CA = f"http://127.0.0.1:{server.server_port}", None
    views.vault.cache_clear()
    yield server
    views.vault()._drop()
    views.vault.cache_clear()
    server.shutdown()
    server.server_close()
    thread.join()


def send(route, body=b"{}", content_type="application/json", method=None, **headers):
    request = RequestFactory().generic(
        method or route.method, f"/vault/v1/{route.path}", body, content_type=content_type, headers=headers
    )
    return views.forwarding(route)(request)


def code_of(response) -> str:
    return json.loads(response.content)["error"]["code"]


def test_three_headers_and_the_body_go_along_and_nothing_else(stand_in):
    send(
        STATUS,
        b'{"a":1}',
        **{
            "Coffer-Ticket": "abc",
            "Cookie": "coffer-session=s",
            "Authorization": "Bearer x",
            "X-Forwarded-For": "1.2.3.4",
        },
    )
    ((method, path, headers, body),) = stand_in.seen
    assert (method, path, body) == ("POST", "/vault/v1/status", b'{"a":1}')
    added = {"host", "accept-encoding"}
    assert {name: value for name, value in headers.items() if name not in added} == {
        "coffer-ticket": "abc",
        "content-type": "application/json",
        "content-length": "7",
    }


def test_the_query_stays_behind(stand_in):
    request = RequestFactory().get("/vault/v1/identity?secret=1")
    views.forwarding(IDENTITY)(request)
    assert stand_in.seen[0][1] == "/vault/v1/identity"


def test_the_answer_comes_back_without_cookies_or_foreign_headers(stand_in):
    stand_in.answer = (
        429,
        {
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            "Retry-After": "60",
            "Set-Cookie": "a=b",
            "Access-Control-Allow-Origin": "*",
            "Server": "x",
        },
        b'{"error":{}}',
    )
    response = send(STATUS)
    assert (response.status_code, response.content) == (429, b'{"error":{}}')
    assert {name.lower() for name in response.headers} == {"content-type", "cache-control", "retry-after"}
    assert not response.cookies


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_another_method_stays_here(stand_in, route, method):
    if method == route.method:
        return
    response = send(route, method=method)
    assert (response.status_code, response["Allow"]) == (405, route.method)
    assert stand_in.seen == []


def test_a_body_over_the_routes_cap_stays_here(stand_in):
    assert code_of(send(STATUS, b" " * (BODY_BYTES + 1))) == "body_too_large"
    assert stand_in.seen == []
    assert send(FINISH_REGISTRATION, b" " * (BODY_BYTES + 1)).status_code == 200


def test_a_body_of_unknown_length_stays_here(stand_in):
    request = RequestFactory().post("/vault/v1/status", b"{}", content_type="application/json", CONTENT_LENGTH="")
    assert code_of(views.forwarding(STATUS)(request)) == "length_required"
    assert stand_in.seen == []


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Coffer-Ticket": "x" * (TICKET_HEADER_BYTES + 1)}, "ticket_refused"),
        ({"Coffer-Ticket": "x\r\nCookie: y"}, "ticket_refused"),
        ({"Coffer-Ticket": "ü"}, "ticket_refused"),
    ],
)
def test_a_header_that_is_no_ticket_stays_here(stand_in, headers, code):
    assert code_of(send(STATUS, **headers)) == code
    assert stand_in.seen == []


@pytest.mark.parametrize(
    "answer",
    [
        (502, {"Content-Type": "text/html"}, b"<html>bad gateway"),
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (200, {"Content-Type": "application/json"}, b" " * (REPLY_BYTES + 1)),
    ],
    ids=["a page", "a redirect", "too long"],
)
def test_what_no_vault_says_is_a_typed_503(stand_in, answer):
    stand_in.answer = answer
    response = send(STATUS)
    assert (response.status_code, code_of(response)) == (503, "vault_unreachable")
    assert response["Cache-Control"] == "no-store"
    assert len(stand_in.seen) == 1


def test_the_description_may_be_longer_than_other_replies(stand_in):
    stand_in.answer = (200, {"Content-Type": "application/json"}, b" " * (REPLY_BYTES + 1))
    assert send(DOCUMENT).status_code == 200


def test_a_vault_that_does_not_answer_in_time_is_a_typed_503(stand_in, monkeypatch):
    monkeypatch.setattr(connection, "REPLY_SECONDS", 0.2)
    stand_in.delay = 0.6
    assert code_of(send(START_LOGIN)) == "vault_unreachable"
    assert len(stand_in.seen) == 1, "nothing is sent twice: the vault may have acted on it"
    stand_in.delay = 0.0
    assert send(START_LOGIN).status_code == 200


def test_no_vault_at_all_is_a_typed_503(settings):
    settings.VAULT_URL, settings.VAULT_CA = "http://127.0.0.1:1", None
    views.vault.cache_clear()
    assert code_of(send(STATUS)) == "vault_unreachable"
    views.vault.cache_clear()


def test_a_connection_is_kept_and_one_that_the_vault_closed_is_not_used(stand_in):
    for _ in range(3):
        assert send(STATUS).status_code == 200
    assert stand_in.connections == 1
    stand_in.close_after = True
    assert send(STATUS).status_code == 200
    time.sleep(0.05)
    assert send(STATUS).status_code == 200
    assert stand_in.connections == 2


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for `name`, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(signed.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return pem, secret


@pytest.mark.parametrize(
    ("name", "trusted", "answers"),
    [
        ("localhost", True, True),
        ("localhost", False, False),
        ("elsewhere", True, False),
    ],
)
def test_the_vaults_certificate_must_be_signed_by_the_authority_named_and_for_its_host(
    tmp_path, name, trusted, answers
):
    pem, secret = certificate(tmp_path, name)
    server = StandIn()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *arguments: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    link = connection.VaultConnection(f"https://localhost:{server.server_port}", str(pem) if trusted else None)
    try:
        if answers:
            assert link.send("GET", "/vault/v1/identity", b"", {}, REPLY_BYTES).status == 200
        else:
            with pytest.raises(connection.VaultUnreachable):
                link.send("GET", "/vault/v1/identity", b"", {}, REPLY_BYTES)
    finally:
        link._drop()
        server.shutdown()
        server.server_close()
        thread.join()
    assert len(server.seen) == (1 if answers else 0)
