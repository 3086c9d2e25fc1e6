"""`manage.py worker_seen`: whether a worker has begun anything lately; for a container's health."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vault.host import run_log
from webapp.server.ops.models import TaskRun


class Command(BaseCommand):
    help = "End with 0 where a worker has begun a task within the last minute and a half, else with 1."

    def handle(self, *args: Any, **options: Any) -> None:
        if run_log.worker_seems_gone(TaskRun, "default"):
            raise CommandError("No worker has begun anything lately.")
