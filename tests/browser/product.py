"""The product as `make run` starts it, in a folder of its own: real web server, real worker, real build."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Product:
    """A running Coffer. folder: everything it stores; log: all that its processes printed; settings: what differs from
    the defaults, as environment variables."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "product.log"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def manage(self, *arguments: str) -> str:
        """Runs `manage.py` on the same data."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(self.folder, self.port, self.settings),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def crash(self) -> None:
        """The web server's processes die at once, as in a power cut; the rest ends by itself."""
        for process in descendants(self.process.pid):
            if "granian" in command_of(process):
                os.kill(process, signal.SIGKILL)
        self.process.wait(30)

    def start_again(self) -> None:
        """The same data on the same port."""
        self.process = launch(self.folder, self.port, self.settings)
        wait_until_ready(self)


def descendants(process: int) -> list[int]:
    """The ids of its children, their children, and so on."""
    found = []
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            found += [int(child), *descendants(int(child))]
    return found


def command_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def environment(folder: Path, port: int, settings: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COFFER_", "DJANGO_"))}
    return {
        **kept,
        "COFFER_DATA": str(folder / "data"),
        "COFFER_APP": str(folder / "app"),
        "COFFER_PORT": str(port),
        "PYTHONDONTWRITEBYTECODE": "",
        **settings,
    }


def start(folder: Path, settings: dict[str, str] | None = None) -> Product:
    """Sets up, builds the app with this vault's pins, starts, and waits until it answers."""
    port = free_port()
    settings = settings or {}
    run = {"cwd": ROOT, "env": environment(folder, port, settings), "check": True, "capture_output": True}
    subprocess.run([sys.executable, "manage.py", "setup"], **run)
    pins = folder / "pins.json"
    identity = subprocess.run([sys.executable, "manage.py", "vault_identity"], **run).stdout
    json.loads(identity)
    pins.write_bytes(identity)
    build = [sys.executable, "static/build/app.py", "--out", str(folder / "app"), "--pins", str(pins)]
    subprocess.run(build, **run)
    product = Product(folder, port, launch(folder, port, settings), settings)
    wait_until_ready(product)
    return product


def launch(folder: Path, port: int, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    with (folder / "product.log").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "manage.py", "run", "--port", str(port)],
            cwd=ROOT,
            env=environment(folder, port, settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def wait_until_ready(product: Product) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and product.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{product.origin}/health/ready", timeout=2) as reply:
                if reply.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    product.stop()
    raise RuntimeError(f"Coffer did not start:\n{product.log.read_text()}")


def code_in(text: str) -> str:
    """The sign-in code in a mail's text."""
    found = re.search(r"\b\d{4}-\d{4}\b", text)
    if found is None:
        raise AssertionError("no code in the mail")
    return found.group()
