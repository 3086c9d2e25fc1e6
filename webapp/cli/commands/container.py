"""`container save|restore|verify`: a backup as one sealed file, and back, the latter without any site."""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from webapp.cli.asking import add_secret_arguments, given_key, prompt
from webapp.cli.bar import Bar, sized
from webapp.cli.connection import chosen_snapshot, connect
from webapp.cli.files import FileSource, InputMissing
from webapp.cli.inflater import NativeInflater
from webapp.cli.restore_folder import FileSink
from webapp.cli.saying import say
from webapp.cli.threaded_crypto import ThreadedCrypto
from webapp.engine.container import Container, container_name, open_container, save_container
from webapp.engine.crypto.keys import BackupKey
from webapp.engine.format.manifest import ManifestFile
from webapp.engine.recovery_key import parse_digits
from webapp.engine.restore import SnapshotReader, fetch_manifest
from webapp.engine.verify import verify

from .restore import AHEAD, told_as, write_files
from .verify import told_as_verified

HELP = "Save a backup as one sealed file, and restore from it without any site."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    ways = parser.add_subparsers(dest="way", required=True, metavar="save|restore|verify")
    save = ways.add_parser("save", help="write a backup of the site into one file")
    save.add_argument("snapshot", metavar="BACKUP", help="“latest”, or the beginning of an id that `list` shows")
    save.add_argument("--out", required=True, type=Path, metavar="PATH", help="the file, or a folder for it")
    save.add_argument("--safe", metavar="ID", help="which safe, by the beginning of its id")
    save.add_argument("--anyway", action="store_true", help="go on where the site withholds a newer backup")
    add_secret_arguments(save)
    restore = ways.add_parser("restore", help="restore the original files; nobody is asked")
    restore.add_argument("container", type=Path, metavar="FILE", help="what `container save` wrote")
    restore.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder to write into")
    restore.add_argument("--file", action="append", default=[], metavar="PATH", help="only this file; may be repeated")
    add_secret_arguments(restore, password=False)
    check = ways.add_parser("verify", help="read all of it; nobody is asked")
    check.add_argument("container", type=Path, metavar="FILE", help="what `container save` wrote")
    add_secret_arguments(check, password=False)
    for way in (save, restore, check):
        way.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """→ 0; for `verify` 1 where something is wrong. Raises NotAContainer, ContainerCutShort, ContainerDamaged,
    KeyOfAnotherSafe, ChunkDamaged and what fetching and writing raise."""
    if args.way == "save":
        told = asyncio.run(_save(args))
        if args.json:
            print(json.dumps(told))
        else:
            say(f"Saved {sized(told['bytes'])} as {told['out']}. Keep its 64 digits.")
        return 0
    if not args.container.is_file():
        raise InputMissing(f"There is no file {args.container}.", data={"path": str(args.container)})
    text = given_key(args)
    key = parse_digits(prompt("Key of the backup: ") if text is None else text)
    return asyncio.run(_restore(args, key) if args.way == "restore" else _verify(args, key))


async def _save(args: argparse.Namespace) -> dict[str, int | str]:
    connection = await connect(args)
    try:
        row = await connection.safe(args.safe)
        safe = await connection.unlock(row, args)
        rows = await connection.site.snapshots(safe.safe)
        await connection.require_standing(rows, safe, anyway=args.anyway)
        snapshot = chosen_snapshot(rows, args.snapshot)
        out = args.out / container_name(snapshot.created) if args.out.is_dir() else args.out
        sink = FileSink(out.parent, ManifestFile(out.name, 0, None, ()))
        size = await save_container(
            connection.provider, connection.site, connection.owner(safe), snapshot, sink, connection.bar
        )
        return {"snapshot": snapshot.snapshot.hex(), "bytes": size, "out": str(out)}
    finally:
        connection.close()


async def _opened(source: FileSource, key: BackupKey) -> Container:
    return await open_container(ThreadedCrypto(), source, key)


async def _restore(args: argparse.Namespace, key: BackupKey) -> int:
    bar, provider, source = Bar(), ThreadedCrypto(), FileSource(args.container)
    try:
        container = await _opened(source, key)
        (row,) = await container.snapshots(container.head.safe)
        manifest = await fetch_manifest(provider, container, container.owner(key), row)
        reader = SnapshotReader(provider, container, container.owner(key), manifest, ahead=AHEAD)
        told = await write_files(reader, manifest, args, bar)
    finally:
        bar.clear()
        source.close()
    return told_as(args, told)


async def _verify(args: argparse.Namespace, key: BackupKey) -> int:
    bar, provider, source = Bar(), ThreadedCrypto(), FileSource(args.container)
    try:
        container = await _opened(source, key)
        (row,) = await container.snapshots(container.head.safe)
        owner = container.owner(key)
        found = await verify(
            provider,
            provider,
            NativeInflater(),
            container,
            owner,
            row,
            bar,
            sample_chunks=sys.maxsize,
            sample_bytes=sys.maxsize,
        )
    finally:
        bar.clear()
        source.close()
    return told_as_verified(args, found)
