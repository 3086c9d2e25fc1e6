"""Where sealed bytes lie: a port, and one module for each kind of store."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from ..bucket import S3Place
from .local import LocalStore
from .port import ObjectMissing, Staging, Store, StoredObject, StoreFull

if TYPE_CHECKING:
    from .s3 import S3Store

__all__ = [
    "ObjectMissing",
    "Staging",
    "Store",
    "StoreFull",
    "StoredObject",
    "bucket_store",
    "current_store",
    "direct_store",
]


def current_store() -> Store:
    """The store that the settings name: the bucket CHUNK_BUCKET, or the folder CHUNK_STORE."""
    place: S3Place | None = settings.CHUNK_BUCKET
    return LocalStore(Path(settings.CHUNK_STORE)) if place is None else bucket_store(place)


def direct_store() -> "S3Store | None":
    """The bucket where browsers send and fetch chunks themselves; None where all goes through the site."""
    place: S3Place | None = settings.CHUNK_BUCKET
    return bucket_store(place) if place is not None and settings.CHUNK_DIRECT else None


@lru_cache(maxsize=4)
def bucket_store(place: S3Place) -> "S3Store":
    """One client a process: making one costs more than many requests."""
    # Here and not above: the library takes a fifth of a second to import, for nothing where there is no bucket.
    from .s3 import S3Store

    return S3Store(place, Path(settings.CHUNK_STORE))
