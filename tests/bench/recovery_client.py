"""One client that recovers its key again and again, over one keep-alive connection, in a process of its own.

    python -m tests.bench.recovery_client < one JSON object

It shares the cores with the server it measures, so it prepares what a browser would prepare before it asks (blinded
password, key share, ticket) and speaks HTTP/1.1 over a plain socket. What depends on the server's answer (KE3) is
computed in between, as in earnest; the key stretching is the identity, because Argon2id runs in people's browsers.
It says "ready", waits for a line, then runs; a second line, where `seconds` is null, ends it. → one JSON object.
"""

import json
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vault.opaque import KE2, ClientLogin, Configuration, IdentityKSF
from vault.server.sodium import SodiumGroup
from vault.wire import messages
from vault.wire.message import Message
from vault.wire.ticket import HEADER, AccountTicket, Purpose, encode


class Connection:
    """HTTP/1.1 with keep-alive: one request, one reply with a Content-Length. It begins with the first request: the
    server does not wait for those who take their time to prepare."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._host = f"127.0.0.1:{port}"

    @cached_property
    def _socket(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def encoded(self, path: str, message: Message, ticket: str) -> bytes:
        body = message.to_bytes()
        head = (
            f"POST /vault/v1/{path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
            f"{HEADER}: {ticket}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def ask(self, request: bytes) -> tuple[int, dict[str, Any]]:
        self._socket.sendall(request)
        reply = b""
        while b"\r\n\r\n" not in reply:
            reply += self._more()
        head, _, body = reply.partition(b"\r\n\r\n")
        (length,) = [
            int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"
        ]
        while len(body) < length:
            body += self._more()
        return int(head[9:12]), json.loads(body)

    def _more(self) -> bytes:
        received = self._socket.recv(65536)
        if not received:
            raise ConnectionError("the server closed the connection")
        return received


@dataclass(frozen=True, slots=True)
class Prepared:
    """A login as far as it goes without the server."""

    opaque: ClientLogin
    ticket: str
    request: bytes


class RecoveringClient:
    """One person's browser. task: account, safe, password, opaque_public_key, ticket_seed, all in hex."""

    def __init__(self, task: dict[str, Any], connection: Any) -> None:
        self._connection = connection
        self._account, self._safe = bytes.fromhex(task["account"]), bytes.fromhex(task["safe"])
        self._password = bytes.fromhex(task["password"])
        self._pinned = bytes.fromhex(task["opaque_public_key"])
        self._site = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(task["ticket_seed"]))
        self._configuration = Configuration(group=SodiumGroup(), ksf=IdentityKSF())
        self.times: list[float] = []
        self.prepared: list[Prepared] = []

    def prepare(self) -> Prepared:
        opaque, ke1 = ClientLogin.generate_ke1(self._configuration, self._password)
        ticket = AccountTicket(
            ticket_id=secrets.token_bytes(32),
            account=self._account,
            safe=self._safe,
            session=secrets.token_bytes(16),
            expiry=int(time.time()) + 60,
            purpose=Purpose.LOGIN,
        )
        text = encode(ticket, self._site.sign(ticket.signed_message()))
        request = messages.StartLogin(secrets.token_bytes(16), ke1.to_bytes())
        return Prepared(opaque, text, self._connection.encoded("logins", request, text))

    def recover(self) -> None:
        """KE1 and KE3; notes the seconds of the server's two answers."""
        one = self.prepared.pop() if self.prepared else self.prepare()
        begun = time.perf_counter()
        status, started = self._connection.ask(one.request)
        first = time.perf_counter() - begun
        assert status == 200, started
        result = one.opaque.generate_ke3(
            KE2.from_bytes(messages.LoginStarted.from_json(started).ke2),
            client_identity=self._account,
            server_identity=self._pinned,
        )
        finish = messages.FinishLogin(bytes.fromhex(started["login"]), result.ke3.to_bytes())
        request = self._connection.encoded("logins/finish", finish, one.ticket)
        begun = time.perf_counter()
        status, finished = self._connection.ask(request)
        self.times.append(first + time.perf_counter() - begun)
        assert status == 200, finished


def _until(seconds: float | None) -> Callable[[], bool]:
    if seconds is not None:
        end = time.monotonic() + seconds
        return lambda: time.monotonic() >= end
    told = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), told.set()), daemon=True).start()
    return told.is_set


def main() -> None:
    task = json.loads(sys.stdin.readline())
    client = RecoveringClient(task, Connection(task["port"]))
    client.prepared = [client.prepare() for _ in range(task["prepared"])]
    client.recover()
    client.times.clear()
    print("ready", flush=True)
    sys.stdin.readline()
    ended, pause, used = _until(task["seconds"]), task["pause"], time.process_time()
    begun = time.monotonic()
    while not ended():
        client.recover()
        if pause:
            time.sleep(pause)
    print(
        json.dumps(
            {"times": client.times, "cpu": time.process_time() - used, "seconds": time.monotonic() - begun},
        ),
        flush=True,
    )


if __name__ == "__main__":
    main()
