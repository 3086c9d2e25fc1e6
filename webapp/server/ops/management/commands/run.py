"""`manage.py run`: the whole product on one machine, until Ctrl-C."""

import os
import signal
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.server.ops import processes
from webapp.server.settings.environment import ROOT

START_SECONDS = 60


class Stop(Exception):
    """Somebody asked us to end."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


class Command(BaseCommand):
    help = "Set up what is missing, then run the web server and the worker until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.COFFER_PORT, help="default: COFFER_PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = settings.COFFER_LISTEN, options["port"]
        if not processes.port_is_free(host, port):
            raise CommandError(f"Port {port} is taken. Stop what uses it, or choose another: --port {port + 1}")
        call_command("setup", verbosity=options["verbosity"])
        # Children read the port from the environment: addresses in mails are made from it.
        environment = {**os.environ, "COFFER_PORT": str(port)}
        children = processes.Processes(environment, ROOT)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        try:
            children.start(
                "web server",
                processes.web_server(host, port, settings.COFFER_WORKERS, settings.COFFER_THREADS),
            )
            children.start("worker", processes.worker(settings.COFFER_DATA / "broker" / "schedule"))
            if not children.wait_until(lambda: processes.answers(host, port), START_SECONDS):
                raise CommandError(f"The {children.first_ended() or 'web server'} did not start; its log is above.")
            self.stdout.write(f"Coffer is running at http://localhost:{port}  (Ctrl-C stops it)")
            self.stdout.flush()
            while (ended := children.first_ended()) is None:
                time.sleep(0.2)
            raise CommandError(f"The {ended} ended by itself; its log is above.")
        except Stop:
            self.stdout.write("Coffer is stopping.")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            children.stop()
