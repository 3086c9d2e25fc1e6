"""Many records, as the vault itself would have made them, with random keys in them: real seals, real MACs."""

import secrets
from collections.abc import Iterable, Sequence
from itertools import count as numbers
from types import SimpleNamespace
from typing import Any

from django.db import connections, models, transaction
from django.db.models import Max

from vault.lockout import GuessRecord, State
from vault.server.clock import database_now
from vault.server.models import Record, Safe
from vault.server.services import counter, sealing

_BATCH = 10_000


def fill(count: int) -> None:
    """`count` safes with an active record each, in bulk; then the database's statistics are brought up to date."""
    now, epoch = database_now(), sealing.current_epoch()
    safe_numbers, record_numbers = (numbers(_last(model) + 1) for model in (Safe, Record))
    for first in range(0, count, _BATCH):
        with sealing.in_batch():
            safes = [_safe(next(safe_numbers), epoch, now) for _ in range(min(_BATCH, count - first))]
            records = [_record(next(record_numbers), safe, epoch) for safe in safes]
        with transaction.atomic(using="vault"):
            _store(Safe, safes)
            _store(Record, records)
    connection = connections["vault"]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(_NoStyle(), [Safe, Record]):
            cursor.execute(statement)
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


class _NoStyle:
    def __getattr__(self, name: str) -> Any:
        return str


def _last(model: type[models.Model]) -> int:
    return model._default_manager.using("vault").aggregate(last=Max("pk"))["last"] or 0


def _plain(model: type[models.Model], **values: Any) -> SimpleNamespace:
    """Every column with its default, as the vault's own code would leave it."""
    fields = model._meta.local_concrete_fields
    return SimpleNamespace(**{field.attname: field.get_default() for field in fields} | values)


def _safe(number: int, epoch: int, now: Any) -> Any:
    safe = _plain(
        Safe,
        id=number,
        account_id=secrets.token_bytes(16),
        safe_id=secrets.token_bytes(16),
        owner_public_key=secrets.token_bytes(32),
        registrations=1,
        epoch=epoch,
        created=now,
    )
    sealing.vouch_safe(safe)
    return safe


def _record(number: int, safe: Any, epoch: int) -> Any:
    record = _plain(
        Record,
        id=number,
        record_id=secrets.token_bytes(16),
        safe_id=safe.id,
        version=1,
        epoch=epoch,
        created=safe.created,
        state=State.ACTIVE.value,
        guesses_left=GuessRecord().guesses_left,
    )
    record.sealed_evaluation = sealing.seal_evaluation(record, secrets.token_bytes(32), secrets.token_bytes(192))
    record.sealed_wrapped_key = sealing.seal_wrapped_key(record, secrets.token_bytes(60))
    record.counter_mac = counter.vouch(record)
    return record


def _store(model: type[models.Model], rows: Sequence[Any]) -> None:
    """COPY on PostgreSQL, one prepared INSERT on SQLite."""
    connection, fields = connections["vault"], model._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values: Iterable[list[Any]] = ([getattr(row, field.attname) for field in fields] for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
                for row in values:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
            ready = [[f.get_db_prep_save(v, connection) for f, v in zip(fields, row, strict=True)] for row in values]
            cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})', ready)
