"""`export`: chats written out as HTML, JSON, CSV or text, with their media. Nothing is sent anywhere."""

import argparse
import asyncio
import json
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from webapp.cli.crypto import NativeCrypto
from webapp.cli.disk_folder import DiskFolder
from webapp.cli.files import require_there, sources_of
from webapp.cli.saying import say
from webapp.cli.source_keys import add_source_key_arguments, given_source_keys
from webapp.engine.archive import Archive, Found
from webapp.engine.chosen import Reading, merge_readings, read_chosen
from webapp.engine.export import FORMATS, ExportJob, export_chats
from webapp.engine.export.chats import MISSING, NoSuchChat
from webapp.engine.local_media import LocalMedia
from webapp.engine.ports import Progress
from webapp.engine.readers.reading import ReadOptions

HELP = "Write the chats of a backup as HTML, JSON, CSV or text."
_DAY = 86_400_000


class Silent:
    """A reporter for a command that ends by itself or by Ctrl-C."""

    def __call__(self, progress: Progress) -> None: ...

    def check(self) -> None: ...


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file or folder; several belong together")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="a new or empty folder")
    parser.add_argument("--format", choices=FORMATS, default="html")
    parser.add_argument("--chat", action="append", default=[], metavar="NAME", help="only this chat; may be repeated")
    add_source_key_arguments(parser)
    parser.add_argument(
        "--merge",
        action="append",
        nargs="+",
        default=[],
        type=Path,
        metavar="FILE",
        help="a further backup of the same chats (an older phone's, a text export): what both have is written once; "
        "may be repeated",
    )
    parser.add_argument("--no-media", action="store_true", help="leave pictures, videos and files out")
    parser.add_argument("--utc", action="store_true", help="show times in UTC, not as on this machine's clock")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """→ the exit code. Raises what reading and writing raise."""
    require_there((*args.files, *(path for group in args.merge for path in group)))
    told = asyncio.run(_export(args))
    if args.json:
        print(json.dumps(told))
    else:
        say(f"{told['messages']} messages of {told['chats']} chats, written to {args.out}.")
        if told["missing_media"]:
            say(f"{told['missing_media']} files named in the chats were not in the backup: see “{MISSING}” there.")
    return 0


async def _export(args: argparse.Namespace) -> dict[str, object]:
    options = ReadOptions(now=datetime.now(), keys=given_source_keys(args))
    provider = NativeCrypto()
    with ExitStack() as opened:
        readings: list[Reading] = []
        for paths in (args.files, *args.merge):
            sources = sources_of(paths)
            for source in sources:
                opened.callback(source.close)
            readings.append(await read_chosen(sources, options, provider, Silent(), index=False))
        reading = readings[0] if len(readings) == 1 else merge_readings(readings, Silent(), index=False)
        opened.callback(reading.close)
        archive = Archive(reading.archive)
        chats = _chosen(archive, args.chat)
        media = None if args.no_media else LocalMedia(archive, reading.opened.sources, provider).fetch
        zone = () if args.utc else local_zone(reading.found)
        job = ExportJob(archive, args.format, chats, media, zone)
        await export_chats(job, DiskFolder(args.out), Silent())
        return {
            "chats": len(reading.found.chats) if chats is None else len(chats),
            "messages": job.messages,
            "missing_media": job.missing_media,
            "out": str(args.out),
        }


def _chosen(archive: Archive, titles: list[str]) -> list[int] | None:
    """The ids of the chats of these names. Raises NoSuchChat."""
    if not titles:
        return None
    chats = archive.chats()
    chosen: list[int] = []
    for title in titles:
        found = [chat.id for chat in chats if chat.title.casefold() == title.casefold()]
        if not found:
            raise NoSuchChat(f"There is no chat “{title}” in the backup.", data={"chat": title})
        chosen += found
    return chosen


def local_zone(found: Found) -> list[tuple[int, int]]:
    """How far this machine's clock was from UTC over the time of the messages: (from, minutes), a day exact."""
    if found.first is None or found.last is None:
        return []
    spans: list[tuple[int, int]] = []
    for start in range(found.first, found.last + _DAY, _DAY):
        try:
            offset = datetime.fromtimestamp(start / 1000, UTC).astimezone().utcoffset()
        except (OverflowError, ValueError, OSError):
            continue
        minutes = 0 if offset is None else int(offset.total_seconds()) // 60
        if not spans or spans[-1][1] != minutes:
            spans.append((start, minutes))
    return spans
