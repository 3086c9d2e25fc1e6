"""Whether what the site needs answers: databases, store, broker, vault. Each question has an end."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import connections
from django.db.utils import Error

from webapp.server.backups.storage import bucket_store
from webapp.server.vault_link.connection import VaultUnreachable
from webapp.server.vault_link.views import vault

# A probe every second must not become a question a second to a service of others.
_KEPT_SECONDS = 5.0
_kept: dict[str, tuple[float, bool]] = {}


def databases_down() -> list[str]:
    """The aliases of databases that do not answer."""
    down = []
    for alias in connections:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error:
            down.append(alias)
    return down


def services_down() -> list[str]:
    """Which of store, broker and vault do not answer, as of a few seconds ago."""
    asked = {"store": _store, "broker": _broker, "vault": _vault}
    return [name for name, question in asked.items() if not _lately(name, question)]


def _lately(name: str, question: Callable[[], bool]) -> bool:
    now = time.monotonic()
    at, answer = _kept.get(name, (float("-inf"), False))
    if now - at > _KEPT_SECONDS:
        answer = question()
        _kept[name] = (time.monotonic(), answer)
    return answer


def _store() -> bool:
    if settings.CHUNK_BUCKET is not None:
        return bucket_store(settings.CHUNK_BUCKET).answers()
    folder = Path(settings.CHUNK_STORE)
    return os.access(folder if folder.exists() else folder.parent, os.W_OK | os.X_OK)


def _broker() -> bool:
    if not settings.BROKER_URL:
        return os.access(settings.BROKER_FOLDER / "messages", os.W_OK | os.X_OK)
    try:
        with current_app.connection_for_write(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # noqa: BLE001 - whatever the broker's library raises
        return False
    return True


def _vault() -> bool:
    """In the same process its database was asked already."""
    if not settings.VAULT_URL:
        return True
    try:
        return vault().send("GET", "/health/live", b"", {}, 1024).status == 200
    except VaultUnreachable:
        return False
