"""One vault behind real server processes, and the load on it. Run by bench_vault.py, with the environment it sets:

    python -m tests.bench.vault_load guesses|logins|rotation NUMBER

It prints one JSON object.
"""
# ruff: noqa: E402 (Django first)

import http.client
import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import django

django.setup()

import asyncio

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import call_command

from tests.bench import process_cpu, recovery_load, vault_fill, vault_kill, vault_profile
from tests.flows.vault.world import WRONG, Guess, Person, Site
from vault.host.processes import answers
from vault.server.models import Identity
from vault.server.services import identity, rotation
from vault.wire import messages
from vault.wire.message import Message
from vault.wire.ticket import HEADER
from webapp.engine.vault_client import VaultPins
from webapp.server.ops import processes

# Two cores: a third process would only take turns with the other two. `guesses` wants a crowd.
WORKERS, THREADS = 2, 4
CLIENTS = 8
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
def served(workers: int = WORKERS) -> Iterator[int]:
    """Several granian processes on this vault; the number of the first, which started the others."""
    log = settings.DATA / "served.log"
    command = processes.web_server("127.0.0.1", settings.COFFER_PORT, workers, THREADS)
    with log.open("wb") as written:
        running = subprocess.Popen(command, stdout=written, stderr=written)
    try:
        deadline = time.monotonic() + 60
        while not answers("127.0.0.1", settings.COFFER_PORT):
            if time.monotonic() > deadline or running.poll() is not None:
                raise RuntimeError(log.read_text())
            time.sleep(0.1)
        yield running.pid
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

    with served(3), ThreadPoolExecutor(40) as pool:
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


def logins(seconds: int) -> dict[str, Any]:
    """Eight clients, full recoveries over HTTP; CPU milliseconds of one recovery, by who spent them."""
    everyone = people(CLIENTS)
    with served() as server:
        recovery_load.run(everyone, 2)
        with recovery_load.Clients(everyone, seconds) as clients:
            spent = [process_cpu.tree(server), _database_cpu()]
            clients.begin()
            measured = clients.end()
            spent = [process_cpu.tree(server) - spent[0], _database_cpu() - spent[1], measured.cpu]
    each = [seconds * 1000 / len(measured.times) for seconds in spent]
    return {
        "a_second": measured.a_second,
        "p95_ms": measured.p95_ms,
        "median_ms": measured.median_ms,
        "server_cpu_ms": each[0],
        "database_cpu_ms": each[1],
        "clients_cpu_ms": each[2],
    }


def profile(count: int) -> dict[str, Any]:
    """Where the server's time goes."""
    (person,) = people(1)
    return {"profile": vault_profile.profiled(recovery_load.task_of(person), count)}


def _database_cpu() -> float:
    """CPU seconds of PostgreSQL so far; SQLite's are the server's own."""
    pid = os.environ.get("COFFER_BENCH_POSTGRESQL")
    return process_cpu.tree(int(pid)) if pid else 0.0


def grown(count: int) -> dict[str, Any]:
    """The same eight clients with a thousand records, then with `count`; SECONDS each, three times in turn."""
    everyone = people(CLIENTS)
    vault_fill.fill(1000)
    with served() as server:
        few = _best(everyone, server)
        vault_fill.fill(count - 1000)
        many = _best(everyone, server)
    return {"few": few, "many": many}


def _best(everyone: list[Person], server: int) -> dict[str, float]:
    """Of three runs each figure's best, because others use the machine, too."""
    recovery_load.run(everyone, 2)
    runs = []
    for _ in range(3):
        with recovery_load.Clients(everyone, 5) as clients:
            spent = process_cpu.tree(server) + _database_cpu()
            clients.begin()
            measured = clients.end()
            spent = process_cpu.tree(server) + _database_cpu() - spent
        runs.append((measured.a_second, measured.median_ms, measured.p95_ms, spent * 1000 / len(measured.times)))
    rates, medians, late, cpu = zip(*runs, strict=True)
    return {"a_second": max(rates), "median_ms": min(medians), "p95_ms": min(late), "cpu_ms": min(cpu)}


def rotate(count: int) -> dict[str, Any]:
    """Rotate `count` records in this process while server processes answer two clients."""
    import resource

    everyone = people(2)
    vault_fill.fill(count)
    with served():
        recovery_load.run(everyone, 1)
        idle = recovery_load.run(everyone, 5)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with recovery_load.Clients(everyone, None) as clients:
            clients.begin()
            begun = time.monotonic()
            rotated = rotation.rotate()
            gone = time.monotonic() - begun
            meanwhile = clients.end()
    assert Identity.objects.using("vault").get().epoch == rotated.epoch == 2
    return {
        "seconds": gone,
        "rows": rotated.resealed,
        "records_a_second": count / gone,
        "logins_meanwhile": len(meanwhile.times),
        "idle_p95_ms": idle.p95_ms,
        "p95_ms": meanwhile.p95_ms,
        "grown_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
    }


def alone(count: int) -> dict[str, Any]:
    """Rotate `count` records while nobody else uses the vault; CPU microseconds of one record, by who spent them."""
    people(1)
    vault_fill.fill(count)
    spent, begun = [process_cpu.tree(os.getpid()), _database_cpu()], time.monotonic()
    seen: dict[str, float] = {}
    rotated = rotation.rotate(step=lambda name: seen.setdefault(name, time.monotonic() - begun))
    gone = time.monotonic() - begun
    spent = [process_cpu.tree(os.getpid()) - spent[0], _database_cpu() - spent[1]]
    return {
        "records_a_second": count / gone,
        "resealing_seconds": seen["resealed"],
        "dump_seconds": seen["dumped"] - seen["resealed"],
        "rotation_cpu_us": spent[0] * 1e6 / count,
        "database_cpu_us": spent[1] * 1e6 / count,
        "rows": rotated.resealed,
    }


def killed(count: int) -> dict[str, Any]:
    """`count` guesses, ten a person, while the server and the worker are killed again and again."""
    return vault_kill.killed(people(-(-count // 10)))


if __name__ == "__main__":
    call_command("migrate", database="default", verbosity=0)
    call_command("migrate", database="vault", verbosity=0)
    call_command("setup", verbosity=0, stdout=io.StringIO())
    tasks = {"guesses": guesses, "logins": logins, "profile": profile, "rotation": rotate}
    tasks |= {"killed": killed, "grown": grown, "alone": alone}
    print("RESULT " + json.dumps(tasks[sys.argv[1]](int(sys.argv[2]))))
