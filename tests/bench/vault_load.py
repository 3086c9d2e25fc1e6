"""One vault behind real server processes, and the load on it. Run by bench_vault.py, with the environment it sets:

    python -m tests.bench.vault_load guesses|logins|rotation NUMBER

It prints one JSON object.
"""
# ruff: noqa: E402 (Django first)

import http.client
import io
import json
import secrets
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import django

django.setup()

import asyncio

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import call_command

from tests.flows.vault.world import PASSWORD, WRONG, Guess, Person, Site
from vault.host.processes import answers
from vault.lockout import GuessRecord, State
from vault.server.clock import database_now
from vault.server.models import Identity, Record, Safe
from vault.server.services import counter, identity, rotation, sealing
from vault.wire import messages
from vault.wire.message import Message
from vault.wire.ticket import HEADER
from webapp.engine.vault_client import VaultPins
from webapp.server.ops import processes

WORKERS = 3
settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]


def site() -> Site:
    """The site's own ticket key, so that the served vault accepts our tickets."""
    from webapp.server import signing

    class Signing(Site):
        @property
        def public_key(self) -> bytes:
            return bytes(settings.VAULT_TICKET_PUBLIC_KEY())

    class Key:
        def sign(self, message: bytes) -> bytes:
            return bytes(signing.sign_with_ticket_key(settings.SITE_TICKET_KEY_PATH, message))

    made = Signing(Ed25519PrivateKey.generate())
    object.__setattr__(made, "key", Key())
    return made


def people(count: int) -> list[Person]:
    """Registered persons, through the vault's own views in this process."""
    public = identity.public()
    pins = VaultPins(public.opaque_public_key, public.signing_public_key)
    made = [Person(site(), pins) for _ in range(count)]
    for person in made:
        asyncio.run(person.set_up())
    return made


@contextmanager
def served() -> Iterator[None]:
    """Several granian processes on this vault."""
    log = settings.DATA / "served.log"
    command = processes.web_server("127.0.0.1", settings.COFFER_PORT, WORKERS, 4)
    with log.open("wb") as written:
        running = subprocess.Popen(command, stdout=written, stderr=written)
    try:
        deadline = time.monotonic() + 60
        while not answers("127.0.0.1", settings.COFFER_PORT):
            if time.monotonic() > deadline or running.poll() is not None:
                raise RuntimeError(log.read_text())
            time.sleep(0.1)
        yield
    finally:
        running.terminate()
        running.wait(30)


class Connection:
    """One keep-alive connection."""

    def __init__(self) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", settings.COFFER_PORT, timeout=60)

    def post(self, path: str, message: Message, ticket: str) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json", HEADER: ticket}
        self._http.request("POST", f"/vault/v1/{path}", message.to_bytes(), headers)
        reply = self._http.getresponse()
        return reply.status, json.loads(reply.read())


def guesses(rounds: int) -> dict[str, Any]:
    """200 wrong guesses at once on one record, `rounds` times: how many were answered, and the record's end."""
    answered: list[int] = []
    destroyed = 0
    begun = time.monotonic()
    local = threading.local()

    def guess(one: Guess) -> tuple[Guess, int, dict[str, Any]]:
        if not hasattr(local, "connection"):
            local.connection = Connection()
        assert one.request is not None
        return one, *local.connection.post("logins", one.request, one.ticket)

    with served(), ThreadPoolExecutor(40) as pool:
        for person in people(rounds):
            replies = list(pool.map(guess, [Guess(person, WRONG) for _ in range(200)]))
            good = [(one, body) for one, status, body in replies if status == 200]
            answered.append(len({body["ke2"] for _, body in good}))
            others = {body["error"]["code"] for _, status, body in replies if status != 200}
            assert others <= {"guesses_used", "record_destroyed"}, others
            ((last, body),) = [(one, body) for one, body in good if body["guesses_left"] == 0]
            Connection().post(
                "logins/finish", messages.FinishLogin(bytes.fromhex(body["login"]), bytes(64)), last.ticket
            )
            record = person.record()
            assert record.charges == 10
            destroyed += record.state == "destroyed" and record.sealed_evaluation is None
    return {"answered": answered, "destroyed": destroyed, "seconds": time.monotonic() - begun}


def keep_logging_in(person: Person, until: Callable[[], bool], times: list[float]) -> None:
    """Whole recoveries, KE1 and KE3; times: seconds of the server's two answers."""
    connection = Connection()
    while not until():
        one = Guess(person, PASSWORD)
        assert one.request is not None
        begun = time.perf_counter()
        status, body = connection.post("logins", one.request, one.ticket)
        first = time.perf_counter() - begun
        assert status == 200, body
        started = messages.LoginStarted.from_bytes(json.dumps(body).encode())
        result = one.opaque.generate_ke3(
            _ke2(started.ke2), client_identity=person.account, server_identity=person.pins.opaque_public_key
        )
        finish = messages.FinishLogin(started.login, result.ke3.to_bytes())
        begun = time.perf_counter()
        status, body = connection.post("logins/finish", finish, one.ticket)
        times.append(first + time.perf_counter() - begun)
        assert status == 200, body


def _ke2(value: bytes) -> Any:
    from vault.opaque import KE2

    return KE2.from_bytes(value)


def load(everyone: list[Person], until: Callable[[], bool]) -> list[float]:
    """Everyone logs in again and again until told; → seconds of each recovery, in order of their end."""
    times: list[float] = []
    with ThreadPoolExecutor(len(everyone)) as pool:
        for done in [pool.submit(keep_logging_in, person, until, times) for person in everyone]:
            done.result()
    return times


def for_seconds(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] * 1000 if len(times) > 1 else float("nan")


def logins(seconds: int) -> dict[str, Any]:
    """Eight clients, full recoveries over HTTP."""
    everyone = people(8)
    with served():
        load(everyone, for_seconds(2))
        begun = time.monotonic()
        times = load(everyone, for_seconds(seconds))
        gone = time.monotonic() - begun
    return {"a_second": len(times) / gone, "p95_ms": p95(times), "median_ms": statistics.median(times) * 1000}


def fill(count: int) -> None:
    """Records as the vault itself would have made them, with random keys in them."""
    now, epoch = database_now(), sealing.current_epoch()
    for first in range(0, count, 1000):
        safes = [
            Safe(
                account_id=secrets.token_bytes(16),
                safe_id=secrets.token_bytes(16),
                owner_public_key=secrets.token_bytes(32),
                registrations=1,
                created=now,
            )
            for _ in range(min(1000, count - first))
        ]
        for safe in safes:
            sealing.sign_safe(safe)
        Safe.objects.using("vault").bulk_create(safes)
        records = []
        for safe in Safe.objects.using("vault").filter(safe_id__in=[safe.safe_id for safe in safes]):
            record = Record(record_id=secrets.token_bytes(16), safe=safe, version=1, epoch=epoch, created=now)
            record.state, record.guesses_left = State.ACTIVE.value, GuessRecord().guesses_left
            record.sealed_evaluation = sealing.seal_evaluation(
                record, secrets.token_bytes(32), secrets.token_bytes(192)
            )
            record.sealed_wrapped_key = sealing.seal_wrapped_key(record, secrets.token_bytes(60))
            record.counter_mac = counter.vouch(record)
            records.append(record)
        Record.objects.using("vault").bulk_create(records)


def rotate(count: int) -> dict[str, Any]:
    """Rotate `count` records in this process while server processes answer two clients."""
    import resource

    everyone = people(2)
    fill(count)
    with served():
        load(everyone, for_seconds(1))
        idle = load(everyone, for_seconds(5))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        done = threading.Event()
        meanwhile: list[float] = []
        clients = threading.Thread(target=lambda: meanwhile.extend(load(everyone, done.is_set)))
        clients.start()
        begun = time.monotonic()
        rotated = rotation.rotate()
        gone = time.monotonic() - begun
        done.set()
        clients.join()
    assert Identity.objects.using("vault").get().epoch == rotated.epoch == 2
    return {
        "seconds": gone,
        "rows": rotated.resealed,
        "records_a_second": count / gone,
        "logins_meanwhile": len(meanwhile),
        "idle_p95_ms": p95(idle),
        "p95_ms": p95(meanwhile),
        "grown_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
    }


if __name__ == "__main__":
    call_command("migrate", database="default", verbosity=0)
    call_command("migrate", database="vault", verbosity=0)
    call_command("setup", verbosity=0, stdout=io.StringIO())
    print(
        "RESULT "
        + json.dumps({"guesses": guesses, "logins": logins, "rotation": rotate}[sys.argv[1]](int(sys.argv[2])))
    )
