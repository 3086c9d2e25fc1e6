"""Backups whose server, worker or client dies at random moments, and what is left of them."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.browser.product import ROOT, Product, command_of, descendants, environment
from tests.flows.cli.site import Person

VICTIMS = ("client", "server", "worker", "nobody")


@dataclass
class Killed:
    """kills: how often each died; done: backups that said so; committed: snapshots that are there; wrong: those that do
    not restore to an export that was backed up; unsaid: successes that are not there; strays, lacking: objects after
    one collection that no row counts, and rows without their object."""

    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VICTIMS, 0))
    done: int = 0
    committed: int = 0
    wrong: int = 0
    unsaid: int = 0
    strays: int = 0
    lacking: int = 0


def run(product: Product, person: Person, exports: list[Path], seed: int) -> Killed:
    """One backup an export, each with a death somewhere in it; then everything is restored and compared."""
    chance = Random(seed)
    told = Killed()
    key = ["--key-file", str(person.key_file)]
    said: list[str] = []
    for export in exports:
        victim = chance.choice(VICTIMS)
        told.kills[victim] += 1
        process = person.start("backup", export, "--json", "--even-if-smaller", *key)
        _let_die(product, process, victim, chance.uniform(0.3, 3.0))
        output, _ = process.communicate(timeout=300)
        if process.returncode == 0:
            said.append(json.loads(output)["snapshot"])
    told.done = len(said)

    _collect(product, told)
    snapshots = [row["snapshot"] for row in person.told("list")["safes"][0]["snapshots"]]
    told.committed = len(snapshots)
    told.unsaid = len(set(said) - set(snapshots))
    known = {hashlib.sha256(export.read_bytes()).digest() for export in exports}
    for snapshot in snapshots:
        out = person.home / snapshot
        person.told("restore", snapshot, "--out", out, *key)
        restored = [hashlib.sha256(path.read_bytes()).digest() for path in out.rglob("*") if path.is_file()]
        told.wrong += len(restored) != 1 or restored[0] not in known
    return told


def _let_die(product: Product, client: "subprocess.Popen[str]", victim: str, seconds: float) -> None:
    try:
        client.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    if victim == "client":
        client.kill()
    elif victim in ("server", "worker"):
        name = "granian" if victim == "server" else "celery"
        for process in descendants(product.process.pid):
            if name in command_of(process):
                os.kill(process, signal.SIGKILL)
        product.process.wait(60)  # what is left ends by itself
        product.start_again()


def _collect(product: Product, told: Killed) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.cli.collect_later"],
        cwd=ROOT,
        env=environment(product.folder, product.port, product.settings),
        check=True,
        capture_output=True,
        text=True,
    )
    left = json.loads(done.stdout)
    told.strays, told.lacking = left["strays"], left["lacking"]
