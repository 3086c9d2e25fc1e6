"""Searching a million messages in ten scripts, in Chromium: `python -m tests.bench search`.

The archive and its index are made natively and handed to the product's own interpreter; what is measured is the whole
`Search.find` (first 50 hits with their messages and highlights, matches counted) for frequent, usual and rare words of
every script, two letters of Chinese and Japanese, beginnings of words, phrases, and the filters.
"""

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.engine_in_browser import engine_in_browser
from tests.bench.many_scripts import Language, archive_of, languages
from webapp.engine.archive import build_search_index, to_bytes

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = 1_000_000

SEARCH = """
import json, time
from js import fetch
from webapp.engine.archive import Archive, Filter, Search, load
wanted = json.loads(arguments)

async def fetched(path):
    return (await (await fetch(path)).arrayBuffer()).to_bytes()

archive = load(await fetched("/data/archive.bin"))
search = Search(archive, await fetched("/data/index.bin"))
times = []
for query, filters in wanted["queries"]:
    start = time.perf_counter()
    page = search.find(query, Filter(**filters))
    times.append([query, filters, 1000 * (time.perf_counter() - start), len(page.hits), page.total])
reading = Archive(archive)
opened = []
first, last = archive.execute("SELECT first, last FROM chats WHERE id = 1").fetchone()
for step in range(wanted["jumps"]):
    start = time.perf_counter()
    place = reading.place_at(1, first + (last - first) * step // wanted["jumps"])
    rows = reading.slice(1, max(0, place - 30), 60)
    reading.details(rows)
    opened.append(1000 * (time.perf_counter() - start))
json.dumps({"times": times, "opened": opened})
"""


def queries(spoken: dict[str, Language]) -> list[tuple[str, dict[str, Any]]]:
    """What people type, for every script."""
    wanted: list[tuple[str, dict[str, Any]]] = []
    for script, language in spoken.items():
        words = language.words
        for rank in (0, 7, 40, 250, len(words) // 4, len(words) - 1):
            word = words[min(rank, len(words) - 1)]
            wanted += [(f"{word} ", {}), (word[:2], {}), (word, {"chats": [3]})]
        wanted.append((f"{words[2]} {words[30]} ", {}))
        wanted.append((f'"{words[0]} {words[1]}"', {}))
        wanted.append((words[5], {"senders": [13]}))
        wanted.append((words[5], {"kinds": ["image"], "since": 1_500_000_000_000, "until": 1_530_000_000_000}))
        if script in ("chinese", "japanese"):
            wanted += [(a[:1] + b[:1], {}) for a, b in zip(words[:12], words[40:52], strict=True)]
            wanted += [(word, {}) for word in words[:60] if len(word) == 2]
    return wanted


def measure(messages: int = MESSAGES) -> list[dict[str, object]]:
    """Two rows: milliseconds to the first 50 hits, and to open a chat of a tenth of the messages at any date."""
    spoken = languages()
    archive = archive_of(messages, spoken)
    start = time.perf_counter()
    index = build_search_index(archive, sqlite3.connect(":memory:"))
    building = time.perf_counter() - start
    wanted = queries(spoken)
    with tempfile.TemporaryDirectory() as folder:
        data, worker = Path(folder, "data"), Path(folder, "worker")
        data.mkdir()
        worker.mkdir()
        (data / "archive.bin").write_bytes(to_bytes(archive))
        (data / "index.bin").write_bytes(to_bytes(index))
        subprocess.run([sys.executable, "static/build/app.py"], cwd=ROOT, check=True, capture_output=True)
        with engine_in_browser(ROOT / "static" / "dist", worker, {"/data/": data}) as engine:
            answer = engine.run(SEARCH, {"queries": wanted, "jumps": 200})
    archive.close()
    index.close()
    times = sorted(row[2] for row in answer["times"])
    slowest = max(answer["times"], key=lambda row: row[2])
    figure = f"search, {messages:,} messages, {len(times)} queries in ten scripts, Chromium: median (95 %, slowest)"
    opened = sorted(answer["opened"])
    return [
        {
            "figure": figure,
            "ours": f"{statistics.median(times):.1f} ms",
            "beside": f"{times[len(times) * 95 // 100]:.0f}, {slowest[2]:.0f} ms",
            "value": statistics.median(times),
            "at_most": 50,
        },
        {
            "figure": f"jump to any date in a chat of {messages // 10:,}, queries in Chromium: median (slowest)",
            "ours": f"{statistics.median(opened):.1f} ms",
            "beside": f"{opened[-1]:.0f} ms",
            "value": opened[-1],
            "at_most": 30,
        },
        {"figure": f"search index of {messages:,} messages, native", "ours": f"{building:.1f} s"},
    ]


if __name__ == "__main__":
    for row in measure(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES):
        print("  ".join(f"{name} {value}" for name, value in row.items()))
