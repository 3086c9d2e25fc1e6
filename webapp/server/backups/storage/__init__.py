"""Where sealed bytes lie: a port, and one module for each kind of store."""

from pathlib import Path

from django.conf import settings

from .local import LocalStore
from .port import ObjectMissing, Staging, Store, StoreFull

__all__ = ["ObjectMissing", "Staging", "Store", "StoreFull", "current_store"]


def current_store() -> Store:
    """The store that the settings name: the folder CHUNK_STORE."""
    return LocalStore(Path(settings.CHUNK_STORE))
