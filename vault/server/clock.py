"""The one clock of the vault's rules: its database's."""

from datetime import UTC, datetime

from django.db import connections

from . import rows
from .router import ALIAS


def database_now(alias: str = ALIAS) -> datetime:
    """The database's time now, in UTC, to the millisecond or better; inside a transaction it keeps running."""
    connection = connections[alias]
    sqlite = connection.vendor == "sqlite"
    now = "SELECT strftime('%%Y-%%m-%%dT%%H:%%M:%%f', 'now')" if sqlite else "SELECT clock_timestamp()"
    row = rows.run(now, alias=alias).fetchone()
    if row is None:
        raise RuntimeError("the database told no time")
    value = datetime.fromisoformat(row[0]).replace(tzinfo=UTC) if sqlite else row[0]
    return value.astimezone(UTC)
