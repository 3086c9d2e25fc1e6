"""Reading and archiving a million messages: `python -m tests.bench.bench_reader [messages]`.

The last row is parsing alone, in Chromium, beside whatsapp-chat-parser 4.0.2 in node: both from the same file to all
its messages, reading and decoding it included, and both find the order of its dates by themselves.
"""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench.engine_in_browser import engine_in_browser
from tests.fixtures_export import MemorySource
from webapp.engine.archive import ArchiveWriter, build_search_index, to_bytes
from webapp.engine.readers.registry import read

MESSAGES = 1_000_000
ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "static" / "dist"
PARSER = """
import { readFileSync } from "node:fs";
import { parseString } from "whatsapp-chat-parser";
const start = performance.now();
const text = readFileSync(process.argv[1], "utf8");
const parsed = parseString(text, { parseAttachments: true });
console.log(JSON.stringify([(performance.now() - start) / 1000, parsed.length]));
"""
PARSE = """
import json, time
from js import fileAt
from webapp.browser.files import BrowserSource
from webapp.engine.readers.events import Message
from webapp.engine.readers.registry import read

source = BrowserSource(await fileAt(json.loads(arguments)), "chat.txt")
start = time.perf_counter()
count = sum(type(event) is Message for event in read([source]))
json.dumps([time.perf_counter() - start, count])
"""
_WORDS = ("hello", "how", "are", "you", "today", "I", "think", "we", "should", "meet", "at", "the", "lake", "because")


def transcript(messages: int, ios: bool) -> bytes:
    """A chat of seven people with pictures, emoji and messages of one to fourteen words."""
    chance = random.Random(1)
    when = datetime(2020, 9, 13, tzinfo=UTC)
    lines = []
    for number in range(messages):
        when += timedelta(seconds=chance.randint(1, 90))
        body = " ".join(chance.choices(_WORDS, k=chance.randint(1, 14)))
        if number % 50 == 0:
            body = f"IMG-{when:%Y%m%d}-WA{number % 9999:04}.jpg (file attached)"
            if ios:
                body = f"\u200e<attached: {number:08}-PHOTO-{when:%Y-%m-%d-%H-%M-%S}.jpg>"
        elif number % 11 == 0:
            body += " 😊"
        stamp = f"[{when:%d.%m.%y, %H:%M:%S}]" if ios else f"{when:%d/%m/%Y, %H:%M} -"
        lines.append(f"{stamp} Person {number % 7}: {body}")
    return ("\r\n" if ios else "\n").join(lines).encode("utf-8")


def beside_node(messages: int = MESSAGES) -> list[dict[str, object]]:
    """One row: seconds to parse in Chromium, and the share of the peer's in node. Empty without node or the app."""
    node = shutil.which("node")
    if node is None or not DIST.is_dir() or not (ROOT / "node_modules" / "whatsapp-chat-parser").is_dir():
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "chat.txt").write_bytes(transcript(messages, ios=False))
        command = [node, "--max-old-space-size=4096", "--input-type=module", "-e", PARSER, str(folder / "chat.txt")]
        told = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout
        peer, parsed = json.loads(told)
        with engine_in_browser(DIST, folder / "worker", {"/files/": folder}) as engine:
            ours, read_here = engine.run(PARSE, "/files/chat.txt")
    assert parsed == read_here == messages
    return [
        {
            "figure": f"parsing a text of {messages:,} lines, Chromium ÷ whatsapp-chat-parser in node",
            "ours": f"{ours:.1f} s",
            "beside": f"{peer:.1f} s",
            "ratio": ours / peer,
            "at_most": 2.0,
        }
    ]


def measure(messages: int = MESSAGES) -> list[dict[str, object]]:
    """One row a phone: lines a second while reading, archiving (reading included) and indexing; sizes in bytes."""
    rows: list[dict[str, object]] = []
    for phone in ("android", "ios"):
        source = MemorySource("chat.txt", transcript(messages, phone == "ios"))
        start = time.perf_counter()
        told = sum(1 for _ in read([source]))
        read_at = time.perf_counter()
        writer = ArchiveWriter(sqlite3.connect(":memory:"))
        found = writer.write(read([source]))
        written_at = time.perf_counter()
        index = build_search_index(writer.connection, sqlite3.connect(":memory:"))
        end = time.perf_counter()
        assert told > found.messages == messages
        rows.append(
            {
                "phone": phone,
                "lines": messages,
                "read_per_s": round(messages / (read_at - start)),
                "archive_per_s": round(messages / (written_at - read_at)),
                "index_per_s": round(messages / (end - written_at)),
                "seconds_in_all": round(end - read_at, 2),
                "text_bytes": source.size,
                "archive_bytes": len(to_bytes(writer.connection)),
                "index_bytes": len(to_bytes(index)),
            }
        )
        writer.connection.close()
        index.close()
    return rows + beside_node(messages)


if __name__ == "__main__":
    for row in measure(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES):
        print("  ".join(f"{name} {value}" for name, value in row.items()))
