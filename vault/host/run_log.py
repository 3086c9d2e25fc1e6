"""Notes every run of a task: when, how long, how it ended, what it did. For whichever program's worker and admin.

The table has one row a task; `recent` keeps its last runs. A run that was killed stays "running", and shows as such.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from celery.signals import task_postrun, task_prerun
from django.db import models, transaction
from django.utils import timezone

RECENT = 20
# The quickest task runs every ten seconds: a worker that has begun nothing for so long is not there.
SILENCE = timedelta(seconds=90)


def connect(model: type[models.Model], alias: str) -> None:
    """Listens to Celery's signals for as long as the process lives."""

    def started(sender: Any = None, **kwargs: Any) -> None:
        note_start(model, alias, sender.name)

    def ended(sender: Any = None, retval: Any = None, state: str | None = None, **kwargs: Any) -> None:
        note_end(model, alias, sender.name, state or "unknown", retval)

    task_prerun.connect(started, weak=False, dispatch_uid=f"coffer.run_log.{alias}.started")
    task_postrun.connect(ended, weak=False, dispatch_uid=f"coffer.run_log.{alias}.ended")


def note_start(model: type[models.Model], alias: str, name: str) -> None:
    """A run of this task begins."""
    rows: Any = model._default_manager.using(alias)
    rows.update_or_create(name=name, defaults={"started": timezone.now(), "outcome": "running"})


def note_end(model: type[models.Model], alias: str, name: str, state: str, returned: Any) -> None:
    """It ended. state: Celery's word; returned: the task's result, or the exception that ended it.

    Of an exception only its type and code are kept: its text could hold anything."""
    now = timezone.now()
    with transaction.atomic(using=alias):
        row: Any = model._default_manager.using(alias).select_for_update().filter(name=name).first()
        if row is None:
            return
        failed = isinstance(returned, BaseException)
        row.ended, row.outcome, row.runs = now, state.lower(), row.runs + 1
        row.seconds = max(0.0, (now - row.started).total_seconds()) if row.started else None
        row.result = returned if isinstance(returned, dict | int) and not failed else None
        row.error = _named(returned) if failed else ""
        run = {
            "started": row.started.isoformat() if row.started else None,
            "seconds": row.seconds,
            "outcome": row.outcome,
            "result": row.result,
            "error": row.error,
        }
        row.recent = [run, *row.recent][:RECENT]
        row.save(using=alias)


def _named(error: BaseException) -> str:
    code = getattr(error, "code", None)
    code = getattr(code, "value", code)
    return f"{type(error).__name__}: {code}" if isinstance(code, str) else type(error).__name__


@dataclass(frozen=True, slots=True)
class Due:
    """every: seconds between runs, None for a task that only something else rings; at: when it runs next."""

    every: float | None
    at: datetime | None


def schedule() -> Mapping[str, float]:
    """Task → seconds between its runs, of the program that asks."""
    return {entry["task"]: float(entry["schedule"]) for entry in (current_app.conf.beat_schedule or {}).values()}


def due(name: str, started: datetime | None) -> Due:
    """When the clock rings this task next, judged from its last start."""
    every = schedule().get(name)
    if every is None or started is None:
        return Due(every, None)
    return Due(every, started + timedelta(seconds=every))


def known_tasks(model: type[models.Model], alias: str) -> None:
    """A row for every task of the schedule, also for one that has never run."""
    rows: Any = model._default_manager.using(alias)
    missing = set(schedule()) - set(rows.values_list("name", flat=True))
    rows.bulk_create([model(name=name) for name in sorted(missing)], ignore_conflicts=True)


def last_sign_of_a_worker(model: type[models.Model], alias: str) -> datetime | None:
    """The newest start of anything."""
    rows: Any = model._default_manager.using(alias)
    newest: datetime | None = rows.aggregate(newest=models.Max("started"))["newest"]
    return newest


def worker_seems_gone(model: type[models.Model], alias: str) -> bool:
    """Nothing has begun for longer than the quickest task's turn."""
    newest = last_sign_of_a_worker(model, alias)
    quickest = min(schedule().values(), default=0.0)
    return newest is None or timezone.now() - newest > max(SILENCE, timedelta(seconds=3 * quickest))


def recent_lines(recent: list[dict[str, Any]]) -> Iterator[str]:
    """The last runs, one line each, newest first."""
    for run in recent:
        what = run["error"] or ("" if run["result"] is None else str(run["result"]))
        seconds = "" if run["seconds"] is None else f"{run['seconds']:.2f} s"
        yield " · ".join(part for part in (run["started"], seconds, run["outcome"], what) if part)
