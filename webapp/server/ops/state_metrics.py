"""What the databases say when somebody asks for figures: sums over everybody, and nothing that leads to one of them."""

from collections.abc import Iterator

from django.core.cache import cache
from django.db.models import Count, Min, Sum
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from vault.host import run_log
from webapp.server.accounts.models import Account
from webapp.server.backups.models import Chunk, Removal, Safe, Snapshot
from webapp.server.notices.models import Mail, VaultEvent

from .models import TaskRun

# Sums over millions of rows are kept for as long as a scrape or two.
_KEPT_SECONDS = 60
_SUMS = "ops:state-metrics"


class StateCollector:
    """For a registry of prometheus_client."""

    def collect(self) -> Iterator[Metric]:
        yield from _tasks()
        yield from _outbox()
        yield from _stored()


def _tasks() -> Iterator[Metric]:
    runs = CounterMetricFamily("coffer_task_runs", "Runs of a background task.", labels=["task"])
    failures = GaugeMetricFamily("coffer_task_failing", "1 where the last run failed.", labels=["task"])
    ages = GaugeMetricFamily("coffer_task_age_seconds", "Seconds since the last start.", labels=["task"])
    took = GaugeMetricFamily("coffer_task_seconds", "How long the last run took.", labels=["task"])
    now, scheduled = timezone.now(), run_log.schedule()
    for run in TaskRun.objects.filter(name__in=list(scheduled)):
        runs.add_metric([run.name], run.runs)
        failures.add_metric([run.name], float(bool(run.error)))
        if run.started is not None:
            ages.add_metric([run.name], (now - run.started).total_seconds())
        if run.seconds is not None:
            took.add_metric([run.name], run.seconds)
    yield from (runs, failures, ages, took)


def _outbox() -> Iterator[Metric]:
    owed = Mail.objects.filter(state__in=[Mail.State.WAITING, Mail.State.SENDING])
    facts = owed.aggregate(count=Count("pk"), oldest=Min("created"))
    yield GaugeMetricFamily("coffer_mails_owed", "Mails that are not delivered yet.", value=facts["count"])
    age = (timezone.now() - facts["oldest"]).total_seconds() if facts["oldest"] else 0
    yield GaugeMetricFamily("coffer_mail_oldest_seconds", "How long the oldest of them waits.", value=age)
    failed = Mail.objects.filter(state=Mail.State.FAILED).count()
    yield GaugeMetricFamily("coffer_mails_given_up", "Mails of the last month that were given up.", value=failed)


def _stored() -> Iterator[Metric]:
    sums = cache.get(_SUMS)
    if sums is None:
        sums = _sums()
        cache.set(_SUMS, sums, _KEPT_SECONDS)
    for name, help_text in _HELP.items():
        yield GaugeMetricFamily(name, help_text, value=sums[name])
    events = GaugeMetricFamily(
        "coffer_vault_events", "Events that the vault's feed told, of the last 400 days.", labels=["kind"]
    )
    for kind, count in sorted(sums["events"].items()):
        events.add_metric([kind], count)
    yield events


_HELP = {
    "coffer_accounts": "Accounts.",
    "coffer_safes": "Safes.",
    "coffer_snapshots": "Backups.",
    "coffer_stored_bytes": "Bytes of sealed pieces and descriptions.",
    "coffer_chunks_damaged": "Sealed pieces that a scrub found broken and nobody has sent again.",
    "coffer_removals_owed": "Objects that are to be deleted from the store.",
}


def _sums() -> dict[str, object]:
    kinds = VaultEvent.objects.order_by().values_list("kind").annotate(count=Count("pk"))
    return {
        "coffer_accounts": Account.objects.count(),
        "coffer_safes": Safe.objects.count(),
        "coffer_snapshots": Snapshot.objects.count(),
        "coffer_stored_bytes": Safe.objects.aggregate(total=Sum("stored_bytes"))["total"] or 0,
        "coffer_chunks_damaged": Chunk.objects.filter(damaged__isnull=False).count(),
        "coffer_removals_owed": Removal.objects.count(),
        "events": dict(kinds),
    }
