"""Where a SQLite database is cut: pages of one kind together, so that a hundredth more rows is not every chunk anew.

A new message is appended to the table's leaves, and also touches index pages all over the file (keys are random). Cut
straight through, every chunk would hold a touched page. So within windows of 4 MiB the leaves of tables go into chunks
of their own, and everything else (indexes, inner pages, the header) into others. A window bounds how far a page that
changes its kind shifts what follows.

The kinds are a guess for the sake of sharing; a wrong one costs nothing but that. Source: "Database File Format",
sqlite.org/fileformat2.html, §1.3 and §1.6.
"""

from collections.abc import Iterator

from .format.chunk import SMALL_CONTENT
from .format.pieces import Cut
from .ports import Source

WINDOW = 4 * 1024 * 1024
HEADER = 100
# Leaves of tables, and what has no kind of its own: the overflow of long rows.
_ROWS = {0x0D, 0x00}


def page_size(header: bytes) -> int | None:
    """Bytes of a page by the database's first bytes; None where they tell none."""
    if len(header) < HEADER:
        return None
    size = int.from_bytes(header[16:18], "big")
    size = 65_536 if size == 1 else size
    return size if 512 <= size <= 65_536 and not size & (size - 1) else None


def sqlite_cuts(source: Source) -> Iterator[Cut]:
    """Cuts that cover the whole source exactly once. Raises SourceChanged."""
    size = page_size(source.read(0, HEADER)) or WINDOW
    for start in range(0, source.size, WINDOW):
        length = min(WINDOW, source.size - start)
        kinds = source.read(start, length)[::size]
        places: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
        for number, kind in enumerate(kinds):
            at = start + number * size
            _append(places[kind in _ROWS], at, min(size, start + length - at))
        for ranges in places:
            yield from _chunks(ranges)


def _append(ranges: list[tuple[int, int]], offset: int, length: int) -> None:
    if ranges and sum(ranges[-1]) == offset:
        ranges[-1] = (ranges[-1][0], ranges[-1][1] + length)
    else:
        ranges.append((offset, length))


def _chunks(ranges: list[tuple[int, int]]) -> Iterator[Cut]:
    """The ranges in order, in chunks of at most SMALL_CONTENT."""
    taken: list[tuple[int, int]] = []
    room = SMALL_CONTENT
    for at, left in ranges:
        while left:
            length = min(left, room)
            taken.append((at, length))
            at, left, room = at + length, left - length, room - length
            if room == 0:
                yield Cut(tuple(taken), compress=True)
                taken, room = [], SMALL_CONTENT
    if taken:
        yield Cut(tuple(taken), compress=True)
