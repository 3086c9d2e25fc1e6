"""`manage.py setup` and `manage.py run`, as a newcomer runs them: real processes, an empty data folder."""

import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COFFER_", "DJANGO_"))}
    return kept | {"COFFER_DATA": str(data)}


def manage(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(data), capture_output=True, text=True, timeout=90, check=False
    )


class Running:
    """`manage.py run` in a process of its own."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.log = data.parent / "run.log"
        self.began = time.monotonic()
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run", "--port", str(self.port)],
                cwd=ROOT,
                env=environment(data),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> float:
        """Seconds until the address was printed."""
        line = f"Coffer is running at http://localhost:{self.port}"
        while line not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() - self.began < 60, self.log.read_text()
            time.sleep(0.05)
        return time.monotonic() - self.began

    def stop(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(30)


def children_of(parent: int) -> list[tuple[int, str]]:
    """(process id, command line) of a process's children, from Linux's /proc."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status, command = (folder / "status").read_text(), (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if f"PPid:\t{parent}\n" in status:
            found.append((int(folder.name), command.replace(b"\0", b" ").decode(errors="replace")))
    return found


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("product") / "data"


@pytest.fixture(scope="module")
def ready(data) -> Path:
    done = manage(data, "setup")
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture
def running(ready) -> Iterator[Running]:
    product = Running(ready)
    try:
        product.wait()
        yield product
    finally:
        product.stop()


def test_setup_makes_everything_closed_to_others_and_the_second_time_nothing(ready):
    assert stat.S_IMODE(ready.stat().st_mode) == 0o700
    for secret in ("django", "ticket-key", "second-factor-key"):
        assert stat.S_IMODE((ready / "secrets" / secret).stat().st_mode) == 0o600
    before = {path: path.read_bytes() for path in (ready / "secrets").iterdir()}
    done = manage(ready, "setup")
    assert (done.returncode, done.stdout) == (0, "")
    assert {path: path.read_bytes() for path in (ready / "secrets").iterdir()} == before


def test_the_vaults_tables_are_in_the_vaults_database_and_only_there(ready):
    def tables(name: str) -> set[str]:
        with sqlite3.connect(ready / name) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
        connection.close()
        return {row[0] for row in rows}

    site, vault = tables("site.sqlite3"), tables("vault.sqlite3")
    assert "accounts_account" in site
    assert not any(name.startswith("vault_") for name in site)
    assert any(name.startswith("vault_") for name in vault)
    assert {name for name in vault if not name.startswith(("vault_", "sqlite_"))} == {"django_migrations"}


def test_no_model_waits_for_a_migration(ready):
    done = manage(ready, "makemigrations", "--check", "--dry-run", "accounts", "notices", "ops")
    assert done.returncode == 0, done.stdout


def test_a_second_run_starts_within_seconds_serves_and_ends_at_ctrl_c(ready):
    product = Running(ready)
    seconds = product.wait()
    with urllib.request.urlopen(f"http://localhost:{product.port}/health/ready", timeout=5) as reply:
        assert reply.status == 200
    began = time.monotonic()
    assert product.stop(signal.SIGINT) == 0
    assert time.monotonic() - began < 15
    assert seconds < 15  # about two on a quiet machine
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", product.port)) != 0


def test_a_busy_port_is_one_clear_line(ready):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = manage(ready, "run", "--port", str(port))
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        == f"CommandError: Port {port} is taken. Stop what uses it, or choose another: --port {port + 1}"
    )


def test_a_person_signs_up_through_the_real_server_and_the_worker_delivers(running, ready):
    jar = urllib.request.HTTPCookieProcessor(CookieJar())
    browser = urllib.request.build_opener(jar)
    origin = f"http://localhost:{running.port}"

    def get(path: str) -> str:
        with browser.open(origin + path, timeout=10) as reply:
            return reply.read().decode()

    def post(path: str, **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', get(path)).group(1)
        request = urllib.request.Request(
            origin + path, urlencode(fields | {"csrfmiddlewaretoken": token}).encode(), {"Origin": origin}
        )
        with browser.open(request, timeout=10) as reply:
            return reply.read().decode()

    post("/accounts/signup/?next=/accounts/sessions/", email="ana@example.org", next="/accounts/sessions/")
    code = re.search(r'data-copy="(\d{4}-\d{4})"', get("/inbox/")).group(1)
    post("/accounts/confirm-email/", code=code)
    assert "Where you are signed in" in get("/accounts/sessions/")

    deadline = time.monotonic() + 30
    state = ""
    while state != "sent" and time.monotonic() < deadline:
        with sqlite3.connect(ready / "site.sqlite3") as connection:
            (state,) = connection.execute("SELECT state FROM notices_mail ORDER BY id LIMIT 1").fetchone()
        connection.close()
        time.sleep(0.2)
    assert state == "sent", running.log.read_text()
    assert code not in running.log.read_text()
    assert "ana@example.org" not in running.log.read_text()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="finds the worker through Linux's /proc")
def test_when_the_worker_dies_everything_ends_and_says_so(ready):
    product = Running(ready)
    product.wait()
    worker = next(child for child, command in children_of(product.process.pid) if "celery" in command)
    os.kill(worker, signal.SIGKILL)
    assert product.process.wait(30) == 1
    assert "The worker ended by itself" in product.log.read_text()
