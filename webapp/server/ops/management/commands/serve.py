"""`manage.py serve web|worker|clock`: one part of the site as one process, for whoever starts each by itself."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from webapp.server.ops import processes
from webapp.server.ops.request_metrics import forget_ended_processes


class Command(BaseCommand):
    help = "Become the web server, a worker, or the clock. Run `setup` once before; have exactly one clock."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", choices=["web", "worker", "clock"])

    def handle(self, *args: Any, **options: Any) -> None:
        command = self._command(options["part"])
        os.execv(command[0], command)  # noqa: S606 - so that signals reach it

    def _command(self, part: str) -> list[str]:
        if part == "web":
            forget_ended_processes()
            host, port = settings.COFFER_LISTEN, settings.COFFER_PORT
            return processes.web_server(host, port, settings.COFFER_WORKERS, settings.COFFER_THREADS)
        if part == "worker":
            return processes.worker(None)
        settings.BROKER_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
        return processes.clock(settings.BROKER_FOLDER / "schedule")
