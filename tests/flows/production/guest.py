"""A person at a public Coffer, behind its proxy: signs in by a code that really came by mail, with the whole engine."""

import asyncio
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode

from tests.flows.circle.world import Visitor
from tests.flows.production.house import ORIGIN, House
from tests.flows.production.mail_server import Letterbox
from vault.opaque import Configuration, IdentityKSF
from vault.server.sodium import SodiumGroup
from webapp.cli.crypto import NativeCrypto
from webapp.engine.ports import Data, Response
from webapp.engine.site_client import SiteClient
from webapp.engine.vault_client import VaultClient
from webapp.server.notices.inbox import code_in

ADDRESS_OF_THE_BROWSER = "203.0.113.77"


def _jar() -> CookieJar:
    # The proxy speaks HTTPS with the browser; behind it this test speaks HTTP.
    return CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))


@dataclass
class ProxiedSession:
    """A browser's session with the site, through a proxy, and the engine's Http port over it."""

    port: int
    csrf: str = ""
    jar: CookieJar = field(default_factory=_jar)
    answers: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), urllib.request.ProxyHandler({})
        )

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        given = {
            **(headers or {}),
            "Host": ORIGIN.removeprefix("https://"),
            "Origin": ORIGIN,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": ADDRESS_OF_THE_BROWSER,
        }
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, given, method=method)
        try:
            reply: Any = self.browser.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            self.answers.append((path, reply.status))
            return Response(reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.read())

    def page(self, path: str) -> str:
        return bytes(self.ask("GET", path).body).decode()

    def form(self, path: str, **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page(path))
        assert token is not None, path
        body = urlencode(fields | {"csrfmiddlewaretoken": token.group(1)}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return bytes(self.ask("POST", path, body, kind).body).decode()

    async def request(
        self, method: str, path: str, *, body: Data | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        content = None if body is None else bytes(body)  # type: ignore[call-overload]
        return await asyncio.to_thread(self.ask, method, path, content, {**(headers or {}), "X-CSRFToken": self.csrf})


@dataclass
class Named:
    """What a Visitor needs of an account."""

    public_id: bytes


class Guest(Visitor):
    """codes: those that were mailed to this person."""

    def __init__(self, house: House, box: Letterbox, address: str, *, new: bool) -> None:
        self.session = ProxiedSession(house.port)
        self.address, self.codes = address, []
        before = len(box.to(address))
        if new:
            self.session.form("/accounts/signup/", email=address)
            self.session.form("/accounts/confirm-email/", code=self._code(box, before))
        else:
            self.session.form("/accounts/login/", login=address)
            self.session.form("/accounts/login/code/confirm/", code=self._code(box, before))
        me = json.loads(self.session.page("/api/v1/me"))
        self.session.csrf = me["csrf"]
        self.account = Named(bytes.fromhex(me["account"]))  # type: ignore[assignment]
        self.http = self.session  # type: ignore[assignment]
        self.provider = NativeCrypto()
        self.site = SiteClient(self.session, self.provider)
        opaque = Configuration(group=SodiumGroup(), ksf=IdentityKSF())
        assert house.pins is not None
        self.vault = VaultClient(
            self.session, self.provider, opaque, house.pins, self.site.ticket, self.account.public_id
        )

    def _code(self, box: Letterbox, before: int) -> str:
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            for _, text in box.to(self.address)[before:]:
                code = code_in(text)
                if code is not None:
                    self.codes.append(code)
                    return code
            time.sleep(0.1)
        raise TimeoutError("no code came by mail")
