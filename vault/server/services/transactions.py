"""Transactions that are on disk when they end, and that nothing around them can take back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from vault.server.router import ALIAS


@contextmanager
def durable() -> Iterator[None]:
    """One transaction on the vault's database. Raises RuntimeError inside another one: an exception out there would
    roll back a charged guess."""
    connection = connections[ALIAS]
    if connection.in_atomic_block or connection.settings_dict.get("ATOMIC_REQUESTS"):
        raise RuntimeError("the vault commits its own transactions: call it outside any other")
    with transaction.atomic(using=ALIAS):
        yield
