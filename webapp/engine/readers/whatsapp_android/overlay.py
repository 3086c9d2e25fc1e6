"""Rows of later files on top of an attached database, which itself is never written to.

A table that changes is copied once into the archive's temporary database, with the keys that tell which row a new one
replaces; from then on the copy is asked in its place.
"""

import re
import sqlite3
from collections.abc import Mapping

from webapp.engine.readers.whatsapp_android.attached import Attached

_NAME = re.compile(r"[A-Za-z0-9_]+")
_TYPES = ("INTEGER", "TEXT", "BLOB", "REAL")
Value = str | bytes | int | float | None


class Overlay:
    """Changes to the tables of one attached database. Within the transaction that is open."""

    def __init__(self, archive: sqlite3.Connection, database: Attached) -> None:
        self.archive, self.database = archive, database

    def table(self, name: str) -> str:
        """The copy of a plain table that the database has, made at first use; for a query."""
        copy = f"temp.over_{name}"
        if self.database.overlaid.get(name) != copy:
            self._copy(name, copy)
            self.database.overlaid[name] = copy
        return copy

    def put(self, name: str, row: Mapping[str, Value]) -> None:
        """Inserts a row, or replaces the one of the same key. Columns that the table does not have are left out."""
        known = self.database.columns(name)
        values = {column: value for column, value in row.items() if column in known and _NAME.fullmatch(column)}
        if values:
            columns = ", ".join(f'"{column}"' for column in values)
            marks = ", ".join("?" * len(values))
            self.archive.execute(
                f"INSERT OR REPLACE INTO {self.table(name)} ({columns}) VALUES ({marks})", tuple(values.values())
            )

    def next_id(self, name: str) -> int:
        """An `_id` that no row has yet."""
        last = self.archive.execute(f"SELECT coalesce(max(_id), 0) FROM {self.table(name)}").fetchone()[0]
        return int(last) + 1

    def _copy(self, name: str, copy: str) -> None:
        run, schema = self.archive.execute, self.database.name
        info = run('SELECT name, upper(type), pk FROM pragma_table_info(?, ?) ORDER BY "cid"', (name, schema))
        columns = [(str(column), str(kind), int(pk)) for column, kind, pk in info if _NAME.fullmatch(column)]
        keys = [column for column, _, pk in sorted(columns, key=lambda column: column[2]) if pk]
        single = keys[0] if len(keys) == 1 else None
        parts = [
            f'"{column}" {next((one for one in _TYPES if one in kind), "")}'
            + (" PRIMARY KEY" if column == single else "")
            for column, kind, _ in columns
        ]
        if len(keys) > 1:
            parts.append(f"PRIMARY KEY ({', '.join(map(_quoted, keys))})")
        run(f"DROP TABLE IF EXISTS {copy}")
        run(f"CREATE TEMP TABLE {copy.partition('.')[2]} ({', '.join(parts)})")
        for number, unique in enumerate(self._unique(name)):
            run(f"CREATE UNIQUE INDEX {copy}_{number} ON {copy.partition('.')[2]} ({', '.join(map(_quoted, unique))})")
        every = ", ".join(_quoted(column) for column, _, _ in columns)
        run(f"INSERT OR REPLACE INTO {copy} ({every}) SELECT {every} FROM {schema}.{_quoted(name)}")

    def _unique(self, name: str) -> list[list[str]]:
        """The columns of each further key."""
        run, schema = self.archive.execute, self.database.name
        indexes = run(
            """SELECT name FROM pragma_index_list(?, ?) WHERE "unique" AND origin <> 'pk' AND NOT partial""",
            (name, schema),
        ).fetchall()
        found = [
            [column for (column,) in run("SELECT name FROM pragma_index_info(?, ?) ORDER BY seqno", (index, schema))]
            for (index,) in indexes
        ]
        return [columns for columns in found if columns and all(map(_is_name, columns))]


def _is_name(column: object) -> bool:
    return isinstance(column, str) and _NAME.fullmatch(column) is not None


def _quoted(name: str) -> str:
    return f'"{name}"'
