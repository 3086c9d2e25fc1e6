"""Rows by SQL of our own, where building the statement costs more than the database's work: the way of a guess, and
the millions of rows that a rotation seals anew.

Statements are prepared once a connection where the database can (PostgreSQL, unless `prepare_threshold` says no).
Columns and conversions come from the models, so that a column that is added is read and written here, too.
Everything else uses Django's queries.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

import psycopg
from django.db import connections, models

from .router import ALIAS

Cursor = Any
# id, values as they were, values as they become
type Change = tuple[int, Sequence[Any], Sequence[Any]]


def run(statement: str, values: Sequence[Any] = (), alias: str = ALIAS, *, binary: bool = False) -> Cursor:
    """One statement; its cursor has `rowcount`, `fetchone` and `fetchall`. binary: how PostgreSQL sends the values,
    which is worth it for many. Raises django.db's errors."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return connection.cursor().execute(statement, values)
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return psycopg.Cursor(connection.connection).execute(statement, values, binary=binary)


class Table:
    """How one model's rows are read and written. Use `table`."""

    def __init__(self, model: type[models.Model], connection: Any) -> None:
        self._model, self._vendor = model, connection.vendor
        meta = model._meta
        self.name = meta.db_table
        self._fields = tuple(meta.local_concrete_fields)
        self._names = tuple(field.attname for field in self._fields)
        self._by_name = {field.attname: field for field in self._fields}
        self._stored = tuple(field for field in self._fields if not isinstance(field, models.AutoField))
        self._converters = tuple(self._converters_of(field, connection) for field in self._fields)
        self._converted = tuple((at, *found) for at, found in enumerate(self._converters) if found[0])
        self.width = len(self._fields)
        columns = ", ".join(f'"{field.column}"' for field in self._stored)
        self._insert = f'INSERT INTO "{self.name}" ({columns}) VALUES ({", ".join(["%s"] * len(self._stored))})'  # noqa: S608

    def _converters_of(self, field: Any, connection: Any) -> tuple[tuple[Callable[..., Any], ...], Any]:
        expression = field.get_col(self.name)
        found = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
        return tuple(found), expression

    def columns(self, alias: str) -> str:
        """Every column, for a SELECT that joins the table under this alias."""
        return ", ".join(f'{alias}."{field.column}"' for field in self._fields)

    def read(self, values: Sequence[Any]) -> Any:
        """The row of `width` values, in the order of `columns`; None where an outer join found none."""
        if values[0] is None:
            return None
        connection, converted = connections[ALIAS], list(values)
        for at, (converters, expression) in enumerate(self._converters):
            for convert in converters:
                converted[at] = convert(converted[at], expression, connection)
        return self._model.from_db(ALIAS, self._names, converted)

    def plain(self, values: Sequence[Any]) -> SimpleNamespace:
        """The row of `width` values with the model's attributes and nothing else of it: a tenth of the cost."""
        converted = list(values)
        for at, converters, expression in self._converted:
            if converted[at] is not None:
                for convert in converters:
                    converted[at] = convert(converted[at], expression, None)
        return SimpleNamespace(**dict(zip(self._names, converted, strict=True)))

    def insert(self, row: models.Model) -> None:
        """Store a new row; its number is not read back. Raises django.db.IntegrityError."""
        connection = connections[ALIAS]
        values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in self._stored]
        run(self._insert, values)

    def update(self, changes: dict[str, Any], expected: dict[str, Any]) -> int:
        """Compare-and-swap: the columns `changes` in the rows where every column of `expected` has that value (None:
        is NULL); → rows changed."""
        wanted = [name for name, value in expected.items() if value is not None]
        statement = _update(self.name, tuple(changes), tuple(wanted), tuple(sorted(set(expected) - set(wanted))))
        values = [*self._values(changes, changes), *self._values(wanted, expected)]
        return int(run(statement, values).rowcount)

    def swap(self, names: Sequence[str], compared: Sequence[str], changes: Sequence[Change]) -> int:
        """Compare-and-swap of many rows in one statement, in a transaction: of each (id, the values of `compared` as
        they were, the values of `names` as they become); → rows changed. NULL equals NULL here. Only for columns of
        bytes and whole numbers, which every database takes as they are."""
        if not changes:
            return 0
        connection = connections[ALIAS]
        if self._vendor == "postgresql":
            ids = [number for number, _, _ in changes]
            # Never wait for a request while holding rows that it may want next.
            free = f'SELECT id FROM "{self.name}" WHERE id = ANY(%s) FOR UPDATE SKIP LOCKED'  # noqa: S608
            held = {number for (number,) in run(free, (ids,)).fetchall()}
            changes = [change for change in changes if change[0] in held]
            fields = [self._by_name[name] for name in (*compared, *names)]
            types = ["bigint", *(str(field.rel_db_type(connection)) for field in fields)]
            columns = [[number for number, _, _ in changes]]
            columns += [[was[at] for _, was, _ in changes] for at in range(len(compared))]
            columns += [[becomes[at] for _, _, becomes in changes] for at in range(len(names))]
            statement = _swap_arrays(self.name, tuple(names), tuple(compared), tuple(types))
            return int(run(statement, columns).rowcount)
        one = _swap_one(self.name, tuple(names), tuple(compared))
        with connection.cursor() as cursor:
            cursor.executemany(one, [(*becomes, number, *was) for number, was, becomes in changes])
            return int(cursor.rowcount)

    def _values(self, names: Iterable[str], given: dict[str, Any]) -> list[Any]:
        connection = connections[ALIAS]
        return [self._by_name[name].get_db_prep_save(given[name], connection) for name in names]


@cache
def _update(table: str, changed: tuple[str, ...], expected: tuple[str, ...], null: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{name}" = %s' for name in changed)
    conditions = [f'"{name}" = %s' for name in expected] + [f'"{name}" IS NULL' for name in null]
    return f'UPDATE "{table}" SET {changes} WHERE {" AND ".join(conditions)}'  # noqa: S608


@cache
def _swap_one(table: str, names: tuple[str, ...], compared: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{name}" = %s' for name in names)
    same = " AND ".join(f'"{name}" IS %s' for name in compared)
    return f'UPDATE "{table}" SET {changes} WHERE id = %s AND {same}'  # noqa: S608


@cache
def _swap_arrays(table: str, names: tuple[str, ...], compared: tuple[str, ...], types: tuple[str, ...]) -> str:
    given = ["id", *(f"was_{name}" for name in compared), *(f"new_{name}" for name in names)]
    changes = ", ".join(f'"{name}" = given.new_{name}' for name in names)
    same = " AND ".join(f'held."{name}" IS NOT DISTINCT FROM given.was_{name}' for name in compared)
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    rows = f"unnest({arrays}) AS given({', '.join(given)})"
    return f'UPDATE "{table}" AS held SET {changes} FROM {rows} WHERE held.id = given.id AND {same}'  # noqa: S608


_tables: dict[tuple[type[models.Model], str], Table] = {}


def table(model: type[models.Model], alias: str = ALIAS) -> Table:
    """The model's table in the vault's database, or in one like it."""
    connection = connections[alias]
    found = _tables.get((model, connection.vendor))
    if found is None:
        found = _tables[model, connection.vendor] = Table(model, connection)
    return found


def locking(alias: str) -> str:
    """What a SELECT ends with to hold the rows of this alias; SQLite has one writer at a time anyway."""
    return f" FOR UPDATE OF {alias}" if connections[ALIAS].vendor == "postgresql" else ""
