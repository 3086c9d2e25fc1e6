"""The admin's front page: how the house stands, in figures, charts and tables; sums and times, nothing to read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib import admin
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from vault.host import run_log
from vault.host.bars import DAYS, Chart, drawn
from webapp.server.accounts.models import Account, Departure
from webapp.server.backups.limits import expiry_days, quota_bytes
from webapp.server.backups.models import Chunk, Rehearsal, Removal, Safe, Snapshot
from webapp.server.notices.models import Mail

from . import reachable
from .models import TaskRun
from .sizes import said

LARGEST = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name; wrong: somebody should look at it."""

    name: str
    value: int
    size: bool = False
    wrong: bool = False

    @property
    def shown(self) -> str:
        """The number as the page says it."""
        return said(self.value) if self.size else f"{self.value:,}"


def on_the_front_page() -> None:
    """The admin's index becomes this page, the list of tables below it."""
    admin.site.index_template = "admin/ops/dashboard.html"


def facts(request: HttpRequest, context: dict[str, object]) -> dict[str, object]:
    """What the page shows. For superusers: others see what they have been given to see, in the list below."""
    if not request.user.is_superuser:
        return context
    now = timezone.now()
    run_log.known_tasks(TaskRun, "default")
    tasks = [_task(run, now) for run in TaskRun.objects.filter(name__in=list(run_log.schedule()))]
    return {
        **context,
        "figures": _figures(tasks),
        "charts": _charts(now),
        "tasks": tasks,
        "worker_gone": run_log.worker_seems_gone(TaskRun, "default"),
        "services_down": reachable.services_down(),
        "largest": _largest(),
        "damaged": _damaged(),
        "expiry_days": expiry_days(),
    }


def _figures(tasks: list[dict[str, object]]) -> list[Figure]:
    stored = Safe.objects.aggregate(total=Sum("stored_bytes"))["total"] or 0
    damaged = Chunk.objects.filter(damaged__isnull=False).count()
    failing = sum(bool(task["error"]) for task in tasks)
    given_up = Mail.objects.filter(state=Mail.State.FAILED).count()
    owed = Mail.objects.filter(state__in=[Mail.State.WAITING, Mail.State.SENDING]).count()
    return [
        Figure("Accounts", Account.objects.count()),
        Figure("Safes", Safe.objects.filter(trashed=None).count()),
        Figure("Safes in the trash", Safe.objects.exclude(trashed=None).count()),
        Figure("Backups", Snapshot.objects.count()),
        Figure("Stored", stored, size=True),
        Figure("Limit of an account", quota_bytes(), size=True),
        Figure("Damaged pieces", damaged, wrong=damaged > 0),
        Figure("Objects to be deleted", Removal.objects.count()),
        Figure("Mails owed", owed),
        Figure("Mails given up", given_up, wrong=given_up > 0),
        Figure("Failing tasks", failing, wrong=failing > 0),
        Figure("Accounts to be deleted", Departure.objects.count()),
    ]


def _charts(now: datetime) -> list[Chart]:
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=DAYS - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    charts = [
        drawn("Backups", first, _a_day(Snapshot.objects.filter(created__gte=since), "created", first)),
        drawn("New accounts", first, _a_day(Account.objects.filter(joined__gte=since), "joined", first)),
        drawn(
            "Failed rehearsals of a restore",
            first,
            _a_day(Rehearsal.objects.filter(passed=False, made__gte=since), "made", first),
        ),
    ]
    if expiry_days():
        charts.append(drawn("Safes that would expire", today, _expiry(today)))
    return charts


def _a_day(rows: QuerySet[object], moment: str, first: date, days: int = DAYS) -> list[int]:
    counted = rows.order_by().annotate(day=TruncDate(moment, tzinfo=UTC)).values_list("day").annotate(count=Count("pk"))
    found = dict(counted)
    return [found.get(first + timedelta(days=place), 0) for place in range(days)]


def _expiry(today: date) -> list[int]:
    """The next thirty days, as things stand: whoever uses a safe, or clicks a mail's link, moves it away."""
    used = today - timedelta(days=expiry_days())
    since = datetime(used.year, used.month, used.day, tzinfo=UTC)
    soon = Safe.objects.filter(trashed=None, head__isnull=False, touched__gte=since)
    return _a_day(soon.filter(touched__lt=since + timedelta(days=DAYS)), "touched", used)


def _task(run: TaskRun, now: datetime) -> dict[str, object]:
    due = run_log.due(run.name, run.started)
    return {
        "name": run.name,
        "address": reverse("admin:ops_taskrun_change", args=[run.pk]),
        "started": run.started,
        "seconds": run.seconds,
        "outcome": run.outcome or "never ran",
        "error": run.error,
        "next": due.at,
        "late": due.at is not None and due.at < now - timedelta(seconds=2 * (due.every or 0)),
    }


def _largest() -> list[dict[str, object]]:
    """The accounts that store most, each with its limit."""
    rows = (
        Account.objects.annotate(stored=Sum("safes__stored_bytes"), own_limit=F("quota__bytes"))
        .filter(stored__gt=0)
        .order_by("-stored")[:LARGEST]
    )
    return [_storing(row, quota_bytes() if row.own_limit is None else row.own_limit) for row in rows]


def _storing(row: Account, limit: int) -> dict[str, object]:
    return {
        "email": row.email,
        "address": reverse("admin:accounts_account_change", args=[row.pk]),
        "stored": said(row.stored),
        "limit": said(limit),
        # Where nothing may be stored any more, what is stored fills it all the same.
        "share": round(100 * row.stored / limit) if limit else 100,
    }


def _damaged() -> list[dict[str, object]]:
    """Safes with pieces that a scrub found broken: their owners' next backup sends them again."""
    rows = (
        Chunk.objects.filter(damaged__isnull=False)
        .values("safe__safe_id", "safe__account__email")
        .annotate(count=Count("pk"), size=Sum("size"))
        .order_by("-count")[:LARGEST]
    )
    return [
        {
            "safe": bytes(row["safe__safe_id"]).hex()[:8],
            "email": row["safe__account__email"],
            "count": row["count"],
            "size": said(row["size"]),
        }
        for row in rows
    ]
