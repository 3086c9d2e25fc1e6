"""Reading stored chunks again, slowly, to find rot before a restore does.

A chunk whose bytes are not those of its row counts as lacking from then on: the next backup of the same files sends it
again (services/chunks.py).
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from ..limits import PIECE_BYTES
from ..models import Chunk
from ..storage import ObjectMissing, Store
from ..storage.names import chunk_name

EVERY = timedelta(days=30)
RUN_BYTES = 2 * 1024**3
PORTION = 200
_log = logging.getLogger("coffer.backups")


@dataclass(slots=True)
class Scrubbed:
    """What a run read, in chunks and bytes, and how many of them were broken or gone."""

    chunks: int = 0
    bytes: int = 0
    damaged: int = 0


def scrub(store: Store, now: datetime, run_bytes: int = RUN_BYTES) -> Scrubbed:
    """Chunks that were not read for EVERY, the longest ago first, about `run_bytes` of them."""
    done = Scrubbed()
    while done.bytes < run_bytes:
        due = Chunk.objects.filter(damaged=None, created__lt=now - EVERY).exclude(scrubbed__gte=now - EVERY)
        rows = list(due.select_related("safe").order_by(F("scrubbed").asc(nulls_first=True), "pk")[:PORTION])
        if not rows:
            return done
        for row in rows:
            name = chunk_name(row.safe.safe_id, row.chunk_id, row.sha256)
            whole = digest_of(store, name) == row.sha256
            mine = Chunk.objects.filter(pk=row.pk, sha256=row.sha256)
            mine.update(scrubbed=now) if whole else mine.update(scrubbed=now, damaged=now)
            done.chunks += 1
            done.bytes += row.size
            if not whole:
                done.damaged += 1
                _log.error("a stored chunk is damaged: %s", name)
            if done.bytes >= run_bytes:
                break
    return done


def digest_of(store: Store, name: str) -> bytes | None:
    """SHA-256 of an object's bytes as they are now; None where it is gone."""
    digest = hashlib.sha256()
    try:
        with store.open(name) as file:
            while piece := file.read(PIECE_BYTES):
                digest.update(piece)
    except ObjectMissing:
        return None
    return digest.digest()
