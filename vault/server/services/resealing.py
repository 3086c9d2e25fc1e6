"""Sealing every row anew under the current epoch while the vault serves, and telling whether a row still holds.

A batch is read and sealed outside any transaction, then each row is changed by compare-and-swap on its sealed bytes
and MACs: a row that a request changed meanwhile is left for the next pass. What does not match its MAC is never
touched: sealing it anew would vouch for an edit.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from vault.server import rows
from vault.server.models import ClockMark, Identity, LoginState, Record, Safe
from vault.server.router import ALIAS
from vault.wire.errors import ErrorCode, VaultError

from . import counter, sealing
from .pace import Pace
from .transactions import durable

# A plain row (rows.py) with the model's attributes; a login state has its `record`, too.
Row = Any


@dataclass(frozen=True, slots=True)
class Table:
    """How one table's rows are checked and sealed anew. compared: the columns of the compare-and-swap. `sealed_anew`
    sets the row's columns, for the epoch already set in it."""

    model: type[models.Model]
    compared: tuple[str, ...]
    check: Callable[[Row], None]
    opened: Callable[[Row], tuple[bytes, ...]]
    sealed_anew: Callable[[Row, tuple[bytes, ...]], None]


def _open_record(row: Record) -> tuple[bytes, ...]:
    evaluation = b"" if row.sealed_evaluation is None else b"".join(sealing.open_evaluation(row))
    wrapped_key = b"" if row.sealed_wrapped_key is None else sealing.open_wrapped_key(row)
    return evaluation, wrapped_key


def _seal_record(row: Record, opened: tuple[bytes, ...]) -> None:
    evaluation, wrapped_key = opened
    if evaluation:
        row.sealed_evaluation = sealing.seal_evaluation(row, evaluation)
    if wrapped_key:
        row.sealed_wrapped_key = sealing.seal_wrapped_key(row, wrapped_key)
    row.counter_mac = counter.vouch(row)


def _check_record(row: Record) -> None:
    counter.read(row)


def _check_login(row: LoginState) -> None:
    sealing.check_login(row, row.record)


def _open_login(row: LoginState) -> tuple[bytes, ...]:
    return () if row.sealed is None else sealing.open_login(row, row.record)


def _seal_login(row: LoginState, opened: tuple[bytes, ...]) -> None:
    sealing.vouch_login(row, row.record)
    if opened:
        row.sealed = sealing.seal_login(row, row.record, *opened)


def _seal_identity(row: Identity, opened: tuple[bytes, ...]) -> None:
    row.sealed = sealing.seal_identity(row, *opened)


def _nothing(row: Row) -> tuple[bytes, ...]:
    return ()


TABLES = (
    Table(Identity, ("sealed",), lambda row: None, sealing.open_identity, _seal_identity),
    Table(ClockMark, ("mac",), sealing.check_clock_mark, _nothing, lambda row, _: sealing.vouch_clock_mark(row)),
    Table(Safe, ("mac",), sealing.check_safe, _nothing, lambda row, _: sealing.vouch_safe(row)),
    Table(
        Record, ("counter_mac", "sealed_evaluation", "sealed_wrapped_key"), _check_record, _open_record, _seal_record
    ),
    Table(LoginState, ("mac", "sealed"), _check_login, _open_login, _seal_login),
)


@dataclass(slots=True)
class Resealed:
    """rows: sealed anew; closed: rows that do not match their MAC, left as they are."""

    rows: int = 0
    closed: int = 0


def reseal(epoch: int, progress: Callable[[int], None]) -> Resealed:
    """Everything older than `epoch`, the current one. progress: called with each batch's count, outside transactions.

    Runs until every row is of this epoch or closed. Raises VaultError custody_down.
    """
    done, pace = Resealed(), Pace()
    for table in TABLES:
        while True:
            changed, missed, closed = _one_pass(table, epoch, pace, progress)
            done.rows += changed
            if not missed:
                done.closed += closed
                break
    return done


def older_rows(epoch: int) -> int:
    """How many rows name an older epoch."""
    return sum(table.model._default_manager.using(ALIAS).filter(epoch__lt=epoch).count() for table in TABLES)


def _one_pass(table: Table, epoch: int, pace: Pace, progress: Callable[[int], None]) -> tuple[int, int, int]:
    """→ rows changed, rows that somebody else was at, rows that are closed."""
    changed = missed = closed = 0
    for batch in batches(table, ALIAS, pace, older_than=epoch):
        ready = []
        with sealing.in_batch():
            for row in batch:
                try:
                    ready.append(_anew(table, row, epoch))
                except VaultError as error:
                    # Without its identity the vault is lost: that one is never left behind.
                    if error.code is not ErrorCode.RECORD_CLOSED or table.model is Identity:
                        raise
                    closed += 1
        swapped = _swap(table, ready)
        changed += swapped
        missed += len(ready) - swapped
        progress(swapped)
    return changed, missed, closed


def _anew(table: Table, row: Row, epoch: int) -> rows.Change:
    """→ key, the columns as they were, the columns (epoch first) as they become."""
    table.check(row)
    opened = table.opened(row)
    before = [getattr(row, name) for name in table.compared]
    row.epoch = epoch
    table.sealed_anew(row, opened)
    return row.id, before, [epoch, *(getattr(row, name) for name in table.compared)]


def _swap(table: Table, ready: Sequence[rows.Change]) -> int:
    with durable():
        return rows.table(table.model).swap(("epoch", *table.compared), table.compared, ready)


def batches(table: Table, alias: str, pace: Pace, older_than: int | None = None) -> Iterator[list[Row]]:
    """The table's rows in the order of their keys, as many at a time as the pace says; it rests in between."""
    own, record = rows.table(table.model, alias), rows.table(Record, alias)
    of_record = table.model is LoginState
    columns = own.columns("t") + (f", {record.columns('r')}" if of_record else "")
    source = f"{own.name} t" + (f" JOIN {record.name} r ON r.id = t.record_id" if of_record else "")
    older, values = ("", []) if older_than is None else (" AND t.epoch < %s", [older_than])
    statement = f"SELECT {columns} FROM {source} WHERE t.id > %s{older} ORDER BY t.id LIMIT %s"  # noqa: S608
    after = 0
    while found := rows.run(statement, (after, *values, pace.rows()), alias, binary=True).fetchall():
        batch = []
        for row in found:
            plain = own.plain(row[: own.width])
            if of_record:
                plain.record = record.plain(row[own.width :])
            batch.append(plain)
        after = batch[-1].id
        yield batch
        pace.rest()
