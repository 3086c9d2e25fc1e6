"""`manage.py run`: the whole product on one machine, until Ctrl-C."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from vault.host.processes import Ended, Processes, answers, port_is_free
from webapp.server.ops import processes
from webapp.server.ops.request_metrics import forget_ended_processes
from webapp.server.settings.environment import ROOT


class Command(BaseCommand):
    help = "Set up what is missing, then run the web server and the worker until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.COFFER_PORT, help="default: COFFER_PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = settings.COFFER_LISTEN, options["port"]
        if not port_is_free(host, port):
            raise CommandError(f"Port {port} is taken. Stop what uses it, or choose another: --port {port + 1}")
        call_command("setup", verbosity=options["verbosity"])
        # Children read the port from the environment: addresses in mails are made from it.
        environment = {**os.environ, "COFFER_PORT": str(port)}
        children = Processes(environment, ROOT)

        def announce() -> None:
            self.stdout.write(f"Coffer is running at http://localhost:{port}  (Ctrl-C stops it)")
            self.stdout.flush()

        forget_ended_processes()
        commands = {
            "web server": processes.web_server(host, port, settings.COFFER_WORKERS, settings.COFFER_THREADS),
            "worker": processes.worker(settings.COFFER_DATA / "broker" / "schedule"),
        }
        try:
            children.run(commands, lambda: answers(host, port), announce)
        except Ended as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Coffer is stopped.")
