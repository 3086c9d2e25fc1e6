"""kill -9 of the server and of the worker at random moments of many guesses; then every record's history is judged.

What a client could not hear it asks again, word for word, as browsers do. Meanwhile a worker sweeps and rotates the
epoch without end, and some people change their password.
"""

import asyncio
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connections

from tests.flows.vault.world import PASSWORD, WRONG, Guess, InProcessHttp, Person
from vault.host.processes import answers
from vault.opaque import KE2
from vault.server.models import Event, Record
from vault.server.services import counter, events, rotation
from vault.wire import messages
from vault.wire.ticket import HEADER
from webapp.engine.crypto.keys import prepare_password
from webapp.engine.errors import CofferError, NetworkDown
from webapp.engine.ports import Data, Response
from webapp.engine.vault_client import Registered
from webapp.server.ops import processes

NEW = prepare_password("another horse, another battery")
WORKER = """
import django
django.setup()
from vault.server.services import rotation
from vault.server.tasks import end_expired_logins
print("ready", flush=True)
while True:
    end_expired_logins()
    rotation.rotate()
"""


@dataclass
class Mortal:
    """A process that is killed at random moments, with all it started, and started again. moment: waits for one."""

    command: list[str]
    is_up: Callable[[subprocess.Popen[bytes]], bool]
    moment: Callable[["Mortal"], None]
    kills: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        with (settings.DATA / "mortal.log").open("ab") as log:
            while not self.over.is_set():
                process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=log, process_group=0)
                try:
                    while not self.is_up(process) and process.poll() is None:
                        time.sleep(0.05)
                    self.moment(self)
                    self.kills += not self.over.is_set()
                finally:
                    with suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    assert process.stdout is not None
                    process.stdout.close()


class Heard:
    """How many answers came, so that a server dies after a few of them however slow the machine is, and in the middle
    of the next ones."""

    def __init__(self, luck: random.Random) -> None:
        self.answers, self._luck = 0, luck

    def a_few(self, mortal: Mortal) -> None:
        enough = self.answers + self._luck.randint(3, 20)
        while self.answers < enough and not mortal.over.wait(0.005):
            pass
        mortal.over.wait(self._luck.uniform(0, 0.05))

    def a_moment(self, mortal: Mortal) -> None:
        mortal.over.wait(self._luck.uniform(0.05, 1))


heard = Heard(random.Random())


def server_is_up(_: subprocess.Popen[bytes]) -> bool:
    return answers("127.0.0.1", settings.COFFER_PORT)


def says_ready(process: subprocess.Popen[bytes]) -> bool:
    assert process.stdout is not None
    return bool(process.stdout.readline())


def ask(path: str, content: bytes, ticket: str) -> tuple[int, bytes]:
    """Raises NetworkDown."""
    connection = http.client.HTTPConnection("127.0.0.1", settings.COFFER_PORT, timeout=20)
    try:
        connection.request("POST", f"/vault/v1/{path}", content, {"Content-Type": "application/json", HEADER: ticket})
        reply = connection.getresponse()
        answer = reply.status, reply.read()
        heard.answers += 1
        return answer
    except (OSError, http.client.HTTPException):
        time.sleep(0.1)
        raise NetworkDown from None
    finally:
        connection.close()


class MortalHttp(InProcessHttp):
    """The engine's Http port over that."""

    async def request(
        self, method: str, path: str, *, body: Data | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        given = {name.lower(): value for name, value in (headers or {}).items()}
        content = bytes(body or b"")
        status, reply = await asyncio.to_thread(ask, path.rpartition("/vault/v1/")[2], content, given[HEADER.lower()])
        return Response(status, {"content-type": "application/json"}, reply)


def until_heard(path: str, content: bytes, ticket: str) -> tuple[int, dict[str, Any]]:
    """The same request until it is answered by anything but "busy"."""
    while True:
        with suppress(NetworkDown):
            status, reply = ask(path, content, ticket)
            told = json.loads(reply)
            if status != 503:
                return status, told
            assert told["error"]["code"] in {"busy", "custody_down"}, told


@dataclass
class History:
    """What one person did and heard."""

    person: Person
    guesses: int = 0
    recovered: int = 0
    changed: bool = False

    def guess(self, password: Any) -> None:
        """One guess, charged once however often it is asked; now and then asked once more after its answer."""
        one = Guess(self.person, password)
        assert one.request is not None
        status, body = until_heard("logins", one.request.to_bytes(), one.ticket)
        code = "" if status == 200 else body["error"]["code"]
        if code == "ticket_expired":
            return  # the server was away for a whole minute: not charged
        self.guesses += 1
        if code == "ticket_spent":
            return  # charged, and the answer lost for a whole minute
        assert status == 200, body
        if random.random() < 0.3:
            assert until_heard("logins", one.request.to_bytes(), one.ticket) == (200, body)
        if password is not PASSWORD:
            return
        started = messages.LoginStarted.from_json(body)
        result = one.opaque.generate_ke3(
            KE2.from_bytes(started.ke2),
            client_identity=self.person.account,
            server_identity=self.person.pins.opaque_public_key,
        )
        finish = messages.FinishLogin(started.login, result.ke3.to_bytes())
        status, body = until_heard("logins/finish", finish.to_bytes(), one.ticket)
        # Where the first answer was lost, the second says that the attempt has ended.
        assert status == 200 or body["error"]["code"] == "login_gone", body
        self.recovered += 1

    def change_password(self, first: Registered) -> None:
        client = self.person.client
        # A server that starts again takes seconds; refusals come in between.
        for _ in range(600):
            try:
                staged = asyncio.run(client.stage_password(self.person.safe, self.person.key, NEW))
                asyncio.run(client.prove_staged(self.person.safe, self.person.key, NEW))
                asyncio.run(client.promote_staged(self.person.safe, self.person.key, first, staged))
            except CofferError as error:
                if str(getattr(error, "code", "")) == "record_replaced":
                    break  # an earlier attempt was heard after all
                time.sleep(0.1)
                continue
            break
        else:
            raise AssertionError("no replacement came through")
        self.changed = True

    def live(self) -> None:
        try:
            (record,) = Record.objects.using("vault").filter(safe__safe_id=self.person.safe)
            first = Registered(record.record_id, record.version)
            for _ in range(4):
                self.guess(WRONG)
            self.guess(PASSWORD)
            for _ in range(4):
                self.guess(WRONG)
            if self.person.safe[0] % 3 == 0:
                self.change_password(first)
            else:
                self.guess(WRONG)
        finally:
            connections.close_all()


def judge(history: History) -> dict[str, int]:
    """Every record says what its events say; the guesses heard are the guesses charged."""
    found = list(Record.objects.using("vault").filter(safe__safe_id=history.person.safe).order_by("version"))
    charged = refunded = 0
    for record in found:
        counter.read(record)
        assert events.chain_holds(record)
        left, charges = 10, 0
        for event in Event.objects.using("vault").filter(record=record).order_by("number"):
            if event.kind in {"guess_charged", "locked"}:
                left, charges = left - 1, charges + 1
            elif event.kind == "recovered":
                left = 10
            elif event.kind == "destroyed":
                left = 0
            refunded += event.guesses_left > left
        refunded += record.guesses_left > left
        assert record.charges == charges, "a charge without its event"
        charged += charges if record.version == 1 else 0
    states = [record.state for record in found if record.state in {"active", "staged"}]
    half = states.count("active") != 1 or (history.changed and found[0].state != "destroyed")
    half = half or any((record.sealed_wrapped_key is None) != (record.state == "destroyed") for record in found)
    client = history.person.somebody_else(key=history.person.key).client
    right = NEW if history.changed else PASSWORD
    opened = asyncio.run(client.login_with_password(history.person.safe, history.person.key.key_check, right))
    assert opened.key.secret == history.person.key.secret
    return {"charged_twice": charged - history.guesses, "refunded": refunded, "half_promoted": int(half)}


def killed(everyone: list[Person]) -> dict[str, Any]:
    """Ten steps a person, mostly guesses, while server and worker die; → what was found wrong, and how often they
    died."""
    begun = time.monotonic()
    command = processes.web_server("127.0.0.1", settings.COFFER_PORT, 1, 4)
    server = Mortal(command, server_is_up, heard.a_few)
    worker = Mortal([sys.executable, "-c", WORKER], says_ready, heard.a_moment)
    threads = [threading.Thread(target=one.run) for one in (server, worker)]
    for thread in threads:
        thread.start()
    histories = [History(person.somebody_else(key=person.key, http=MortalHttp())) for person in everyone]
    try:
        with ThreadPoolExecutor(6) as pool:
            for done in [pool.submit(history.live) for history in histories]:
                done.result()
    finally:
        for one in (server, worker):
            one.over.set()
        for thread in threads:
            thread.join()
    rotation.rotate()
    found = [judge(history) for history in histories]
    return {
        "guesses": sum(history.guesses for history in histories),
        "recoveries": sum(history.recovered for history in histories),
        "replacements": sum(history.changed for history in histories),
        "server_kills": server.kills,
        "worker_kills": worker.kills,
        "seconds": time.monotonic() - begun,
        **{name: sum(one[name] for one in found) for name in found[0]},
    }
