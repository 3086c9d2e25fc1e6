"""The command line against Debian's restic, on one disk in one run: 1 GiB of media, and what a grown history costs.

The site is a real one (`manage.py run`); restic writes to a local repository, so that its bytes cross no socket. Both
times are those of the whole command. COFFER_BENCH_DIR: a folder on the disk to measure.
"""

import os
import random
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.bench.restic import Restic, restic_program
from tests.browser.product import Product
from tests.fixtures_msgstore import modern
from tests.flows.cli.site import Person, make_person, start_site

MIB = 1024 * 1024
MEDIA, MEDIUM_BYTES = 128, 8 * MIB
GROWN_MEDIA, GROWN_MEDIUM_BYTES, GROWN_MESSAGES = 400, MIB // 2, 40_000
ROWS = 300_000
CHUNK, PAGE = MIB, 4096
Row = dict[str, object]


def _export(path: Path, media: int, size: int, messages: int, *, grown: bool = False) -> int:
    """A chat export; `grown`: the same one later, with a hundredth more. → bytes that are new in it."""
    noise = random.Random(1)
    more = media // 100 if grown else 0
    added = 0
    lines = [f"{1 + n % 28:02}/05/2026, 09:{n % 60:02} - Ann: message number {n}" for n in range(messages)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for number in range(media + more):
            name = f"VID-202605{1 + number % 28:02}-WA{number:04}.mp4"
            content = b"\x00\x00\x00\x18ftypmp42" + noise.randbytes(size - 12)
            archive.writestr(zipfile.ZipInfo(name, (2026, 5, 1, 0, 0, 0)), content)
            line = f"{1 + number % 28:02}/06/2026, 10:{number % 60:02} - Tom: {name} (file attached)"
            lines.append(line)
            added += len(content) + len(line) if number >= media else 0
        later = [f"{1 + n % 28:02}/07/2026, 09:{n % 60:02} - Ann: later {n}" for n in range(messages // 100)]
        text = "\n".join([*lines, *(later if grown else [])])
        archive.writestr("WhatsApp Chat with Tom.txt", text)
    return added + sum(map(len, later)) if grown else 0


def _insert(path: Path, first: int, count: int) -> None:
    """Messages with random keys, as WhatsApp has them, found through an index."""
    noise = random.Random(first)
    words = [noise.randbytes(4).hex() for _ in range(2_000)]
    insert = "INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data) VALUES"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE INDEX IF NOT EXISTS message_key ON message (key_id)")
        database.executemany(
            f"{insert} (?, 1, ?, ?, ?, 0, ?)",
            (
                (
                    n,
                    n % 2,
                    noise.randbytes(16).hex(),
                    1_700_000_000_000 + 1000 * n,
                    " ".join(noise.choices(words, k=12)),
                )
                for n in range(first, first + count)
            ),
        )


def _changed(before: bytes, after: bytes) -> int:
    """Bytes of the pages that are new or differ."""
    return sum(
        len(after[at : at + PAGE])
        for at in range(0, len(after), PAGE)
        if after[at : at + PAGE] != before[at : at + PAGE]
    )


@contextmanager
def _world() -> Iterator[tuple[Path, Product, Person]]:
    with tempfile.TemporaryDirectory(dir=os.environ.get("COFFER_BENCH_DIR")) as name:
        folder = Path(name)
        product = start_site(folder)
        try:
            yield folder, product, make_person(product, folder / "home")
        finally:
            product.stop()


def _spent(person: Person, *arguments: str | Path) -> tuple[float, dict[str, Any]]:
    """Seconds of the whole command, and what it told."""
    started = time.perf_counter()
    told = person.told(*arguments, "--key-file", person.key_file)
    return time.perf_counter() - started, told


def _versus(figure: str, ours: float, theirs: float) -> Row:
    shown = {"ours": f"{ours:.2f} s", "beside": f"{theirs:.2f} s"}
    return {"figure": figure, **shown, "ratio": ours / theirs, "at_most": 1.0}


def _sent(figure: str, told: dict[str, Any], changed: int) -> Row:
    """What was sent of the chosen files, the archive counted apart."""
    sent = sum(file["sent_bytes"] for file in told["files"])
    allowed = 1.1 * changed + CHUNK
    return {
        "figure": figure,
        "ours": f"{sent / MIB:.2f} MiB",
        "beside": f"{changed / MIB:.2f} MiB",
        "ratio": sent / allowed,
        "at_most": 1.0,
    }


def _gigabyte(folder: Path, person: Person, restic: Restic) -> list[Row]:
    export = folder / "WhatsApp Chat with Tom.zip"
    _export(export, MEDIA, MEDIUM_BYTES, 0)
    theirs = restic.backup(export)
    ours, _ = _spent(person, "backup", export)
    rows = [_versus("CLI backup of 1 GiB of media ÷ restic", ours, theirs)]
    theirs = restic.restore(folder / "restic-out")
    ours, _ = _spent(person, "restore", "latest", "--out", folder / "out")
    rows.append(_versus("CLI restore of 1 GiB ÷ restic", ours, theirs))
    for place in (folder / "out", folder / "restic-out"):
        found = next(path for path in place.rglob("*.zip"))
        if found.stat().st_size != export.stat().st_size:
            raise RuntimeError("not restored")
    return rows


def _grown_zip(folder: Path, person: Person, restic: Restic) -> list[Row]:
    export = folder / "WhatsApp Chat with Ann.zip"
    _export(export, GROWN_MEDIA, GROWN_MEDIUM_BYTES, GROWN_MESSAGES)
    restic.backup(export)
    _spent(person, "backup", export)
    changed = _export(export, GROWN_MEDIA, GROWN_MEDIUM_BYTES, GROWN_MESSAGES, grown=True)
    theirs = restic.backup(export)
    ours, told = _spent(person, "backup", export)
    return [
        _sent("zip exported again with 1 % more: sent, of changed bytes × 1.1 + a chunk", told, changed),
        _versus("zip exported again with 1 % more: time ÷ restic", ours, theirs),
    ]


def _grown_database(folder: Path, person: Person, restic: Restic) -> list[Row]:
    database = folder / "msgstore.db"
    database.write_bytes(modern())
    _insert(database, 10, ROWS)
    restic.backup(database)
    _spent(person, "backup", database)
    before = database.read_bytes()
    _insert(database, 10 + ROWS, ROWS // 100)
    changed = _changed(before, database.read_bytes())
    theirs = restic.backup(database)
    ours, told = _spent(person, "backup", database)
    return [
        _sent("msgstore.db with 1 % more rows: sent, of changed pages × 1.1 + a chunk", told, changed),
        _versus("msgstore.db with 1 % more rows: time ÷ restic", ours, theirs),
    ]


def measure() -> list[Row]:
    """Rows of the table; none without restic."""
    program = restic_program()
    if program is None:
        return [{"figure": "command line ÷ restic", "ours": "no restic here"}]
    with _world() as (folder, _, person):
        restic = Restic(program, folder)
        return [
            *_gigabyte(folder, person, restic),
            *_grown_zip(folder, person, restic),
            *_grown_database(folder, person, restic),
        ]


if __name__ == "__main__":
    for row in measure():
        print(row)
