"""Looks for secrets in bytes, in every spelling that software gives to bytes by habit."""

import base64
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

# Four bytes may stand anywhere by chance; eight do not.
SHORTEST = 8
# A copy of a picture or zip holds whole slices of it, wherever the copy begins.
SLICE = 16


@dataclass(frozen=True)
class Needle:
    """label: what it is and how it is spelled, never its value; folded: to be found whatever the case of letters."""

    label: str
    value: bytes
    folded: bool = False


def base64_forms(value: bytes) -> Iterator[bytes]:
    """The letters that stand for `value` in any base64 text that holds it, at each of the three offsets."""
    for offset in range(3):
        text = base64.b64encode(bytes(offset) + value)
        first = -(-offset * 8 // 6)
        last = (offset + len(value)) * 8 // 6
        yield text[first:last]
        yield text[first:last].translate(bytes.maketrans(b"+/", b"-_"))


def _bytes_forms(value: bytes) -> Iterator[tuple[str, bytes, bool]]:
    yield "raw", value, False
    yield "hex", value.hex().encode(), True
    yield "percent-encoded", "".join(f"%{byte:02x}" for byte in value).encode(), True
    yield "array", ",".join(map(str, value)).encode(), False
    yield "array with spaces", ", ".join(map(str, value)).encode(), False
    for form in base64_forms(value):
        yield "base64", form, False


def of_bytes(label: str, value: bytes) -> list[Needle]:
    """A binary secret."""
    return [Needle(f"{label}, {name}", form, folded) for name, form, folded in _bytes_forms(value)]


def of_text(label: str, text: str) -> list[Needle]:
    """A word or name: as text in the usual encodings, escaped, and each of these as bytes."""
    needles = [
        Needle(f"{label}, escaped", json.dumps(text)[1:-1].encode(), True),
        Needle(f"{label}, in an address", quote(text).encode(), True),
    ]
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        for needle in of_bytes(f"{label}, {encoding}", text.encode(encoding)):
            needles.append(Needle(needle.label, needle.value, needle.folded or needle.label.endswith("raw")))
    return needles


def of_password(label: str, password: str) -> list[Needle]:
    """A password, and what a careless program makes of one before sending it."""
    needles = of_text(label, password)
    for name in ("md5", "sha1", "sha256", "sha512", "blake2b"):
        needles += of_bytes(f"{label}, {name}", hashlib.new(name, password.encode()).digest())
    return needles


def of_file(label: str, content: bytes, every: int) -> list[Needle]:
    """Slices of a file, `every` so many bytes one."""
    needles = []
    for start in range(0, len(content) - SLICE, every):
        piece = content[start : start + SLICE]
        # Slices with hardly anything in them (zeros, repetitions) stand in many files.
        if len(set(piece)) >= SHORTEST:
            needles.append(Needle(f"{label}, bytes {start} and on", piece))
    return needles


@dataclass
class Haystack:
    """Named bytes to look through."""

    places: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(len(content) for _, content in self.places)

    def add(self, name: str, content: bytes) -> None:
        self.places.append((name, content))

    def add_folder(self, folder: Path, leave_out: Callable[[Path], bool] = lambda path: False) -> None:
        """Every file, its name included, but for those to be left out."""
        for path in sorted(folder.rglob("*")):
            if leave_out(path):
                continue
            name = str(path.relative_to(folder))
            self.add(f"name of {name}", name.encode())
            try:
                self.add(name, path.read_bytes())
            except (FileNotFoundError, IsADirectoryError):
                # Folders; and a running product finishes tasks and removes their files.
                continue

    def add_database(self, path: Path) -> None:
        """Every value of every row: a value may be cut in pieces by the file's pages, and here it is whole."""
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
                values = [_as_bytes(value) for row in rows for value in row]
                self.add(f"table {table} of {path.name}", b"\n".join(values))

    def find(self, needles: Iterable[Needle]) -> list[tuple[str, str]]:
        """[(what, where)], sorted."""
        wanted = list(needles)
        for needle in wanted:
            if len(needle.value) < SHORTEST:
                raise ValueError(f"too short to look for: {needle.label}")
        found = set()
        for name, content in self.places:
            folded = content.lower()
            for needle in wanted:
                if (needle.value.lower() in folded) if needle.folded else (needle.value in content):
                    found.add((needle.label, name))
        return sorted(found)


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
