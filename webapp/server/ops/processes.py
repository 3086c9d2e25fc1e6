"""The processes of one Coffer: the web server, and the worker that carries the clock."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 10


def web_server(host: str, port: int, workers: int, threads: int) -> list[str]:
    """granian serving the WSGI application."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--respawn-failed-workers"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        *("--log-level", "warning", "webapp.server.wsgi:application"),
    ]


def worker(schedule: Path) -> list[str]:
    """A Celery worker of threads with the clock (beat) inside; schedule: where beat notes what ran when."""
    return [
        *(sys.executable, "-m", "celery", "--app", "webapp.server.celery", "--quiet", "worker"),
        *("--beat", "--schedule", str(schedule), "--pool", "threads", "--concurrency", "2"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
    ]


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(host: str, port: int) -> bool:
    """Whether /health/live answers."""
    reachable = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    name = f"[{reachable}]" if ":" in reachable else reachable
    try:
        with urllib.request.urlopen(f"http://{name}:{port}/health/live", timeout=2) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


@dataclass
class Processes:
    """Child processes that live and end together."""

    environment: dict[str, str]
    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: list[str]) -> None:
        """Starts one in a process group of its own, so that Ctrl-C reaches us first and we end them in order."""
        self.running[name] = subprocess.Popen(  # noqa: S603
            command, env=self.environment, cwd=self.folder, process_group=0, stdin=subprocess.DEVNULL
        )

    def first_ended(self) -> str | None:
        """The name of a process that ended by itself, or None while all run."""
        return next((name for name, process in self.running.items() if process.poll() is not None), None)

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Waits for the condition; False when time is up or a process ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.first_ended() is None:
            if condition():
                return True
            time.sleep(0.05)
        return False

    def stop(self) -> None:
        """Asks all to end, and after ten seconds makes them."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            # Whatever a process left behind in its group goes with it.
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
