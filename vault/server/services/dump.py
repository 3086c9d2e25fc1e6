"""A dump of the vault that is known to be good: one SQLite file, consistent, every row of it opened before it counts.

The file has the vault's own tables, whatever database it was taken from: beside the epoch keys it is the whole vault.
Within its epoch it holds counters that can be put back, so it is kept closed (0600) and is worth nothing once its
epoch's key is destroyed.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections, models, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from vault.server.models import ClockMark, Event, Identity, LoginState, Record, Rotation, Safe, SpentTicket
from vault.server.router import ALIAS, LABEL
from vault.wire.errors import ErrorCode, VaultError

from . import sealing
from .pace import Pace
from .resealing import TABLES, Table, batches

_MODELS: tuple[type[models.Model], ...] = (
    Identity, ClockMark, Rotation, Safe, Record, Event, LoginState, SpentTicket,
)  # fmt: skip


class DumpRefused(Exception):
    """The dump cannot be relied on; the file is gone."""


@dataclass(frozen=True, slots=True)
class Verified:
    """rows: opened and vouched for; closed: rows that do not match their MAC; epochs: that the good rows are of."""

    rows: int
    closed: int
    epochs: frozenset[int]


def write(path: Path) -> Verified:
    """Write a dump to `path` and verify it. Raises DumpRefused, VaultError custody_down, FileExistsError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    if path.exists():
        raise FileExistsError(path)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        if connections[ALIAS].vendor == "sqlite":
            with connections[ALIAS].cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(part)])
        else:
            _copy(part)
        verified = verify(part)
        _sync(part)
        os.replace(part, path)
        _sync(path.parent)
    finally:
        for leftover in (part, *(part.with_name(part.name + end) for end in ("-wal", "-shm", "-journal"))):
            leftover.unlink(missing_ok=True)
    return verified


def verify(path: Path) -> Verified:
    """Open the file as a database of its own and open every sealed row in it.

    Raises DumpRefused where it is damaged or holds no identity, VaultError custody_down.
    """
    _check_file(path)
    good = closed = 0
    epochs: set[int] = set()
    pace = Pace()
    with _opened(path) as alias:
        if not Identity.objects.using(alias).exists():
            raise DumpRefused("the dump holds no vault")
        for table in TABLES:
            for batch in batches(table, alias, pace):
                with sealing.in_batch():
                    for row in batch:
                        if _opens(table, row):
                            good += 1
                            epochs.add(row.epoch)
                        else:
                            closed += 1
    return Verified(good, closed, frozenset(epochs))


def _opens(table: Table, row: Any) -> bool:
    try:
        table.check(row)
        table.opened(row)
    except VaultError as error:
        if error.code is not ErrorCode.RECORD_CLOSED:
            raise
        return False
    return True


def _check_file(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as database:
            found = database.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise DumpRefused("the dump is damaged") from error
    if found != [("ok",)]:
        raise DumpRefused("the dump is damaged")


@contextmanager
def _opened(path: Path) -> Iterator[str]:
    """The file under a database alias of its own, known to this thread alone."""
    alias = f"vault-dump-{secrets.token_hex(8)}"
    settings = connections[ALIAS].settings_dict | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"init_command": "PRAGMA journal_mode=DELETE; PRAGMA foreign_keys=ON;"},
        "CONN_MAX_AGE": 0,
    }
    connections[alias] = DatabaseWrapper(settings, alias)
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]


def _copy(path: Path) -> None:
    """Every row, from one snapshot of the database, a bounded number at a time."""
    with _opened(path) as alias:
        target = connections[alias]
        with target.schema_editor() as schema:
            for model in _MODELS:
                schema.create_model(model)
        recorder = MigrationRecorder(target)
        recorder.ensure_schema()
        for app, name in MigrationRecorder(connections[ALIAS]).applied_migrations():
            if app == LABEL:
                recorder.record_applied(app, name)
        with transaction.atomic(using=ALIAS), transaction.atomic(using=alias):
            with connections[ALIAS].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            pace = Pace()
            for model in _MODELS:
                _copy_table(model, alias, pace)


def _copy_table(model: type[models.Model], alias: str, pace: Pace) -> None:
    """Raw values from one database to the other: only times are written differently."""
    target, fields = connections[alias], model._meta.local_concrete_fields
    times = [at for at, one in enumerate(fields) if isinstance(one, models.DateTimeField)]
    columns = ", ".join(f'"{one.column}"' for one in fields)
    name, places = model._meta.db_table, ", ".join(["%s"] * len(fields))
    insert = f'INSERT INTO "{name}" ({columns}) VALUES ({places})'  # noqa: S608
    with connections[ALIAS].connection.cursor(name="vault_dump", binary=True) as source, target.cursor() as cursor:
        source.execute(f'SELECT {columns} FROM "{name}" ORDER BY id')  # noqa: S608
        while found := source.fetchmany(pace.rows()):
            chunk = [list(row) for row in found]
            for row in chunk:
                for at in times:
                    row[at] = fields[at].get_db_prep_save(row[at], target)
            cursor.executemany(insert, chunk)
            pace.rest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
