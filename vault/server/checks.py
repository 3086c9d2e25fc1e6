"""Start-up checks: a charge that was committed must be on disk, and no exception may take it back."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from . import configuration
from .router import ALIAS

_FULL = 2


def vault_database_settings(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    """ATOMIC_REQUESTS is off; SQLite starts its write transactions at once."""
    database = configuration.database()
    if database is None:
        return [Error('There is no database "vault".', hint="Add it to DATABASES.", id="vault.E001")]
    problems: list[CheckMessage] = []
    if database.get("ATOMIC_REQUESTS"):
        problems.append(
            Error(
                "ATOMIC_REQUESTS would let an error take back a charged guess.",
                hint='Switch it off for "vault".',
                id="vault.E002",
            )
        )
    if _is_sqlite(database) and database.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE":
        problems.append(
            Error(
                "The vault's SQLite transactions do not lock at their start.",
                hint='Set OPTIONS["transaction_mode"] to "IMMEDIATE".',
                id="vault.E003",
            )
        )
    return problems


def vault_database_durable(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A commit that returned is on disk: asked of the database itself."""
    if ALIAS not in (databases or []):
        return []
    connection = connections[ALIAS]
    if connection.vendor == "postgresql":
        return _postgresql_durable()
    if not _is_sqlite(connection.settings_dict):
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        row = cursor.fetchone()
    if row is not None and row[0] >= _FULL:
        return []
    return [
        Error(
            "A charged guess could be lost in a power cut: the vault's SQLite does not wait for the disk.",
            hint='Put "PRAGMA synchronous=FULL;" into OPTIONS["init_command"].',
            id="vault.E004",
        )
    ]


def _postgresql_durable() -> list[CheckMessage]:
    """For the vault's own connection: a role or a database may have settings of its own."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE setting = 'off' AND name IN ('fsync', 'synchronous_commit') "
            "ORDER BY name"
        )
        off = [name for (name,) in cursor.fetchall()]
    if not off:
        return []
    return [
        Error(
            f"A charged guess could be lost in a power cut: the vault's PostgreSQL runs with {' and '.join(off)} off.",
            hint="Switch it on, for the server and for the vault's role.",
            id="vault.E005",
        )
    ]


def register_all() -> None:
    """Called once, when the app is ready."""
    register(vault_database_settings, Tags.security)
    register(vault_database_durable, Tags.database)


def _is_sqlite(database: dict[str, Any]) -> bool:
    return str(database.get("ENGINE", "")).endswith("sqlite3")
