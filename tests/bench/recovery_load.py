"""Clients in processes of their own (recovery_client.py), started together, and what they measured."""

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from django.conf import settings

from tests.flows.vault.world import PASSWORD, Person

PREPARED_A_SECOND = 60


@dataclass(frozen=True, slots=True)
class Measured:
    """times: seconds of each recovery's two answers; cpu: the clients' own seconds; seconds: the window."""

    times: list[float]
    cpu: float
    seconds: float

    @property
    def a_second(self) -> float:
        return len(self.times) / self.seconds

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1] * 1000 if len(self.times) > 1 else float("nan")

    @property
    def median_ms(self) -> float:
        return statistics.median(self.times) * 1000


def task_of(person: Person) -> dict[str, Any]:
    """What a RecoveringClient must know of its person."""
    return {
        "account": person.account.hex(),
        "safe": person.safe.hex(),
        "password": PASSWORD.expose().hex(),
        "opaque_public_key": person.pins.opaque_public_key.hex(),
        "ticket_seed": Path(settings.SITE_TICKET_KEY_PATH).read_bytes().hex(),
    }


@dataclass
class Clients:
    """One process a person. seconds: how long they run; None: until `end`. pause: seconds between two recoveries."""

    people: Sequence[Person]
    seconds: float | None
    pause: float = 0.0
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def __enter__(self) -> Self:
        for person in self.people:
            client = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.recovery_client"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self.running.append(client)
            task = task_of(person) | {
                "port": settings.COFFER_PORT,
                "seconds": self.seconds,
                "pause": self.pause,
                # Tickets live for a minute: what a longer run needs is made on the way.
                "prepared": int(min(self.seconds or 0, 20) * PREPARED_A_SECOND),
            }
            self._tell(client, json.dumps(task))
        for client in self.running:
            self._hear(client, "ready")
        return self

    def begin(self) -> None:
        for client in self.running:
            self._tell(client, "")

    def end(self) -> Measured:
        """Tell those that run until told, and gather what all saw."""
        if self.seconds is None:
            for client in self.running:
                self._tell(client, "")
        found: list[dict[str, Any]] = [json.loads(self._hear(client)) for client in self.running]
        times = [seconds for one in found for seconds in one["times"]]
        return Measured(times, sum(one["cpu"] for one in found), max(one["seconds"] for one in found))

    def __exit__(self, *_: object) -> None:
        for client in self.running:
            client.kill()
            client.wait()
            for pipe in (client.stdin, client.stdout):
                if pipe is not None:
                    pipe.close()

    @staticmethod
    def _tell(client: subprocess.Popen[str], line: str) -> None:
        assert client.stdin is not None
        client.stdin.write(line + "\n")
        client.stdin.flush()

    @staticmethod
    def _hear(client: subprocess.Popen[str], expected: str | None = None) -> str:
        assert client.stdout is not None
        line = client.stdout.readline().rstrip("\n")
        if not line or (expected is not None and line != expected):
            raise RuntimeError(f"a load client ended with {client.poll()}")
        return line


def run(people: Sequence[Person], seconds: float, pause: float = 0.0) -> Measured:
    """Everyone recovers again and again for so long."""
    with Clients(people, seconds, pause) as clients:
        clients.begin()
        return clients.end()
