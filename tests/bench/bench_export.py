"""HTML of one chat of 40,000 messages, beside whatsapp-chat-exporter 0.13.1: `python -m tests.bench.bench_export`.

Writing alone is timed: ours from an archive of one made-up chat in ten scripts, the peer's from one chat of as many
messages made by `../shared/tools/gen_msgstore.py`, its reading (a run to JSON) taken off. Both in
seconds of the processor, so that a busy machine does not decide. Without the generator only our side is shown.
"""

import asyncio
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.many_scripts import archive_of, languages
from tests.bench.peers import GENERATOR
from tests.bench.peers import peer as peer_program
from webapp.cli.disk_folder import DiskFolder
from webapp.engine.archive import Archive
from webapp.engine.archive.schema import CHAT_TOTALS
from webapp.engine.export import ExportJob, export_chats
from webapp.engine.ports import Progress

MESSAGES = 40_000


class _Quiet:
    def __call__(self, progress: Progress) -> None: ...

    def check(self) -> None: ...


def one_chat(messages: int) -> sqlite3.Connection:
    """An archive of a single chat in ten scripts."""
    connection = archive_of(messages, languages(), chats=2)
    connection.execute("UPDATE messages SET chat = 1")
    connection.execute(CHAT_TOTALS)
    return connection


def ours(archive: sqlite3.Connection, out: Path) -> float:
    """Seconds to HTML on disk."""
    start = time.process_time()
    asyncio.run(export_chats(ExportJob(Archive(archive), "html", [1]), DiskFolder(out), _Quiet()))
    return time.process_time() - start


def peer(messages: int, folder: Path) -> float | None:
    """Seconds of the peer's HTML alone, for one chat of that many messages; None without the generator."""
    if not GENERATOR.exists():
        return None
    program = peer_program("wtsexporter")
    made = [sys.executable, str(GENERATOR), "--messages", str(messages), "--chats", "1", "--no-lid"]
    subprocess.run([*made, "--out", "msgstore.db", "--wa", "wa.db"], check=True, cwd=folder, capture_output=True)
    times: list[float] = []
    for name, more in (("html", []), ("json", ["--no-html", "-j", "peer.json"])):
        start = _spent()
        command = [program, "-a", "-d", "msgstore.db", "-w", "wa.db", "-o", f"out_{name}", *more]
        subprocess.run(command, check=True, cwd=folder, capture_output=True)
        times.append(_spent() - start)
    return times[0] - times[1]


def _spent() -> float:
    """Seconds of the processor of all programs that were started and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(messages: int = MESSAGES) -> list[dict[str, object]]:
    """One row: seconds, and the share of the peer's time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        beside = peer(messages, folder)
        archive = one_chat(messages)
        mine = min(ours(archive, folder / f"ours {run}") for run in range(3))
        archive.close()
    row: dict[str, object] = {"figure": f"HTML of a chat of {messages:,} messages, beside whatsapp-chat-exporter"}
    row["ours"] = f"{mine:.2f} s"
    if beside is not None:
        row |= {"beside": f"{beside:.1f} s", "ratio": mine / beside, "at_most": 0.05}
    return [row]


if __name__ == "__main__":
    for row in measure(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES):
        print("  ".join(f"{name} {value}" for name, value in row.items()))
