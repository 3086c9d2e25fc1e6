"""Destroyed means gone from the file, too: SQLite overwrites what the vault deletes instead of only forgetting it."""

from typing import Any

from django.db.backends.signals import connection_created

from .router import ALIAS


def connect() -> None:
    """Called once, when the app is ready."""
    connection_created.connect(_overwrite_deleted, dispatch_uid="vault.secure_delete")


def _overwrite_deleted(sender: Any, connection: Any, **kwargs: Any) -> None:
    if connection.alias == ALIAS and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
