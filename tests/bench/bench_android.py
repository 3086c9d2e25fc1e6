"""Android's encrypted backups and databases beside wa-crypt-tools and whatsapp-chat-exporter, in one run.

The input is made by the generator beside the project (`../shared/tools/gen_msgstore.py`); without it there is no row.
Native programs stand beside each
other in seconds of the processor (both have one thread), so that a busy machine does not decide.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bench_backup import _Peak, _renderers
from tests.bench.engine_in_browser import engine_in_browser
from tests.bench.peers import GENERATOR, peer

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "static" / "dist"
MESSAGES = 1_000_000
KEY = bytes(range(32)).hex()
MIB = 1 << 20
OPEN = """
import json, time
from js import fileAt
from webapp.browser.crypto import BrowserCrypto
from webapp.browser.files import BrowserSource
from webapp.engine.crypto.secret import Secret
from webapp.engine.readers.whatsapp_crypt.sources import open_sources

class Quiet:
    def __call__(self, progress): pass
    def check(self): pass

path, key = json.loads(arguments)
source = BrowserSource(await fileAt(path), "msgstore.db.crypt15")
start = time.perf_counter()
opened = await open_sources([source], [Secret(key.encode())], BrowserCrypto(), Quiet())
json.dumps([time.perf_counter() - start, opened.sources[0].size])
"""
READ = """
import json, sqlite3, time
from js import fileAt
from webapp.browser.crypto import BrowserCrypto
from webapp.browser.files import BrowserSource
from webapp.engine.chosen import read_chosen
from webapp.engine.readers.reading import ReadOptions

class Quiet:
    def __call__(self, progress): pass
    def check(self): pass

names = json.loads(arguments)
sources = [BrowserSource(await fileAt(f"/files/{name}"), name) for name in names]
start = time.perf_counter()
reading = await read_chosen(sources, ReadOptions(), BrowserCrypto(), Quiet())
json.dumps([time.perf_counter() - start, reading.found.messages])
"""
NATIVE = """
import asyncio, sys, time
from pathlib import Path
from webapp.cli.crypto import NativeCrypto
from webapp.cli.files import sources_of
from webapp.engine.chosen import read_chosen
from webapp.engine.readers.reading import ReadOptions

class Quiet:
    def __call__(self, progress): pass
    def check(self): pass

asyncio.run(read_chosen(sources_of([Path(p) for p in sys.argv[1:]]), ReadOptions(), NativeCrypto(), Quiet()))
"""


def _run(*command: str, cwd: Path) -> tuple[float, float, float]:
    """(seconds, MiB at the peak, seconds of the processor) of a program."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def _row(figure: str, ours: float, beside: float, unit: str, at_most: float) -> dict[str, object]:
    return {
        "figure": figure,
        "ours": f"{ours:.1f} {unit}",
        "beside": f"{beside:.1f} {unit}",
        "ratio": ours / beside,
        "at_most": at_most,
    }


def measure(messages: int = MESSAGES) -> list[dict[str, object]]:
    """Rows of the table."""
    if not GENERATOR.exists():
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make = [
            sys.executable,
            str(GENERATOR),
            "--messages",
            str(messages),
            "--chats",
            "200",
            "--seed",
            "42",
            "--no-lid",
        ]
        _run(*make, "--thumbs", "1650", "--out", "thick.db", "--wa", "thick_wa.db", cwd=folder)
        _run(peer("waencrypt"), KEY, "thick.db", "msgstore.db.crypt15", cwd=folder)
        (folder / "thick.db").unlink()
        _run(*make, "--out", "msgstore.db", "--wa", "wa.db", cwd=folder)
        crypt_seconds, crypt_memory, _ = _run(peer("wadecrypt"), KEY, "msgstore.db.crypt15", "out.db", cwd=folder)
        (folder / "out.db").unlink()
        exporter = [peer("wtsexporter"), "-a", "-d", "msgstore.db", "--wa", "wa.db", "-j", "out.json", "--no-html"]
        _, peer_memory, peer_seconds = _run(*exporter, cwd=folder)
        native_wall, native_memory, native_seconds = _run(
            sys.executable, "-c", NATIVE, "msgstore.db", "wa.db", cwd=folder
        )
        with engine_in_browser(DIST, folder / "worker", {"/files/": folder}) as engine:
            session = engine.page.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
            peak = _Peak(_renderers(session))
            peak.start()
            open_seconds = min(engine.run(OPEN, ["/files/msgstore.db.crypt15", KEY])[0] for _ in range(2))
            peak.running = False
            read_seconds = float(engine.run(READ, ["msgstore.db", "wa.db"])[0])
    return [
        _row("crypt15 of 202 MB, Chromium ÷ wa-crypt-tools: time", open_seconds, crypt_seconds, "s", 1.0),
        _row("crypt15 of 202 MB, Chromium ÷ wa-crypt-tools: memory", peak.bytes / MIB, crypt_memory, "MiB", 1.0),
        _row("1,000,000 messages to archive, ÷ whatsapp-chat-exporter: time", native_seconds, peer_seconds, "s", 0.25),
        _row("1,000,000 messages to archive: memory", native_memory, peer_memory, "MiB", 0.25),
        _row("1,000,000 messages to archive, Chromium ÷ native", read_seconds, native_wall, "s", 2.0),
    ]


if __name__ == "__main__":
    for row in measure(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES):
        print(json.dumps(row, ensure_ascii=False))
