"""A private PostgreSQL server, started from the system's binaries in a folder of its own, and the vault on it."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections

USER = "coffer"


@dataclass(frozen=True)
class Server:
    """Reached through a socket in `folder` by whoever may open that folder."""

    folder: Path

    def settings(self, name: str) -> dict[str, Any]:
        """What DATABASES says of one of its databases."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": USER,
            "HOST": str(self.folder),
            "OPTIONS": {"prepare_threshold": 3},
        }

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user=USER, dbname=name, autocommit=True)


def _binary(name: str) -> str:
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = str(newest[-1]) if newest else shutil.which(name)
    assert found, "run bootstrap.sh test: postgresql is missing"
    return found


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """durable: commits wait for the disk, as in earnest; tests of logic do without."""
    folder = Path(tempfile.mkdtemp(prefix="coffer-postgresql-"))
    # PostgreSQL refuses to run as root.
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, "nobody", "nogroup")
    try:
        initdb = [_binary("initdb"), "-D", f"{folder}/data", "-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C"]
        subprocess.run([*initdb, "--no-sync"], check=True, capture_output=True, cwd="/", **user)
        options = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "200"}
        if not durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [_binary("postgres"), "-D", f"{folder}/data"]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **user)
        try:
            running = Server(folder)
            _wait(running, process)
            yield running
        finally:
            process.terminate()
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(running: Server, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        try:
            running.connect().close()
        except psycopg.OperationalError:
            assert process.poll() is None, (running.folder / "log").read_text()
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("PostgreSQL did not start")


@contextmanager
def vault_database(running: Server) -> Iterator[None]:
    """The alias "vault" on this server, empty, in every thread that opens it meanwhile."""
    with running.connect() as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'vault'").fetchone()
        if known is None:
            connection.execute("CREATE DATABASE vault")
    before, connected = connections.databases["vault"], connections["vault"]
    connections.databases["vault"] = before | running.settings("vault") | {"TEST": before["TEST"]}
    connections["vault"] = connections.create_connection("vault")
    try:
        if known is None:
            call_command("migrate", database="vault", verbosity=0)
        with connections["vault"].cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'vault\\_%'")
            names = ", ".join(name for (name,) in cursor.fetchall())
            cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        yield
    finally:
        connections["vault"].close()
        connections.databases["vault"] = before
        connections["vault"] = connected
