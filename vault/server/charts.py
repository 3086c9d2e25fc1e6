"""Guesses, lockouts and recoveries a day, as figures for a chart: counted from the events, and nothing else is read."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate

from vault.host.bars import DAYS, Chart, drawn

from .models import Event
from .router import ALIAS

# Title, and the kinds of events that it counts. A lock is also the guess that began it.
SERIES = (
    ("Guesses", ("guess_charged", "locked")),
    ("Lockouts", ("locked",)),
    ("Recoveries", ("recovered",)),
)


def charts(now: datetime) -> list[Chart]:
    """The last 30 days in UTC, today included. now: with its zone."""
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=DAYS - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    kinds = {kind for _, counted in SERIES for kind in counted}
    found = (
        Event.objects.using(ALIAS)
        .filter(at__gte=since, kind__in=kinds)
        .annotate(day=TruncDate("at", tzinfo=UTC))
        .values("day", "kind")
        .annotate(count=Count("id"))
        .values_list("day", "kind", "count")
    )
    counts: Counter[tuple[date, str]] = Counter()
    for day, kind, count in found:
        counts[day, kind] = count
    return [drawn(title, first, [_of(counts, first, place, of) for place in range(DAYS)]) for title, of in SERIES]


def _of(counts: Counter[tuple[date, str]], first: date, place: int, kinds: tuple[str, ...]) -> int:
    day = first + timedelta(days=place)
    return sum(counts[day, kind] for kind in kinds)
