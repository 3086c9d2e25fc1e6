"""`restore`: original files of a backup, bit for bit, into a folder."""

import argparse
import asyncio
import json
import time
from pathlib import Path
from typing import Any

from webapp.cli.asking import add_secret_arguments
from webapp.cli.bar import Bar, duration, sized
from webapp.cli.connection import chosen_snapshot, connect
from webapp.cli.large_buffers import keep_large_buffers
from webapp.cli.restore_folder import FileSink
from webapp.cli.saying import say
from webapp.engine.errors import CofferError
from webapp.engine.format.manifest import Manifest, ManifestFile
from webapp.engine.restore import SnapshotReader, fetch_manifest

HELP = "Restore the original files of a backup."
AHEAD = 2


class NoSuchFile(CofferError):
    """data: files, the paths there are (at most 20)."""

    code = "no_such_file"
    message = "This backup has no file of that path."
    next_step = "Take one of those it has; without --file all of them are restored."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("snapshot", metavar="BACKUP", help="“latest”, or the beginning of an id that `list` shows")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder to write into")
    parser.add_argument("--file", action="append", default=[], metavar="PATH", help="only this file; may be repeated")
    parser.add_argument("--safe", metavar="ID", help="which safe, by the beginning of its id")
    add_secret_arguments(parser)
    parser.add_argument("--anyway", action="store_true", help="go on where the site withholds a newer backup")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """→ 0. Raises what unlocking, fetching and writing raise; a file that is not whole is not left behind."""
    keep_large_buffers()
    return told_as(args, asyncio.run(_restore(args)))


def told_as(args: argparse.Namespace, told: dict[str, Any]) -> int:
    """Prints what was restored."""
    if args.json:
        print(json.dumps(told))
    else:
        spent = duration(told["seconds"])
        say(f"Restored {told['files']} files, {sized(told['bytes'])}, to {told['out']} in {spent}.")
    return 0


async def _restore(args: argparse.Namespace) -> dict[str, Any]:
    connection = await connect(args)
    try:
        row = await connection.safe(args.safe)
        safe = await connection.unlock(row, args)
        rows = await connection.site.snapshots(safe.safe)
        await connection.require_standing(rows, safe, anyway=args.anyway)
        owner = connection.owner(safe)
        snapshot = chosen_snapshot(rows, args.snapshot)
        manifest = await fetch_manifest(connection.provider, connection.site, owner, snapshot)
        reader = SnapshotReader(connection.provider, connection.site, owner, manifest, ahead=AHEAD)
        return await write_files(reader, manifest, args, connection.bar)
    finally:
        connection.close()


async def write_files(reader: SnapshotReader, manifest: Manifest, args: argparse.Namespace, bar: Bar) -> dict[str, Any]:
    """The chosen files (without a choice, all) into args.out. → what was done, for `told_as`."""
    started = time.monotonic()
    chosen = _chosen(manifest, args.file)
    for number, file in enumerate(chosen, start=1):
        bar.label = f"File {number} of {len(chosen)}"
        await reader.save(file, FileSink(args.out, file), bar)
    return {
        "snapshot": manifest.snapshot.hex(),
        "files": len(chosen),
        "bytes": sum(file.size for file in chosen),
        "counts": manifest.counts,
        "out": str(args.out),
        "seconds": round(time.monotonic() - started, 3),
    }


def _chosen(manifest: Manifest, paths: list[str]) -> list[ManifestFile]:
    by_path = {file.path: file for file in manifest.files}
    for path in paths:
        if path not in by_path:
            raise NoSuchFile(f"This backup has no file “{path}”.", data={"files": list(by_path)[:20]})
    return [by_path[path] for path in paths] if paths else list(manifest.files)
