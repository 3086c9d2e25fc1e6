"""Collecting over 100,000 and 1,000,000 chunks: `python -m tests.bench collection`.

One safe with ten snapshots, each listing nine chunks of ten, overlapping; a twentieth of the chunks is listed by none.
The child process has a data folder of its own and tells what it took; its memory is the whole process's.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

SIZES = (100_000, 1_000_000)
SNAPSHOTS = 10


def measure() -> Iterator[dict[str, object]]:
    """Seconds a million chunks at both sizes (linear: the ratio is near 1), and how much memory grew."""
    took = {size: _run(size) for size in SIZES}
    small, large = (took[size]["seconds"] / size * 1e6 for size in SIZES)
    for size in SIZES:
        row = took[size]
        yield {
            "figure": f"collection over {size:,} chunks, {row['removed']:,.0f} removed",
            "ours": f"{row['seconds']:.1f} s, {size / row['seconds']:,.0f}/s",
        }
    yield {
        "figure": "a million chunks at 1,000,000 ÷ at 100,000 (linear: 1)",
        "ours": f"{large:.1f} s",
        "beside": f"{small:.1f} s",
        "ratio": large / small,
        "at_most": 1.5,
    }
    grown = took[SIZES[1]]["memory"] - took[SIZES[0]]["memory"]
    yield {"figure": "memory grew from 100,000 to 1,000,000 chunks, MB", "ours": f"{grown / 1e6:.0f} MB",
           "value": round(grown / 1e6), "at_most": 64}  # fmt: skip


def _run(size: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="coffer-collect-") as folder:
        environment = {**os.environ, "COFFER_DATA": f"{folder}/data"}
        environment["DJANGO_SETTINGS_MODULE"] = "webapp.server.settings.development"
        subprocess.run([sys.executable, "manage.py", "setup"], env=environment, check=True, capture_output=True)
        # Filled by one process and collected by another, so that the filling's memory does not count.
        for step in ("fill", "collect"):
            command = [sys.executable, "-m", "tests.bench.bench_collection", step, str(size)]
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return dict(json.loads(done.stdout))


def _identities(size: int) -> Iterator[bytes]:
    """`size` ids, rising, spread like real ones."""
    step = (1 << 256) // (size + 1)
    return ((step * (number + 1)).to_bytes(32, "big") for number in range(size))


def _fill(size: int) -> None:
    import hashlib
    from datetime import timedelta
    from itertools import batched

    from django.db import transaction
    from django.utils import timezone

    from webapp.server.accounts.models import Account
    from webapp.server.backups.models import Chunk, Safe, Snapshot
    from webapp.server.backups.storage import current_store
    from webapp.server.backups.storage.names import ids_name

    old = timezone.now() - timedelta(days=10)
    account = Account.objects.create(email="bench@example.org")
    safe = Safe.objects.create(
        account=account, safe_id=bytes(16), owner_public_key=bytes(32), key_check=bytes(16), stored_bytes=size * 1000
    )
    with transaction.atomic():
        for portion in batched(_identities(size), 5000):
            Chunk.objects.bulk_create(
                [Chunk(safe=safe, chunk_id=name, sha256=name, size=1000) for name in portion], batch_size=500
            )
        Chunk.objects.update(created=old)
    store = current_store()
    for number in range(SNAPSHOTS):
        snapshot_id, head = number.to_bytes(16, "big"), hashlib.sha256(bytes([number])).digest()
        chosen = (name for at, name in enumerate(_identities(size)) if at % 20 and (at // 1000) % SNAPSHOTS != number)
        with store.stage() as staging:
            pieces = (b"".join(portion) for portion in batched(chosen, 5000))
            staging.publish({staging.write(pieces): ids_name(safe.safe_id, snapshot_id, head)})
        Snapshot.objects.create(
            safe=safe, snapshot_id=snapshot_id, head=head, manifest_sha256=head, manifest_bytes=1, ids_sha256=head,
            chunk_count=size, chunk_bytes=size, created=old,
        )  # fmt: skip


def _collect() -> None:
    import resource
    import time

    from django.utils import timezone

    from webapp.server.backups.models import Safe
    from webapp.server.backups.services import collection, removals
    from webapp.server.backups.storage import current_store

    store = current_store()
    start = time.perf_counter()
    done = collection.collect_safe(Safe.objects.get(), store, timezone.now())
    deleted = removals.sweep(store, portions=1_000_000)
    seconds = time.perf_counter() - start
    if done.chunks != deleted:
        raise AssertionError((done.chunks, deleted))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "removed": done.chunks, "memory": memory}))


if __name__ == "__main__":
    import django

    django.setup()
    {"fill": lambda: _fill(int(sys.argv[2])), "collect": _collect}[sys.argv[1]]()
