"""A real vault (SQLite file, key file, Django views) and the real client half, joined by an in-process Http."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections
from django.test import Client

from vault.opaque import KE2, ClientLogin, Configuration, IdentityKSF
from vault.server.models import Record
from vault.server.sodium import SodiumGroup
from vault.wire import messages
from vault.wire.message import Message
from vault.wire.ticket import AccountTicket, Purpose, encode
from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto.keys import BackupKey, prepare_password
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import NetworkDown
from webapp.engine.ports import Data, Response
from webapp.engine.vault_client import VaultClient, VaultPins

PASSWORD = prepare_password("right horse, right battery")
WRONG = prepare_password("wrong horse")


@dataclass
class Exchange:
    """One request and its reply, as they crossed."""

    path: str
    body: bytes
    headers: dict[str, str]
    status: int
    reply: bytes


@dataclass
class InProcessHttp:
    """The engine's Http port over Django's test client. `lose` drops the next replies on their way back."""

    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    seen: list[Exchange] = field(default_factory=list)
    lose: int = 0

    async def request(
        self, method: str, path: str, *, body: Data | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        content, given = bytes(body or b""), dict(headers or {})  # type: ignore[call-overload]
        response = await asyncio.to_thread(self._call, method, path, content, given)
        reply = response.getvalue()
        self.seen.append(Exchange(path, content, given, response.status_code, reply))
        if self.lose:
            self.lose -= 1
            raise NetworkDown
        names = {name.lower(): value for name, value in response.items()}
        return Response(response.status_code, names, reply)

    def _call(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Any:
        try:
            return self.client.generic(
                method,
                path,
                content,
                content_type=headers.get("content-type", ""),
                headers={name: value for name, value in headers.items() if name != "content-type"},
            )
        finally:
            connections.close_all()


@dataclass
class Site:
    """The site's one power over the vault: signing account tickets."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    clock: Callable[[], float] = time.time

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def ticket(self, account: bytes, safe: bytes, purpose: Purpose, **changes: Any) -> str:
        values: dict[str, Any] = {
            "ticket_id": secrets.token_bytes(32),
            "account": account,
            "safe": safe,
            "session": secrets.token_bytes(16),
            "expiry": int(self.clock()) + 60,
            "purpose": purpose,
        }
        ticket = AccountTicket(**(values | changes))
        return encode(ticket, self.key.sign(ticket.signed_message()))


@dataclass
class Person:
    """An account with one safe, its key, and a client."""

    site: Site
    pins: VaultPins
    ksf: Any = field(default_factory=IdentityKSF)
    account: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    safe: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: BackupKey = field(default_factory=lambda: BackupKey(Secret(secrets.token_bytes(32))))
    http: InProcessHttp = field(default_factory=InProcessHttp)
    tickets_used: list[str] = field(default_factory=list)

    @property
    def client(self) -> VaultClient:
        return VaultClient(
            self.http,
            NativeCrypto(),
            Configuration(group=SodiumGroup(), ksf=self.ksf),
            self.pins,
            self.ticket,
            self.account,
        )

    def somebody_else(self, **same: Any) -> "Person":
        """Another browser of this account at this safe, with a key of its own unless told."""
        return Person(**({"site": self.site, "pins": self.pins, "account": self.account, "safe": self.safe} | same))

    async def ticket(self, safe: bytes, purpose: Purpose) -> str:
        self.tickets_used.append(self.site.ticket(self.account, safe, purpose))
        return self.tickets_used[-1]

    async def set_up(self, password: Secret = PASSWORD) -> bytes:
        await self.client.open_safe(self.safe, self.key)
        return (await self.client.register_password(self.safe, self.key, password)).record

    async def login(self, password: Secret = PASSWORD) -> Any:
        return await self.client.login_with_password(self.safe, self.key.key_check, password)

    def staged_guess(self, password: Secret) -> "Guess":
        """A login addressed to the staged record."""
        return Guess(self, password, path="replacements/logins")

    def state_of(self, record: bytes) -> str:
        return str(Record.objects.using("vault").get(record_id=record).state)

    def record(self) -> Record:
        return Record.objects.using("vault").filter(safe__safe_id=self.safe).order_by("-version")[0]


@dataclass
class Reply:
    """A status with its JSON."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["error"]["code"])

    @property
    def data(self) -> dict[str, Any]:
        return dict(json.loads(self.body)["error"]["data"])

    def read[M: Message](self, kind: type[M]) -> M:
        assert self.status < 300, self.body
        return kind.from_bytes(self.body)


def post(path: str, message: Message | bytes, ticket: str | None, **headers: str) -> Reply:
    """One raw request to the vault."""
    body = message if isinstance(message, bytes) else message.to_bytes()
    given = headers if ticket is None else {"Coffer-Ticket": ticket, **headers}
    content_type = given.pop("content_type", "application/json")
    response = Client(raise_request_exception=False).generic(
        "POST", f"/vault/v1/{path}", body, content_type=content_type, headers=given
    )
    return Reply(response.status_code, response.content, dict(response.items()))


def sql(statement: str, *values: object) -> list[Any]:
    """What someone with write access to the vault's database could do."""
    with connections["vault"].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


@dataclass
class Guess:
    """One login step by step, so that a test can stop, repeat or spoil any of them."""

    person: Person
    password: Secret
    ticket: str = ""
    path: str = "logins"
    request: messages.StartLogin | None = None
    opaque: Any = None

    def __post_init__(self) -> None:
        self.opaque, ke1 = ClientLogin.generate_ke1(self.configuration, self.password.expose())
        self.request = messages.StartLogin(secrets.token_bytes(16), ke1.to_bytes())
        purpose = Purpose.LOGIN if self.path == "logins" else Purpose.REPLACE
        self.ticket = self.ticket or self.person.site.ticket(self.person.account, self.person.safe, purpose)

    @property
    def configuration(self) -> Configuration:
        return Configuration(group=SodiumGroup(), ksf=self.person.ksf)

    def start(self) -> Reply:
        assert self.request is not None
        return post(self.path, self.request, self.ticket)

    def ke3(self, started: Reply) -> bytes:
        """KE3 by the right password. Raises EnvelopeRecoveryError for a wrong one."""
        result = self.opaque.generate_ke3(
            KE2.from_bytes(started.read(messages.LoginStarted).ke2),
            client_identity=self.person.account,
            server_identity=self.person.pins.opaque_public_key,
        )
        ke3: bytes = result.ke3.to_bytes()
        return ke3

    def finish(self, started: Reply, ke3: bytes | None = None, *, ticket: str | None = None) -> Reply:
        login = started.read(messages.LoginStarted).login
        proof = self.ke3(started) if ke3 is None else ke3
        return post(f"{self.path}/finish", messages.FinishLogin(login, proof), ticket or self.ticket)
