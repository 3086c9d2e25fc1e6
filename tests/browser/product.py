"""The product as `make run` starts it, in a folder of its own: real web server, real worker, real build."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Product:
    """A running Coffer. folder: everything it stores; log: all that its processes printed."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def manage(self, *arguments: str) -> str:
        """Runs `manage.py` on the same data."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(self.folder, self.port), capture_output=True, text=True
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


def environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COFFER_", "DJANGO_"))}
    return {
        **kept,
        "COFFER_DATA": str(folder / "data"),
        "COFFER_APP": str(folder / "app"),
        "COFFER_PORT": str(port),
        "PYTHONDONTWRITEBYTECODE": "",
    }


def start(folder: Path) -> Product:
    """Sets up, builds the app with this vault's pins, starts, and waits until it answers."""
    port = free_port()
    settings = environment(folder, port)
    run = {"cwd": ROOT, "env": settings, "check": True, "capture_output": True}
    subprocess.run([sys.executable, "manage.py", "setup"], **run)
    pins = folder / "pins.json"
    identity = subprocess.run([sys.executable, "manage.py", "vault_identity"], **run).stdout
    json.loads(identity)
    pins.write_bytes(identity)
    build = [sys.executable, "static/build/app.py", "--out", str(folder / "app"), "--pins", str(pins)]
    subprocess.run(build, **run)
    log = folder / "product.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--port", str(port)],
            cwd=ROOT,
            env=settings,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    product = Product(folder, port, process, log)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{product.origin}/health/ready", timeout=2) as reply:
                if reply.status == 200:
                    return product
        except OSError:
            time.sleep(0.2)
    product.stop()
    raise RuntimeError(f"Coffer did not start:\n{log.read_text()}")


def code_in(text: str) -> str:
    """The sign-in code in a mail's text."""
    found = re.search(r"\b\d{4}-\d{4}\b", text)
    if found is None:
        raise AssertionError("no code in the mail")
    return found.group()
