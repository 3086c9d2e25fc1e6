"""How much was written when, by whom, and of what kind; and which files it came from."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from webapp.engine.archive.rows import OriginRow

_HOUR = 3_600_000
_DAY = 86_400_000
_NO_END = 1 << 62

Zone = Sequence[tuple[int, int]]
"""What to add for the wall clock: (from this time in milliseconds on, minutes), ascending. Floating chats need none."""


@dataclass(frozen=True, slots=True)
class PersonCount:
    """How many messages a participant wrote."""

    participant: int
    name: str
    messages: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of messages. `days`: (day since 1970-01-01, count) of days with messages; `months`: ("2022-05", count);
    `hours`: 24 counts; `weekdays`: 7 from Monday; `people`: most first."""

    messages: int
    days: tuple[tuple[int, int], ...]
    months: tuple[tuple[str, int], ...]
    hours: tuple[int, ...]
    weekdays: tuple[int, ...]
    people: tuple[PersonCount, ...]
    kinds: dict[str, int]


def statistics_of(connection: sqlite3.Connection, chat: int | None = None, zone: Zone = ()) -> Statistics:
    """The statistics of one chat, or of all."""
    hours: Counter[int] = Counter()
    floating = dict(connection.execute("SELECT id, floating FROM chats"))
    for found in [chat] if chat is not None else list(floating):
        spans = list(zone) if not floating.get(found) else []
        for start, end, minutes in _spans(spans):
            rows = connection.execute(
                f"SELECT (timestamp + ?) / {_HOUR} AS hour, count(*) FROM messages"
                " WHERE chat = ? AND timestamp >= ? AND timestamp < ? GROUP BY hour",
                (minutes * 60_000, found, start, end),
            )
            for hour, count in rows:
                hours[hour] += count
    days: Counter[int] = Counter()
    by_hour, by_weekday = [0] * 24, [0] * 7
    for hour, count in hours.items():
        days[hour // 24] += count
        by_hour[hour % 24] += count
        by_weekday[(hour // 24 + 3) % 7] += count  # 1970-01-01 was a Thursday
    months: Counter[str] = Counter()
    for day, count in days.items():
        months[_month(day)] += count
    where, values = ("", ()) if chat is None else ("WHERE chat = ?", (chat,))
    people = connection.execute(
        "SELECT p.id, p.name, w.written FROM (SELECT sender, count(*) AS written FROM messages"
        f" {where} GROUP BY sender) w JOIN participants p ON p.id = w.sender ORDER BY w.written DESC, p.id",
        values,
    )
    kinds = connection.execute(f"SELECT kind, count(*) FROM messages {where} GROUP BY kind ORDER BY 2 DESC, 1", values)
    return Statistics(
        hours.total(),
        tuple(sorted(days.items())),
        tuple(sorted(months.items())),
        tuple(by_hour),
        tuple(by_weekday),
        tuple(PersonCount(*row) for row in people),
        dict(kinds.fetchall()),
    )


def origins_of(connection: sqlite3.Connection, chat: int | None = None) -> list[OriginRow]:
    """The files that messages came from, with how many each has, and how many it alone has."""
    where, values = ("", ()) if chat is None else ("WHERE m.chat = ?", (chat,))
    first = dict(connection.execute(f"SELECT m.origin, count(*) FROM messages m {where} GROUP BY m.origin", values))
    shared = dict(
        connection.execute(
            "SELECT m.origin, count(DISTINCT m.id) FROM copies c CROSS JOIN messages m ON m.id = c.message"
            f" {where} GROUP BY m.origin",
            values,
        )
    )
    further = dict(
        connection.execute(
            f"SELECT c.origin, count(*) FROM copies c CROSS JOIN messages m ON m.id = c.message {where} GROUP BY 1",
            values,
        )
    )
    rows = connection.execute("SELECT id, reader, name, member FROM origins ORDER BY id")
    return [
        OriginRow(id, reader, name, member, first.get(id, 0) + further.get(id, 0), first.get(id, 0) - shared.get(id, 0))
        for id, reader, name, member in rows
    ]


def _spans(zone: Zone) -> list[tuple[int, int, int]]:
    """(from, until, minutes) that cover all time."""
    if not zone:
        return [(-_NO_END, _NO_END, 0)]
    starts = [-_NO_END, *(start for start, _ in zone[1:])]
    ends = [*starts[1:], _NO_END]
    return [(start, end, minutes) for start, end, (_, minutes) in zip(starts, ends, zone, strict=True)]


def _month(day: int) -> str:
    return f"{datetime.fromtimestamp(day * _DAY / 1000, UTC):%Y-%m}"
