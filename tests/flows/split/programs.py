"""Site and vault as two programs, each with the environment that its own host would have, and a browser's session."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.ports import free_port
from vault.opaque import Configuration, IdentityKSF
from vault.server.sodium import SodiumGroup
from vault.wire.messages import Identity
from webapp.cli.crypto import NativeCrypto
from webapp.engine.errors import NetworkDown
from webapp.engine.ports import Data, Response
from webapp.engine.site_client import SiteClient
from webapp.engine.vault_client import VaultClient, VaultPins

ROOT = Path(__file__).resolve().parents[3]
MANAGE = [sys.executable, "manage.py"]
HOST = [sys.executable, "-m", "vault.host"]


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COFFER_", "DJANGO_"))}
    return kept | settings


@dataclass
class Program:
    """One of the two, as its own host knows it. log: all that its processes printed."""

    folder: Path
    command: list[str]
    settings: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    def call(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self.command, *arguments],
            cwd=ROOT,
            env=environment(**self.settings),
            capture_output=True,
            text=True,
            timeout=90,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*self.command, "run"],
                cwd=ROOT,
                env=environment(**self.settings),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 60
        while True:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            try:
                with urllib.request.urlopen(f"{self.origin}/health/ready", timeout=2) as reply:
                    if reply.status == 200:
                        return
            except OSError:
                time.sleep(0.1)

    def stop(self) -> int:
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.process = None
        return code


def make_site(folder: Path, vault_port: int, **settings: str) -> Program:
    """A site that knows its vault by its address alone."""
    port = free_port()
    settings = {
        "COFFER_DATA": str(folder),
        "COFFER_PORT": str(port),
        "COFFER_WORKERS": "1",
        "COFFER_VAULT_URL": f"http://127.0.0.1:{vault_port}",
        **settings,
    }
    site = Program(folder, MANAGE, settings, port)
    site.call("setup")
    return site


def make_vault(folder: Path, port: int, ticket_key: str, **settings: str) -> Program:
    """A vault that knows its site by the key of its tickets alone."""
    settings = {
        "COFFER_VAULT_DATA": str(folder),
        "COFFER_VAULT_PORT": str(port),
        "COFFER_VAULT_ADMIN_PORT": str(free_port()),
        "COFFER_VAULT_TICKET_KEY": ticket_key,
        "COFFER_WORKERS": "1",
        **settings,
    }
    vault = Program(folder, HOST, settings, port)
    vault.call("setup")
    return vault


def pins_of(vault: Program) -> VaultPins:
    identity = Identity.from_json(json.loads(vault.call("identity")))
    return VaultPins(identity.opaque_public_key, identity.signing_public_key)


def ask(
    url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, method: str | None = None
) -> Response:
    """One request without any session."""
    request = urllib.request.Request(url, body, dict(headers or {}), method=method)
    try:
        reply = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30)
    except urllib.error.HTTPError as error:
        reply = error
    with reply:
        return Response(reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.read())


@dataclass
class Session:
    """A browser's session with a site, and the engine's Http port over it. elsewhere: other origins by path prefix,
    as a site that forwards them wrongly would have it."""

    origin: str
    csrf: str = ""
    elsewhere: dict[str, str] = field(default_factory=dict)
    jar: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self.browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), urllib.request.ProxyHandler({})
        )

    def sign_up(self, address: str) -> bytes:
        """→ the account's id."""
        self._post("/accounts/signup/?next=/accounts/sessions/", email=address, next="/accounts/sessions/")
        code = re.search(r'data-copy="(\d{4}-\d{4})"', self._get("/inbox/"))
        assert code is not None
        self._post("/accounts/confirm-email/", code=code.group(1))
        me = json.loads(self._get("/api/v1/me"))
        self.csrf = me["csrf"]
        return bytes.fromhex(me["account"])

    def _get(self, path: str) -> str:
        with self.browser.open(self.origin + path, timeout=30) as reply:
            return str(reply.read().decode())

    def _post(self, path: str, **fields: str) -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self._get(path))
        assert token is not None
        body = urlencode(fields | {"csrfmiddlewaretoken": token.group(1)}).encode()
        request = urllib.request.Request(self.origin + path, body, {"Origin": self.origin})
        with self.browser.open(request, timeout=30) as reply:
            reply.read()

    async def request(
        self, method: str, path: str, *, body: Data | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        content = None if body is None else bytes(body)  # type: ignore[call-overload]
        return await asyncio.to_thread(self._request, method, path, content, dict(headers or {}))

    def _request(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Response:
        origin = next((other for prefix, other in self.elsewhere.items() if path.startswith(prefix)), self.origin)
        given = {**headers, "X-CSRFToken": self.csrf, "Origin": self.origin}
        request = urllib.request.Request(origin + path, body, given, method=method)
        try:
            reply: Any = self.browser.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            reply = error
        except OSError:
            raise NetworkDown from None
        with reply:
            return Response(reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.read())


@dataclass
class Person:
    """Somebody signed in at a site, with an engine that pins a vault."""

    session: Session
    account: bytes
    site: SiteClient
    vault: VaultClient


def arrive(site: Program, address: str, pins: VaultPins) -> Person:
    """Signs up."""
    session = Session(site.origin)
    account = session.sign_up(address)
    provider = NativeCrypto()
    client = SiteClient(session, provider)
    opaque = Configuration(group=SodiumGroup(), ksf=IdentityKSF())
    return Person(session, account, client, VaultClient(session, provider, opaque, pins, client.ticket, account))
