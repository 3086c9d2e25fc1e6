"""Does a backup hold what it should? Pure rules, over counts (docs/architecture.md)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .errors import CofferError

ONE_CHAT_A_FILE = frozenset({"whatsapp_text", "merged"})
"""Sources whose backups may hold any selection of chats: only what has a file in common is the same chats again."""
COUNTED = ("chats", "messages", "media")


class Change(NamedTuple):
    """what: "messages", "media", "bytes" or "chats"; how many there were, and are."""

    what: str
    before: int
    now: int

    def to_json(self) -> dict[str, object]:
        return self._asdict()


class BackupShrank(CofferError):
    """This backup holds far less than the last one of the same chats. data: {shrunk: [{what, before, now}]}."""

    code = "backup_shrank"
    message = "This backup holds much less than the last one of these chats."
    next_step = "Look whether a file is missing or incomplete; if it is meant to be so, back up all the same."


@dataclass(frozen=True, slots=True)
class Totals:
    """What one backup holds: messages, media, and bytes of original files."""

    messages: int
    media: int
    bytes: int

    @classmethod
    def of(cls, counts: Mapping[str, int], size: int) -> "Totals":
        """Of a manifest's counts and the sum of its files' sizes."""
        return cls(counts.get("messages", 0), counts.get("media", 0), size)


# So few are no loss worth a question, unless nothing is left.
_TOO_FEW = {"messages": 10, "media": 5, "bytes": 1 << 20}


def shrunk(before: Totals, now: Totals) -> list[Change]:
    """What is less than half of what it was."""
    found = []
    for what, few in _TOO_FEW.items():
        was, is_now = getattr(before, what), getattr(now, what)
        if 2 * is_now < was and (was - is_now >= few or is_now == 0):
            found.append(Change(what, was, is_now))
    return found


def require_not_shrunk(before: Totals, now: Totals) -> None:
    """Raises BackupShrank."""
    found = shrunk(before, now)
    if found:
        raise BackupShrank(data={"shrunk": [change.to_json() for change in found]})


def same_chats(source: str, paths: Collection[str], earlier_source: str, earlier_paths: Collection[str]) -> bool:
    """Whether two backups are of the same chats, as far as that can be told from kind and file names."""
    if source != earlier_source:
        return False
    return source not in ONE_CHAT_A_FILE or not set(paths).isdisjoint(earlier_paths)


def mismatches(promised: Mapping[str, int], found: Mapping[str, int]) -> Sequence[Change]:
    """Where a manifest's counts and what its archive holds differ: (what, promised, found)."""
    return [
        Change(what, promised[what], found.get(what, 0))
        for what in COUNTED
        if what in promised and promised[what] != found.get(what, 0)
    ]
