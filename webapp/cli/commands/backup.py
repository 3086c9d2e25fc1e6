"""`backup`: read chat exports and backups, and send what the safe lacks. Run again after anything: it continues."""

import argparse
import asyncio
import json
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from webapp.cli.asking import add_secret_arguments
from webapp.cli.bar import duration, sized
from webapp.cli.connection import Connection, connect
from webapp.cli.files import FileSource, require_there, sources_of
from webapp.cli.journal import Journal
from webapp.cli.large_buffers import keep_large_buffers
from webapp.cli.naming_ahead import NamingAhead
from webapp.cli.saying import say
from webapp.cli.source_keys import source_key
from webapp.engine.backup import Backup
from webapp.engine.backup import backup as run_backup
from webapp.engine.chosen import content_of, read_chosen
from webapp.engine.completeness import Totals, same_chats
from webapp.engine.content import Content
from webapp.engine.errors import CofferError
from webapp.engine.format.manifest import Manifest
from webapp.engine.known_chunks import older_rows
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.restore import fetch_manifest
from webapp.engine.safes import OpenSafe
from webapp.engine.site_client import BATCH_BYTES

HELP = "Back up chat exports or app backups into a safe."
SNAPSHOT_ID_BYTES = 16
TRAVELLING = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file or folder; several belong together")
    parser.add_argument("--safe", metavar="ID", help="which safe, by the beginning of its id")
    add_secret_arguments(parser)
    parser.add_argument(
        "--source-key-file",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="what opens an encrypted WhatsApp or Signal backup; may be repeated",
    )
    parser.add_argument("--even-if-smaller", action="store_true", help="back up though it holds far less than the last")
    parser.add_argument("--anyway", action="store_true", help="go on where the site withholds a newer backup")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """→ 0. Raises what reading, unlocking and sending raise; what was sent is kept."""
    keep_large_buffers()
    require_there((*args.files, *args.source_key_file))
    told = asyncio.run(_backup(args))
    if args.json:
        print(json.dumps(told))
    else:
        say(
            f"Backed up {told['messages']} messages of {told['chats']} chats: {sized(told['sent_bytes'])} sent, "
            f"{sized(told['known_bytes'])} were there already, in {duration(told['seconds'])}."
        )
        if not told["head_remembered"]:
            say("The vault could not be told about it just now; the next command does that.")
    return 0


async def _backup(args: argparse.Namespace) -> dict[str, Any]:
    started = time.monotonic()
    connection = await connect(args)
    with ExitStack() as opened:
        opened.callback(connection.close)
        row = await connection.safe(args.safe)
        # First, so that nobody is asked for a password after an hour of reading, and no guess waits for it.
        safe = await connection.unlock(row, args)
        sources = sources_of(args.files)
        for source in sources:
            opened.callback(source.close)
        ahead = NamingAhead(safe.key, sources) if row.snapshots else None
        if ahead is not None:
            opened.callback(ahead.close)
        job, content = await _prepared(args, connection, safe, sources, opened, ahead)
        rows = await connection.site.snapshots(safe.safe)
        await connection.require_standing(rows, safe, anyway=args.anyway)
        journal = Journal(safe.safe)
        if rows:
            newest = await fetch_manifest(connection.provider, connection.site, connection.owner(safe), rows[0])
            job.known.trust(newest.chunks)
            older = older_rows(connection.provider, connection.site, connection.owner(safe), rows[1:])
            job.known.look_further(older)
            _compare(job, content, newest, accepted=args.even_if_smaller)
        job.known.trust(journal.rows())
        result = await run_backup(job, rows[0].head if rows else None, connection.bar)
        journal.clear()
        remembered = await _remember_head(connection, safe, result.head)
    return {
        "safe": safe.safe.hex(),
        "snapshot": result.snapshot.hex(),
        "sent_bytes": result.sent,
        "known_bytes": result.known,
        "files": [
            {"path": file.path, "new_bytes": file.new, "known_bytes": file.known, "sent_bytes": file.sent}
            for file in result.files
        ],
        **content.counts,
        "head_remembered": remembered,
        "seconds": round(time.monotonic() - started, 3),
    }


async def _prepared(
    args: argparse.Namespace,
    connection: Connection,
    safe: OpenSafe,
    sources: list[FileSource],
    opened: ExitStack,
    ahead: NamingAhead | None,
) -> tuple[Backup, Content]:
    keys = tuple(source_key(str(path)) for path in args.source_key_file)
    options = ReadOptions(now=datetime.now(), keys=keys)
    # No index: it would be most of the time and would be sent whole each day; who searches makes it (decision 0024).
    reading = await read_chosen(sources, options, connection.provider, connection.bar, index=False)
    opened.callback(reading.close)
    content = content_of(reading, ahead.file_of) if ahead is not None else content_of(reading)
    job = Backup(
        connection.provider,
        connection.site,
        connection.owner(safe),
        content,
        snapshot=connection.provider.random_bytes(SNAPSHOT_ID_BYTES),
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        travelling=TRAVELLING,
        window=BATCH_BYTES,
        sending=Journal(safe.safe).add,
    )
    return job, content


def _compare(job: Backup, content: Content, newest: Manifest, *, accepted: bool) -> None:
    """Where the newest backup was of the same chats, one that holds far less is refused before anything is sent."""
    here, there = [file.path for file in content.files], [file.path for file in newest.files]
    if same_chats(content.source, here, newest.source, there):
        job.compare(Totals.of(newest.counts, sum(file.size for file in newest.files)), accepted=accepted)


async def _remember_head(connection: Connection, safe: OpenSafe, head: bytes) -> bool:
    """Tells the vault. The backup is done all the same where it is out of reach just now."""
    try:
        await (await connection.vault()).set_head(safe.safe, safe.key, head)
    except CofferError:
        return False
    return True
