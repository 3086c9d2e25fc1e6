"""Cuts of chosen files read and named: a chunk's id says whether the safe has it already."""

from collections.abc import Callable
from dataclasses import replace

from .content import BackupFile
from .crypto.keys import BackupKey
from .format.chunk import LARGE_CONTENT, chunk_id
from .format.pieces import Cut
from .ports import CryptoProvider, Data, Source


async def read_cut(provider: CryptoProvider, source: Source, cut: Cut) -> Data:
    """Its content; in the heap only where it will be compressed. Raises SourceChanged."""
    if cut.compress:
        return _gathered(source, cut)
    parts = [await source.data(offset, length) for offset, length in cut.ranges]
    return parts[0] if len(parts) == 1 else provider.join(parts)


async def with_names(
    provider: CryptoProvider, key: BackupKey, file: BackupFile, check: Callable[[], None]
) -> BackupFile:
    """The same file with the ids of its cuts, so that only what the safe lacks is read again for sealing.

    `check` is called before each. Raises what it raises, and SourceChanged.
    """
    names: list[bytes] = []
    for cut in file.each_cut():
        check()
        names.append(await chunk_id(provider, key, await read_cut(provider, file.source, cut)))
    return replace(file, names=tuple(names))


def _gathered(source: Source, cut: Cut) -> bytes:
    """Ranges close together are read at once: in a browser each read is a journey."""
    start, end = cut.ranges[0][0], sum(cut.ranges[-1])
    if len(cut.ranges) > 1 and end - start <= min(LARGE_CONTENT, 8 * cut.size):
        span = source.read(start, end - start)
        return b"".join(span[offset - start : offset - start + length] for offset, length in cut.ranges)
    return b"".join(source.read(offset, length) for offset, length in cut.ranges)
