"""Everything a fresh server needs before its first request, in steps that are skipped when they are done."""

import hashlib
import os
from collections.abc import Callable, Iterator

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from webapp.server.backups.storage import bucket_store
from webapp.server.secret_files import random_secret
from webapp.server.signing import ensure_ticket_key


def steps() -> Iterator[tuple[str, Callable[[], bool]]]:
    """(what it is, the step); a step returns whether it had anything to do. The order matters."""
    yield "data folder", make_data_folder
    yield "server secrets", make_secrets
    for alias in connections:
        yield f"database {alias}", lambda alias=alias: migrate(alias)
    yield "cache table", make_cache_table
    if settings.STATIC_ROOT:
        yield "static files", collect_static_files
    if settings.CHUNK_BUCKET is not None:
        yield "bucket", make_bucket
    yield "key vault", set_up_vault


def make_data_folder() -> bool:
    """The folder for everything that lasts, closed to other users of the machine."""
    fresh = not settings.COFFER_DATA.exists()
    settings.COFFER_DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.COFFER_DATA.chmod(0o700)
    return fresh


def make_secrets() -> bool:
    """The ticket key, and the key that seals second factors."""
    fresh = not (settings.SITE_TICKET_KEY_PATH.exists() and settings.SITE_SECOND_FACTOR_KEY_PATH.exists())
    ensure_ticket_key(settings.SITE_TICKET_KEY_PATH)
    random_secret(settings.SITE_SECOND_FACTOR_KEY_PATH)
    return fresh


def migrate(alias: str) -> bool:
    """Brings one database to the newest schema; asking first is much faster than migrating nothing."""
    executor = MigrationExecutor(connections[alias])
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", database=alias, interactive=False, verbosity=0)
    return True


def make_cache_table() -> bool:
    """The table in which rate limits count."""
    table = getattr(caches["default"], "_table", None)
    if table is None or table in connections["default"].introspection.table_names():
        return False
    call_command("createcachetable", verbosity=0)
    return True


def collect_static_files() -> bool:
    """Hashed and compressed copies for WhiteNoise, made anew when a source file has changed."""
    sources = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = os.stat(storage.path(name))
            sources.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT.with_suffix(".sources")  # beside the folder: what lies in it is served
    if stamp.exists() and stamp.read_text() == sources.hexdigest():
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(sources.hexdigest())
    return True


def make_bucket() -> bool:
    """The bucket for sealed chunks, and who may talk to it: the site's own pages."""
    bucket_store(settings.CHUNK_BUCKET).make_bucket(settings.SITE_ORIGIN)
    return False


def set_up_vault() -> bool:
    """The vault's own keys; nothing to do where the vault runs as a process of its own elsewhere."""
    if apps.is_installed("vault.server"):
        call_command("vault_setup", verbosity=0)
    return False
