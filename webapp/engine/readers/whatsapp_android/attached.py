"""A database of unknown origin, attached beside an archive that is being filled: read only, within bounds.

Only its plain tables are asked, by columns that are there: no view, no trigger and no virtual table of its own runs,
and nothing its schema says is trusted. A budget of steps ends what no honest file asks for.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.engine.errors import Cancelled
from webapp.engine.ports import OpenableBySqlite, Reporter
from webapp.engine.readers.foreign_database import (
    FAILURES,
    LARGEST_DATABASE,
    MOST_ROUNDS,
    STEPS_PER_ROUND,
    DatabaseTooLarge,
    content_with_log,
    distrust,
    failure_of,
)
from webapp.engine.readers.items import Item

_LIMITS = (
    (sqlite3.SQLITE_LIMIT_LENGTH, 64 << 20),
    (sqlite3.SQLITE_LIMIT_COLUMN, 2000),
    (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0),
)


class Attached:
    """One attached database: `name` is its schema on the archive's connection."""

    def __init__(self, connection: sqlite3.Connection, name: str, file: str) -> None:
        self.connection, self.name, self.file = connection, name, file
        self._columns: dict[str, frozenset[str]] = {}
        self.overlaid: dict[str, str] = {}
        """Tables that are asked in place of the database's own."""

    def has(self, table: str, *columns: str) -> bool:
        """Whether there is a plain table of that name with those columns."""
        return bool(self.columns(table)) and all(column in self.columns(table) for column in columns)

    def columns(self, table: str) -> frozenset[str]:
        """The names of a table's columns in small letters; empty where there is no such plain table."""
        if table not in self._columns:
            kind = self.connection.execute(
                f"SELECT count(*) FROM {self.name}.sqlite_schema WHERE type = 'table' AND lower(name) = ?"
                " AND sql NOT LIKE 'CREATE VIRTUAL%'",
                (table,),
            ).fetchone()[0]
            rows = self.connection.execute(
                "SELECT lower(name) FROM pragma_table_info(?, ?) WHERE ?", (table, self.name, kind == 1)
            )
            self._columns[table] = frozenset(str(row[0]) for row in rows)
        return self._columns[table]

    def table(self, name: str) -> str:
        """A table's name for a query."""
        return self.overlaid.get(name) or f'{self.name}."{name}"'

    def column(self, table: str, column: str, otherwise: str = "NULL", alias: str = "") -> str:
        """`alias.column` where that column exists, else the expression `otherwise`."""
        return f'{alias or table}."{column}"' if column in self.columns(table) else otherwise


def start_anew(connection: sqlite3.Connection, **tables: str) -> None:
    """Empty temporary tables, name=columns; within the transaction that is open."""
    for name, columns in tables.items():
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
        connection.execute(f"CREATE TEMP TABLE {name} ({columns})")


@contextmanager
def bounded(connection: sqlite3.Connection, file: str, report: Reporter) -> Iterator[None]:
    """Within it, everything that is asked of the connection has bounds, can be cancelled, and fails with our errors:
    DatabaseDamaged, DatabaseImplausible, Cancelled."""
    rounds = 0
    cancelled: Cancelled | None = None

    def step() -> bool:
        nonlocal rounds, cancelled
        rounds += 1
        try:
            report.check()
        except Cancelled as stop:
            cancelled = stop
        return cancelled is not None or rounds > MOST_ROUNDS

    before = [(limit, connection.setlimit(limit, value)) for limit, value in _LIMITS]
    connection.set_progress_handler(step, STEPS_PER_ROUND)
    try:
        yield
    except FAILURES as error:
        raise cancelled or failure_of(error, file) from None
    finally:
        connection.set_progress_handler(None, 0)
        for limit, value in before:
            connection.setlimit(limit, value)


def attach(connection: sqlite3.Connection, name: str, item: Item, log: Item | None = None) -> Attached:
    """Attaches a database where it lies if SQLite can open it there, else a copy in memory; `log` is its `-wal`.

    From then on the connection, which was opened with `uri=True`, runs no view and no trigger but temporary ones.
    Raises DatabaseTooLarge, DatabaseDamaged and the errors of zips.
    """
    distrust(connection)
    source = item.source
    if item.member is None and log is None and isinstance(source, OpenableBySqlite):
        connection.execute(f"ATTACH ? AS {name}", (f"file:{_in_uri(source.path())}?mode=ro&immutable=1",))
    else:
        if item.size > LARGEST_DATABASE:
            raise DatabaseTooLarge(item.size, LARGEST_DATABASE)
        content = content_with_log(item, log)
        connection.execute(f"ATTACH ':memory:' AS {name}")
        connection.deserialize(content, name=name)
    return Attached(connection, name, item.name)


def _in_uri(path: str) -> str:
    """A path within SQLite's `file:` address, where three letters have a meaning of their own."""
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
