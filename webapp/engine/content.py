"""What goes into one snapshot, before it is cut and sealed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .format.manifest import Member
from .format.pieces import Cut, Region, cut_source
from .ports import Source


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A source with the regions it is cut at (or, where given, its very cuts) and, for a zip, the members a restore may
    open one by one. names: the chunk ids of its cuts, in order, where they were found beforehand."""

    source: Source
    path: str
    regions: tuple[Region, ...]
    members: tuple[Member, ...] = ()
    cuts: tuple[Cut, ...] | None = None
    names: tuple[bytes, ...] | None = None

    def each_cut(self) -> Iterable[Cut]:
        return cut_source(self.source.size, self.regions) if self.cuts is None else self.cuts


@dataclass(frozen=True, slots=True)
class Content:
    """All that goes into one snapshot. archive: role ("text", "index") → the database's source."""

    files: tuple[BackupFile, ...]
    archive: Mapping[str, BackupFile]
    source: str
    counts: Mapping[str, int]
