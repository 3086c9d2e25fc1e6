"""Notes every run of a task in its row, so that the admin shows whether the clock ticks."""

from typing import Any

from celery.signals import task_postrun, task_prerun
from django.db.models import F
from django.utils import timezone

from .models import TaskRun


def note_start(sender: Any = None, **kwargs: Any) -> None:
    """A task begins."""
    TaskRun.objects.update_or_create(name=sender.name, defaults={"started": timezone.now(), "outcome": "running"})


def note_end(sender: Any = None, state: str | None = None, **kwargs: Any) -> None:
    """A task ended; state: Celery's word, SUCCESS or FAILURE."""
    TaskRun.objects.filter(name=sender.name).update(
        ended=timezone.now(), outcome=(state or "unknown").lower(), runs=F("runs") + 1
    )


def connect() -> None:
    """Listens to Celery's signals (strong references: the module holds the functions)."""
    task_prerun.connect(note_start, dispatch_uid="coffer.note_start")
    task_postrun.connect(note_end, dispatch_uid="coffer.note_end")
