"""Chosen files and restored files: the `Source` and `Sink` ports over File, FileReaderSync and WritableStream."""

from typing import Any

from webapp.engine.errors import CofferError, DiskFull, SourceChanged
from webapp.engine.ports import Data
from webapp.engine.readers.foreign_database import DatabaseTooLarge

from . import bridge
from .crossing import crossing
from .held import Placed

LARGEST_DATABASE = 2040 << 20
"""Bytes. Chromium hands out no larger piece of memory."""

QUOTA_ERRORS = ("QuotaExceededError",)


class BrowserSource:
    """A `File` of the page and its path in the chosen folder, read in ranges; media never enter the heap."""

    def __init__(self, file: Any, path: str) -> None:
        self._file = bridge.js.file(file, path)
        self.name: str = self._file.path
        self.size: int = int(self._file.size)
        self.modified: float | None = self._file.modified / 1000
        self._placed: Placed | None = None

    def read(self, offset: int, length: int) -> bytes:
        array = self._file.readSync(offset, length)
        if array is None:
            raise SourceChanged
        return array.to_bytes()

    async def data(self, offset: int, length: int) -> Data:
        array = await self._file.read(offset, length)
        if array is None or array.length != length:
            raise SourceChanged
        return array

    def path(self) -> str:
        """Where SQLite opens it: all of it in JavaScript's memory until `release`. Raises DatabaseTooLarge,
        SourceChanged."""
        if self._placed is None:
            if self.size > LARGEST_DATABASE:
                raise DatabaseTooLarge(self.size, LARGEST_DATABASE)
            array = self._file.readSync(0, self.size)
            if array is None:
                raise SourceChanged
            self._placed = Placed(array)
        return self._placed.path

    def release(self) -> None:
        """Gives the memory that `path` took back."""
        if self._placed is not None:
            self._placed.remove()
            self._placed = None


class SaveFailed(CofferError):
    """The browser could not write the file."""

    code = "save_failed"
    message = "The file could not be written."
    next_step = "Choose another folder or name, then retry."


class BrowserSink:
    """A Blob in the making, or the file the person chose on disk."""

    def __init__(self, stream: Any | None) -> None:
        self._sink = bridge.js.blobSink() if stream is None else bridge.js.streamSink(stream)
        self._is_blob = stream is None

    async def write(self, data: Data) -> None:
        failed = await self._sink.write(crossing(data))
        if failed in QUOTA_ERRORS:
            raise DiskFull
        if failed:
            raise SaveFailed(data={"reason": failed})

    async def close(self) -> None:
        await self._sink.close()

    async def abort(self) -> None:
        await self._sink.abort()

    def blob(self) -> Any | None:
        return self._sink.blob() if self._is_blob else None
