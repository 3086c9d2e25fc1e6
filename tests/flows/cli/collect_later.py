"""Runs on a site's own data: one collection as the clock would make it in three days; tells what is in the store.

python -m tests.flows.cli.collect_later → {"strays": objects that no row counts, "lacking": rows without their object}
"""

import json
import os
from datetime import timedelta


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.server.settings.development")
    import django

    django.setup()
    from django.utils import timezone

    from webapp.server.backups.models import Safe
    from webapp.server.backups.services import collection, moving, removals
    from webapp.server.backups.storage import current_store

    store, later = current_store(), timezone.now() + timedelta(days=3)
    for safe in Safe.objects.all():
        collection.collect_safe(safe, store, later)
    collection.collect_objects(store, later)
    removals.sweep(store, portions=100_000)
    there = {found.name for found in store.objects()}
    counted = {entry.name for entry in moving.counted_objects()}
    print(json.dumps({"strays": len(there - counted), "lacking": len(counted - there), "objects": len(there)}))


if __name__ == "__main__":
    main()
