"""Several kinds of backup chosen at once: which files belong to which reader.

Files that were chosen together belong together: the members of a zip, what lies in one dropped folder. Such a unit is
of the first kind that recognises it by itself, so that an export that was sent in a chat, and lies in the folder of the
chat's own backup, stays the document it is. Files that are no backup by themselves (contacts, pictures) go to every
kind: each takes what it names.
"""

from collections.abc import Sequence

from webapp.engine.readers.items import Item
from webapp.engine.readers.reading import FillsArchive, Reader, Recognised, Sealed
from webapp.engine.readers.whatsapp_crypt.errors import BackupNeedsFull

Found = Recognised | FillsArchive | Sealed
Unit = tuple[str, int | str]

MOST_UNITS = 64
"""Beyond that many single files nobody dropped backups one by one: they are taken as one choice."""


def by_kind(items: Sequence[Item], readers: Sequence[Reader]) -> list[Found]:
    """What each reader finds among its own units, in the readers' order; empty where there are fewer than two kinds.

    Raises what the readers raise.
    """
    units: dict[Unit, list[Item]] = {}
    for item in items:
        units.setdefault(_unit(item), []).append(item)
    if not 1 < len(units) <= MOST_UNITS:
        return []
    kinds: dict[int, list[Item]] = {}
    loose: list[Item] = []
    for members in units.values():
        kind = _kind(members, readers)
        if kind is None:
            loose += members
        else:
            kinds.setdefault(kind, []).extend(members)
    if len(kinds) < 2:
        return []
    found = [readers[kind]([*members, *loose]) for kind, members in sorted(kinds.items())]
    return [one for one in found if one is not None]


def _unit(item: Item) -> Unit:
    if item.member is not None or item.source.name != item.path:
        return ("zip", item.source_index)
    folder, slash, _ = item.path.partition("/")
    return ("folder", folder) if slash else ("file", item.source_index)


def _kind(members: Sequence[Item], readers: Sequence[Reader]) -> int | None:
    for number, reader in enumerate(readers):
        try:
            if reader(members) is not None:
                return number
        except BackupNeedsFull:
            return None  # it may be found among the other files
    return None
