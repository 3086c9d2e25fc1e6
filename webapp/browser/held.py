"""Plaintexts that stay in JavaScript's memory, and the file system through which SQLite reads them there.

Emscripten's in-memory file system keeps a file's bytes in a JavaScript array, outside the heap: SQLite copies page by
page what it reads, so a database may be larger than the heap.
"""

from itertools import count
from typing import Any

from pyodide.ffi import to_js

from webapp.engine.ports import Data

from . import bridge

_FOLDER = "/tmp"  # noqa: S108 - in memory, of this page alone
_numbers = count(1)


class Placed:
    """A JavaScript array as a file that SQLite can open; no byte is copied."""

    def __init__(self, array: Any) -> None:
        import pyodide_js

        self._files = pyodide_js.FS
        self.path = f"{_FOLDER}/held-{next(_numbers)}"
        bridge.js.placeFile(self._files, self.path, array)

    def remove(self) -> None:
        self._files.unlink(self.path)


class BrowserHeld:
    """`Held` over an array of the bridge."""

    modified: float | None = None

    def __init__(self, array: Any, name: str = "") -> None:
        self._array = array
        self._placed: Placed | None = None
        self.name = name

    @property
    def size(self) -> int:
        return 0 if self._array is None else int(self._array.byteLength)

    @property
    def array(self) -> Any:
        """The bytes, in JavaScript."""
        return self._array

    def read(self, offset: int, length: int) -> bytes:
        return self._array.subarray(offset, offset + length).to_bytes()

    async def data(self, offset: int, length: int) -> Data:
        return self._array.slice(offset, offset + length)

    def path(self) -> str:
        """Where SQLite opens it; valid until `release`."""
        if self._placed is None:
            self._placed = Placed(self._array)
        return self._placed.path

    def release(self) -> None:
        if self._placed is not None:
            self._placed.remove()
        self._array = self._placed = None


def held_from(pieces: Any, limit: int) -> BrowserHeld:
    """Python's bytes, piece by piece, moved over. Raises OverflowError."""
    growing = bridge.js.growing(limit)
    for piece in pieces:
        if not growing.append(to_js(piece)):
            raise OverflowError
    return BrowserHeld(growing.finish())
