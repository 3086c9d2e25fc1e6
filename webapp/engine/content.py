"""What goes into one snapshot, before it is cut and sealed."""

from collections.abc import Mapping
from dataclasses import dataclass

from .format.manifest import Member
from .format.pieces import Cut, Region
from .ports import Source


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A source with the regions it is cut at (or, where given, its very cuts) and, for a zip, the members a restore may
    open one by one."""

    source: Source
    path: str
    regions: tuple[Region, ...]
    members: tuple[Member, ...] = ()
    cuts: tuple[Cut, ...] | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """All that goes into one snapshot. archive: role ("text", "index") → the database's source."""

    files: tuple[BackupFile, ...]
    archive: Mapping[str, BackupFile]
    source: str
    counts: Mapping[str, int]
