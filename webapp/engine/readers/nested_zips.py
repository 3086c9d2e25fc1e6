"""Zips that lie in a zip, opened one level deep: exports that somebody packed together.

Only when nothing else among the chosen files is a chat: a zip that was sent in a chat stays the document it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.engine.errors import CofferError
from webapp.engine.in_memory import InMemory
from webapp.engine.ports import Data, Source
from webapp.engine.readers.items import Item, is_litter
from webapp.engine.zip_index import STORED, ZipMember, is_zip, member_pieces, zip_members

LARGEST_INNER = 512 << 20
"""Bytes of all inner zips that have to be unpacked into memory; those stored as they are may be of any size."""


@dataclass(frozen=True, slots=True)
class StoredZip:
    """An inner zip that the outer one did not compress: a range of it."""

    outer: Source
    start: int
    size: int

    @property
    def name(self) -> str:
        return self.outer.name

    @property
    def modified(self) -> float | None:
        return self.outer.modified

    def read(self, offset: int, length: int) -> bytes:
        return self.outer.read(self.start + offset, max(0, min(length, self.size - offset)))

    async def data(self, offset: int, length: int) -> Data:
        return await self.outer.data(self.start + offset, max(0, min(length, self.size - offset)))


def with_inner_zips(items: Sequence[Item]) -> list[Item]:
    """The same items, each zip among the members of a zip replaced by its own members (`outer.zip` ‖ `inner.zip/a`);
    an empty list where there is none."""
    found: list[Item] = []
    opened = False
    left = LARGEST_INNER
    for item in items:
        if item.member is None or not _is_zip(item):
            found.append(item)
            continue
        compressed = item.member.method != STORED
        if compressed and item.size > left:
            found.append(item)
            continue
        left -= item.size if compressed else 0
        try:
            inner = inner_zip(item.source, item.member)
            members = zip_members(inner)
        except CofferError:
            found.append(item)  # a damaged inner zip costs itself, not the others
            continue
        opened = True
        found += [
            Item(inner, item.source_index, member, f"{item.path}/{member.path}", member.size)
            for member in members
            if not is_litter(member.path)
        ]
    return found if opened else []


def inner_zip(outer: Source, member: ZipMember) -> Source:
    """A member that is a zip, as a source of its own. Raises what reading the member raises."""
    if member.method == STORED and not member.encrypted:
        return StoredZip(outer, member.data_offset, member.size)
    return InMemory(outer.name, b"".join(member_pieces(outer, member)), outer.modified)


def _is_zip(item: Item) -> bool:
    try:
        return is_zip(item.head(4))
    except CofferError:
        return False
