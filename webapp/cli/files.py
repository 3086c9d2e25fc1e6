"""Files of this machine as the engine's sources, and its plaintexts in memory."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from webapp.engine.errors import CofferError, SourceChanged
from webapp.engine.ports import Data


class InputMissing(CofferError):
    """A path that leads nowhere. data: {path}."""

    code = "file_missing"
    message = "There is no such file."
    next_step = "Check the path."


class FileSource:
    """A file on disk. `name` is its path below the chosen folder, or its own name."""

    def __init__(self, file: Path, name: str | None = None) -> None:
        self._file = file
        status = file.stat()
        self.name = name or file.name
        self.size = status.st_size
        self.modified: float | None = status.st_mtime
        self._open = file.open("rb")

    def read(self, offset: int, length: int) -> bytes:
        # The position is given with the call: two readers of one file do not disturb each other.
        try:
            data = os.pread(self._open.fileno(), length, offset)
            while len(data) < length and (
                more := os.pread(self._open.fileno(), length - len(data), offset + len(data))
            ):
                data += more
        except OSError as error:
            raise SourceChanged from error
        if len(data) < min(length, self.size - offset):
            raise SourceChanged
        return data

    async def data(self, offset: int, length: int) -> Data:
        return self.read(offset, length)

    def path(self) -> str:
        """Where SQLite opens it."""
        return str(self._file.resolve())

    def close(self) -> None:
        self._open.close()


class MemoryHeld:
    """A plaintext in memory: `Held`. It never touches a disk."""

    modified: float | None = None

    def __init__(self, content: bytes | bytearray, name: str = "") -> None:
        self._content = content
        self.name = name

    @property
    def size(self) -> int:
        return len(self._content)

    def read(self, offset: int, length: int) -> bytes:
        return bytes(memoryview(self._content)[offset : offset + length])

    async def data(self, offset: int, length: int) -> Data:
        return self.read(offset, length)

    def release(self) -> None:
        self._content = b""


def require_there(paths: Iterable[Path]) -> None:
    """Raises InputMissing."""
    for path in paths:
        if not path.exists():
            raise InputMissing(f"There is no file {path}.", data={"path": str(path)})


def sources_of(paths: list[Path]) -> list[FileSource]:
    """Every file named, and every file below a folder named, in the order of their paths."""
    return [FileSource(file, name) for path in paths for file, name in _files(path)]


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    if not path.is_dir():
        yield path, path.name
        return
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            file = Path(folder) / name
            if file.is_file() and not file.is_symlink():
                yield file, str(Path(path.name) / file.relative_to(path))
