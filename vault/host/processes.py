"""Child processes that live and end together: web servers, and workers that carry the clock."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

START_SECONDS = 60
STOP_SECONDS = 10


def web_server(application: str, host: str, port: int, workers: int, threads: int, *more: str) -> list[str]:
    """granian serving a WSGI application; more: further options of granian's."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--respawn-failed-workers"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        *("--log-level", "warning", *more, application),
    ]


def worker(application: str, schedule: Path | None) -> list[str]:
    """A Celery worker of threads. schedule: where the clock (beat) inside it notes what ran when; None: it runs by
    itself."""
    clock_inside = ("--beat", "--schedule", str(schedule)) if schedule is not None else ()
    return [
        *(sys.executable, "-m", "celery", "--app", application, "--quiet", "worker"),
        *(*clock_inside, "--pool", "threads", "--concurrency", "2"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
    ]


def clock(application: str, schedule: Path) -> list[str]:
    """The clock alone, for workers without one: it puts tasks into the queue at their time."""
    return [
        *(sys.executable, "-m", "celery", "--app", application, "--quiet", "beat"),
        *("--schedule", str(schedule), "--pidfile", "", "--loglevel", "WARNING"),
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


def answers(host: str, port: int, *, tls: bool = False) -> bool:
    """Whether /health/live answers; asked on this machine, so a certificate is not looked at."""
    reachable = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    name = f"[{reachable}]" if ":" in reachable else reachable
    context = None
    if tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        address = f"{'https' if tls else 'http'}://{name}:{port}/health/live"
        with urllib.request.urlopen(address, timeout=2, context=context) as reply:  # noqa: S310
            return bool(reply.status == 200)
    except OSError:
        return False


class Ended(Exception):
    """A process did not start, or ended by itself. The message is for a person."""


class _Stop(Exception):
    """Somebody asked us to end."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stop


@dataclass
class Processes:
    """Child processes that live and end together; each has `stop_seconds` to end when asked."""

    environment: dict[str, str]
    folder: Path
    stop_seconds: float = STOP_SECONDS
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

    def run(self, commands: dict[str, list[str]], ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Starts them by name, announces when they are ready, and returns at Ctrl-C or SIGTERM; none is left then.

        Raises Ended.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        try:
            for name, command in commands.items():
                self.start(name, command)
            if not self.wait_until(ready, START_SECONDS):
                raise Ended(f"The {self.first_ended() or next(iter(commands))} did not start; its log is above.")
            announce()
            while (ended := self.first_ended()) is None:
                time.sleep(0.2)
            raise Ended(f"The {ended} ended by itself; its log is above.")
        except _Stop:
            return
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            self.stop()

    def stop(self) -> None:
        """Asks all to end, and after `stop_seconds` makes them."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + self.stop_seconds
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
