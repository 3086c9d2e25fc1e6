"""`manage.py move_chunks`: copies all sealed files between the data folder and the bucket of COFFER_STORE_URL."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.server.backups.services.moving import Moved, move
from webapp.server.backups.storage import StoreFull, bucket_store
from webapp.server.backups.storage.local import LocalStore


class Command(BaseCommand):
    help = "Copy all sealed files to the bucket, or from it to the data folder. Safe to interrupt and to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("to", choices=["bucket", "folder"])

    def handle(self, *args: Any, **options: Any) -> None:
        place = settings.CHUNK_BUCKET
        if place is None:
            raise CommandError("Give the bucket's address in COFFER_STORE_URL, for this command alone if you like.")
        bucket, folder = bucket_store(place), LocalStore(Path(settings.CHUNK_STORE))
        if options["to"] == "bucket":
            bucket.make_bucket(settings.SITE_ORIGIN)
        source, target = (folder, bucket) if options["to"] == "bucket" else (bucket, folder)

        def report(moved: Moved) -> None:
            if options["verbosity"] > 1:
                self.stdout.write(f"{moved.copied} copied, {moved.there} were there")

        try:
            moved = move(source, target, report)
        except StoreFull as error:
            raise CommandError(
                "The target is full. Make room and run this again; it goes on where it stood."
            ) from error
        self.stdout.write(
            f"{moved.copied} files copied ({moved.bytes / 1e6:.1f} MB), {moved.there} were there already."
        )
        for name in moved.damaged:
            self.stderr.write(f"gone or damaged at the source: {name}")
        if moved.damaged:
            raise CommandError(f"{len(moved.damaged)} files could not be copied; backing up again replaces them.")
