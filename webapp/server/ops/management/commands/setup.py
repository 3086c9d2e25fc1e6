"""`manage.py setup`: prepares this server. Running it again does what is missing, and nothing else."""

from typing import Any

from django.core.management.base import BaseCommand

from webapp.server.ops import set_up


class Command(BaseCommand):
    help = "Prepare this server: folders, secrets, databases, the key vault. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, step in set_up.steps():
            if step() and options["verbosity"] > 0:
                self.stdout.write(f"prepared: {name}")
