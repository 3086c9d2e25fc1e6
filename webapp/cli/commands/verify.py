"""`verify`: could this backup be restored? Exit code 1 where something is wrong, so that cron tells."""

import argparse
import asyncio
import json
import sys

from webapp.cli.asking import add_secret_arguments
from webapp.cli.bar import sized
from webapp.cli.connection import chosen_snapshot, connect
from webapp.cli.inflater import NativeInflater
from webapp.cli.saying import say
from webapp.engine.verify import Rehearsal
from webapp.engine.verify import verify as run_verify

HELP = "Check that a backup could be restored: every chunk's presence, a sample's bytes, the counts."
SAMPLE = 20


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("a number of chunks")
    return int(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("snapshot", nargs="?", default="latest", metavar="BACKUP", help="“latest”, or an id")
    how_many = parser.add_mutually_exclusive_group()
    how_many.add_argument("--sample", type=_count, default=SAMPLE, metavar="N", help="chunks to fetch and open (20)")
    how_many.add_argument("--all", action="store_true", help="fetch and open every chunk")
    parser.add_argument("--safe", metavar="ID", help="which safe, by the beginning of its id")
    add_secret_arguments(parser)
    parser.add_argument("--anyway", action="store_true", help="go on where the site withholds a newer backup")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """→ 0: nothing speaks against a restore. 1: something does; it is named."""
    return told_as_verified(args, asyncio.run(_verify(args)))


def told_as_verified(args: argparse.Namespace, found: Rehearsal) -> int:
    """Prints what was found. → 0 where all is well, else 1."""
    if args.json:
        told = {
            "snapshot": found.snapshot.hex(),
            "whole": found.passed,
            "chunks": found.chunks,
            "missing": found.missing,
            "changed": found.changed,
            "opened": found.sampled,
            "opened_bytes": found.sampled_bytes,
            "damaged": found.damaged,
            "mismatches": [change.to_json() for change in found.mismatches],
            "failure": found.failure and found.failure.to_json(),
        }
        print(json.dumps(told))
    else:
        _print(found)
    return 0 if found.passed else 1


def _print(found: Rehearsal) -> None:
    stored = found.chunks - found.missing - found.changed
    if found.failure is None or found.sampled or found.damaged:
        say(f"{stored} of {found.chunks} chunks are stored as they were sent.")
        say(f"{found.sampled} of {found.sampled + found.damaged} opened, {sized(found.sampled_bytes)}.")
    for change in found.mismatches:
        say(f"Of {change.before} {change.what}, the archive holds {change.now}.")
    if found.passed:
        say("This backup can be restored.")
        return
    if found.failure is not None:
        say(found.failure.message)
    say("This backup is not whole. Back up the same files again: what is missing is sent once more.")


async def _verify(args: argparse.Namespace) -> Rehearsal:
    connection = await connect(args)
    try:
        row = await connection.safe(args.safe)
        safe = await connection.unlock(row, args)
        rows = await connection.site.snapshots(safe.safe)
        await connection.require_standing(rows, safe, anyway=args.anyway)
        owner = connection.owner(safe)
        snapshot = chosen_snapshot(rows, args.snapshot)
        return await run_verify(
            connection.provider,
            connection.provider,
            NativeInflater(),
            connection.site,
            owner,
            snapshot,
            connection.bar,
            sample_chunks=sys.maxsize if args.all else args.sample,
            sample_bytes=sys.maxsize,
        )
    finally:
        connection.close()
