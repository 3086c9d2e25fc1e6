"""Pieces: how a file is put together from chunks, and where a file is cut (docs/format.md, "Pieces")."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .chunk import LARGE_CONTENT, SMALL_CONTENT


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a file's bytes: `length` bytes from `offset` inside the content of chunk number `chunk`."""

    chunk: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Content of one chunk-to-be: byte ranges (offset, length) of a source, joined; `compress` where that can help."""

    ranges: tuple[tuple[int, int], ...]
    compress: bool

    @property
    def size(self) -> int:
        return sum(length for _, length in self.ranges)


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a source that is cut on its own: a zip's member, or a whole file."""

    offset: int
    length: int
    compress: bool


def cut_source(size: int, regions: Sequence[Region]) -> Iterator[Cut]:
    """Cuts that cover a source of `size` bytes exactly once.

    `regions` are ascending and do not overlap; each is cut on its own, so that an unchanged member of a re-exported
    zip gives the same chunks. What lies between them (a zip's headers and directory) is gathered into small chunks.
    Raises ValueError for regions out of order or out of bounds.
    """
    gaps: list[tuple[int, int]] = []
    position = 0
    for region in regions:
        if region.offset < position or region.length < 0 or region.offset + region.length > size:
            raise ValueError("regions overlap or leave the source")
        if region.offset > position:
            gaps.append((position, region.offset - position))
        position = region.offset + region.length
        yield from _cut_run(region.offset, region.length, compress=region.compress)
    if position < size:
        gaps.append((position, size - position))
    yield from _gather(gaps)


def _cut_run(offset: int, length: int, *, compress: bool) -> Iterator[Cut]:
    step = SMALL_CONTENT if compress else LARGE_CONTENT
    for start in range(offset, offset + length, step):
        yield Cut(((start, min(step, offset + length - start)),), compress)


def _gather(gaps: Sequence[tuple[int, int]]) -> Iterator[Cut]:
    ranges: list[tuple[int, int]] = []
    room = SMALL_CONTENT
    for gap_offset, gap_length in gaps:
        offset, left = gap_offset, gap_length
        while left:
            taken = min(left, room)
            ranges.append((offset, taken))
            offset, left, room = offset + taken, left - taken, room - taken
            if room == 0:
                yield Cut(tuple(ranges), compress=True)
                ranges, room = [], SMALL_CONTENT
    if ranges:
        yield Cut(tuple(ranges), compress=True)
