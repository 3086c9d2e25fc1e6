"""`inspect`: what a backup holds, read with the same engine as in the browser. Nothing is sent anywhere."""

import argparse
import asyncio
import hashlib
import json
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from webapp.cli.crypto import NativeCrypto
from webapp.cli.files import require_there, sources_of
from webapp.cli.saying import say
from webapp.cli.source_keys import add_source_key_arguments, given_source_keys
from webapp.engine.chosen import Reading, read_chosen
from webapp.engine.ports import Source
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.whatsapp_crypt.in_zips import ZipWithOpened

from .export import Silent

HELP = "Tell what a backup or chat export holds."
PIECE = 1 << 23


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file or folder; several belong together")
    add_source_key_arguments(parser)
    parser.add_argument("--salvage", action="store_true", help="show what can be had of a damaged encrypted backup")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """→ the exit code. Raises what reading raises."""
    require_there(args.files)
    options = ReadOptions(now=datetime.now(), keys=given_source_keys(args), salvage=args.salvage)
    with ExitStack() as opened:
        sources = sources_of(args.files)
        for source in sources:
            opened.callback(source.close)
        reading = asyncio.run(read_chosen(sources, options, NativeCrypto(), Silent(), index=False))
        opened.callback(reading.close)
        described = describe(reading)
    if args.json:
        print(json.dumps(described))
    else:
        _print(described)
    return 0


def describe(reading: Reading) -> dict[str, object]:
    """What a reading found, as plain values. Times in UTC; those of text exports are the phone's own clock."""
    found = reading.found
    described: dict[str, object] = {
        "source": reading.source,
        "files": [{"name": source.name, "bytes": source.size} for source in reading.sources],
        "chats": len(found.chats),
        "groups": sum(chat.group for chat in found.chats),
        "participants": found.participants,
        "messages": {"total": found.messages, **found.by_kind},
        "media": found.media,
        "media_bytes": found.media_bytes,
        "media_missing": found.media_missing,
        "unknown": found.unknown,
        "first": _utc(found.first),
        "last": _utc(found.last),
        "times_are_local": any(chat.floating for chat in found.chats),
    }
    digests = {
        reading.sources[place].name: _digest(reading.opened.sources[place])
        for place, kind in reading.opened.encrypted.items()
        if kind != "mcrypt1"
    }
    for source in reading.opened.sources:
        if isinstance(source, ZipWithOpened):
            digests |= {inner.name: _digest(inner) for inner in source.opened_members.values()}
    if digests:
        described["encryption"] = sorted({*reading.opened.encrypted.values(), *reading.opened.encrypted_in_zips})
        described["decrypted_sha256"] = next(iter(digests.values())) if len(digests) == 1 else digests
    return described


def _digest(source: Source) -> str:
    digest = hashlib.sha256()
    for start in range(0, source.size, PIECE):
        digest.update(source.read(start, min(PIECE, source.size - start)))
    return digest.hexdigest()


def _utc(milliseconds: int | None) -> str | None:
    """Milliseconds since 1970 → ISO 8601, to the second."""
    if milliseconds is None:
        return None
    try:
        return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return None


def _print(described: dict[str, object]) -> None:
    messages = dict(described["messages"])  # type: ignore[call-overload]
    total = messages.pop("total")
    say(f"{described['source']}: {total} messages in {described['chats']} chats, {described['participants']} people")
    say(f"from {described['first']} to {described['last']}")
    for kind, count in messages.items():
        say(f"  {kind:16}{count:>12}")
    say(f"media: {described['media']} at hand, {described['media_missing']} named and not given")
    unknown = described["unknown"]
    if isinstance(unknown, dict) and unknown:
        say("not understood, and kept as far as it goes:")
        for what, count in unknown.items():
            say(f"  {what:32}{count:>8}")
    if "decrypted_sha256" in described:
        say(f"SHA-256 of what was encrypted: {described['decrypted_sha256']}")
