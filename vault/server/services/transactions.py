"""Transactions that are on disk when they end, that nothing around them can take back, and that no rotation crosses.

Every transaction shares the epoch with all others; creating or destroying an epoch key waits until none is running.
So nothing is written under a key that is about to go. SQLite has one writer at a time anyway; PostgreSQL has an
advisory lock, which costs no row and ends with its transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from vault.server.router import ALIAS

_EPOCH_LOCK = int.from_bytes(b"epoch", "big")


@contextmanager
def durable() -> Iterator[None]:
    """One transaction on the vault's database. Raises RuntimeError inside another one: an exception out there would
    roll back a charged guess."""
    with _alone():
        _advisory("pg_advisory_xact_lock_shared")
        yield


@contextmanager
def between_epochs() -> Iterator[None]:
    """One transaction while no other runs: here, and only here, epoch keys come and go. Raises RuntimeError."""
    with _alone():
        _advisory("pg_advisory_xact_lock")
        yield


@contextmanager
def _alone() -> Iterator[None]:
    connection = connections[ALIAS]
    if connection.in_atomic_block or connection.settings_dict.get("ATOMIC_REQUESTS"):
        raise RuntimeError("the vault commits its own transactions: call it outside any other")
    with transaction.atomic(using=ALIAS):
        yield


def _advisory(function: str) -> None:
    connection = connections[ALIAS]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [_EPOCH_LOCK])
