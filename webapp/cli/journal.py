"""What this machine sends to a safe, written down before it travels, so that a backup that was killed trusts at once
what has arrived of it.

A file of chunk rows (docs/format.md, "Manifest"), appended batch by batch. It holds ids, sizes and digests of
ciphertexts, which say nothing without the key. A lost one costs time only: the chunks are fetched back and opened.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from webapp.engine.format.manifest import ROW_BYTES, ChunkRow, decode_rows, encode_rows

from .places import state_folder

MOST_BYTES = 256 * 1024 * 1024


class Journal:
    """One safe's journal. Any failure to keep it is silent: the backup itself matters more."""

    def __init__(self, safe: bytes, folder: Path | None = None) -> None:
        self._path = (folder or state_folder()) / f"{safe.hex()}.sent"

    def rows(self) -> tuple[ChunkRow, ...]:
        """Whole rows; a last one that was cut off by a crash is left out."""
        try:
            if self._path.stat().st_size > MOST_BYTES:
                return ()
            table = self._path.read_bytes()
        except OSError:
            return ()
        return decode_rows(table[: len(table) // ROW_BYTES * ROW_BYTES])

    def add(self, rows: Sequence[ChunkRow]) -> None:
        """Appends in one write, behind the last whole row."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                os.pwrite(descriptor, encode_rows(rows), os.fstat(descriptor).st_size // ROW_BYTES * ROW_BYTES)
            finally:
                os.close(descriptor)
        except OSError:
            return

    def clear(self) -> None:
        """A manifest names them all now."""
        self._path.unlink(missing_ok=True)
