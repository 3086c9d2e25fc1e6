"""`list`: the account's safes and their backups, as the site tells them. Needs no key."""

import argparse
import asyncio
import json
from typing import Any

from webapp.cli.bar import sized
from webapp.cli.connection import connect
from webapp.cli.saying import say

HELP = "List safes and their backups."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """→ 0. Raises what signing in raises."""
    safes = asyncio.run(_safes(args))
    if args.json:
        print(json.dumps({"safes": safes}))
        return 0
    if not safes:
        say("No safe yet: make one in a browser.")
    for safe in safes:
        say(f"Safe {safe['safe'][:8]}  made {safe['created']}  {sized(safe['bytes'])}")
        for snapshot in safe["snapshots"]:
            say(f"  {snapshot['snapshot'][:8]}  {snapshot['created']}  {sized(snapshot['bytes'])}")
    return 0


async def _safes(args: argparse.Namespace) -> list[dict[str, Any]]:
    connection = await connect(args)
    try:
        return [
            {
                "safe": row.safe.hex(),
                "created": row.created,
                "bytes": row.size,
                "snapshots": [
                    {"snapshot": s.snapshot.hex(), "created": s.created, "bytes": s.size, "chunks": s.chunks}
                    for s in await connection.site.snapshots(row.safe)
                ],
            }
            for row in await connection.site.safes()
        ]
    finally:
        connection.close()
