"""Requests of the command line: what is lost is sent again after a while, and what must not be is not."""

import asyncio
import http.server
import threading
from collections.abc import Iterator

import pytest

from webapp.cli import http as patient
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import NetworkDown

TOKEN = "coffer_" + "A" * 43


class Flaky(http.server.BaseHTTPRequestHandler):
    """Ends the connection, or answers with a status, as `script` says; then 200. Notes what it was asked."""

    script: list[int | None]
    seen: list[tuple[str, str, str | None]]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append((self.command, self.path, self.headers.get("Authorization")))
        step = self.script.pop(0) if self.script else 200
        if step is None:
            self.close_connection = True
            return
        self.send_response(step)
        self.send_header("Content-Length", "2")
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(b"ok")

    do_POST = do_GET

    def log_message(self, *arguments: object) -> None: ...


@pytest.fixture
def flaky() -> Iterator[tuple[type[Flaky], str]]:
    handler = type("Scripted", (Flaky,), {"script": [], "seen": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield handler, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient, "WAITS", (0.01, 0.02, 0.04))


def ask(address: str, method: str, path: str, body: bytes | None = None) -> tuple[int, list[float]]:
    """→ the status, and the pauses made before it."""
    pauses: list[float] = []
    site = patient.SiteHttp(address, Secret(TOKEN.encode()), waiting=pauses.append)
    try:
        return asyncio.run(site.request(method, path, body=body)).status, pauses
    finally:
        site.close()


@pytest.mark.parametrize("trouble", [None, 429, 502, 503, 504])
def test_a_request_to_the_site_is_repeated_after_growing_pauses(flaky: tuple[type[Flaky], str], trouble: int) -> None:
    handler, address = flaky
    handler.script = [trouble, trouble]
    status, pauses = ask(address, "POST", "/api/v1/nonces", b"{}")
    assert status == 200
    assert len(handler.seen) == 3
    assert 0 < pauses[0] < pauses[1]


def test_after_the_last_try_the_loss_is_told(flaky: tuple[type[Flaky], str]) -> None:
    handler, address = flaky
    handler.script = [None] * 9
    with pytest.raises(NetworkDown):
        ask(address, "GET", "/api/v1/me")
    assert len(handler.seen) == 4


def test_a_guess_is_never_sent_twice_by_this(flaky: tuple[type[Flaky], str]) -> None:
    handler, address = flaky
    handler.script = [None]
    with pytest.raises(NetworkDown):
        ask(address, "POST", "/vault/v1/logins", b"{}")
    assert len(handler.seen) == 1


def test_a_refusal_is_an_answer(flaky: tuple[type[Flaky], str]) -> None:
    handler, address = flaky
    handler.script = [403]
    assert ask(address, "GET", "/api/v1/me") == (403, [])


def test_the_token_goes_to_the_sites_interface_and_nowhere_else(flaky: tuple[type[Flaky], str]) -> None:
    handler, address = flaky
    ask(address, "GET", "/api/v1/me")
    ask(address, "GET", "/vault/v1/identity")
    site = patient.SiteHttp(address, Secret(TOKEN.encode()))
    asyncio.run(site.external("GET", f"{address}/bucket/object"))
    site.close()
    assert [authorization for _, _, authorization in handler.seen] == [f"Bearer {TOKEN}", None, None]
