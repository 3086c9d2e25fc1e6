"""Encrypted databases and increments that lie in a zip, opened in their place, and the keys beside them.

They are known by their names (`….crypt15`): looking into every member of a zip of half a million pictures would cost
more than all the rest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from webapp.engine.errors import CofferError
from webapp.engine.in_memory import InMemory
from webapp.engine.ports import Data, Source
from webapp.engine.readers.items import is_litter
from webapp.engine.readers.nested_zips import LARGEST_INNER, StoredZip
from webapp.engine.readers.whatsapp_crypt.keys import LONGEST_KEY_FILE, WhatsAppKey, is_key_file, key_of_file
from webapp.engine.readers.whatsapp_crypt.opened_source import OpenedSource
from webapp.engine.zip_index import STORED, ZipMember, is_zip, member_pieces, read_member, zip_members

_ENCRYPTED = re.compile(r"\.crypt1[245]\Z", re.IGNORECASE)
_KEY_NAMES = ("key", "encrypted_backup.key")


@dataclass(frozen=True, slots=True)
class Named:
    """A range of a zip, or what it unpacks to, under a name of its own."""

    name: str
    content: Source

    @property
    def size(self) -> int:
        return self.content.size

    @property
    def modified(self) -> float | None:
        return self.content.modified

    def read(self, offset: int, length: int) -> bytes:
        return self.content.read(offset, length)

    async def data(self, offset: int, length: int) -> Data:
        return await self.content.data(offset, length)


@dataclass(frozen=True, slots=True)
class ZipWithOpened:
    """A zip as it was chosen; `opened_members` has, by path, what its encrypted members hold."""

    zip: Source
    opened_members: dict[str, OpenedSource] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.zip.name

    @property
    def size(self) -> int:
        return self.zip.size

    @property
    def modified(self) -> float | None:
        return self.zip.modified

    def read(self, offset: int, length: int) -> bytes:
        return self.zip.read(offset, length)

    async def data(self, offset: int, length: int) -> Data:
        return await self.zip.data(offset, length)


def members_of_zip(source: Source) -> list[ZipMember]:
    """The members of a zip, none where it is no zip; what is wrong with it is told by whoever reads it."""
    if not source.size or not is_zip(source.read(0, 4)):
        return []
    try:
        return [member for member in zip_members(source) if not is_litter(member.path)]
    except CofferError:
        return []


def keys_among(source: Source, members: list[ZipMember]) -> Iterator[WhatsAppKey]:
    """The key files among the members, by their names."""
    for member in members:
        if member.path.rpartition("/")[2] in _KEY_NAMES and member.size <= LONGEST_KEY_FILE and not member.encrypted:
            content = read_member(source, member, LONGEST_KEY_FILE)
            if is_key_file(content):
                yield key_of_file(content)


def encrypted_among(source: Source, members: list[ZipMember]) -> Iterator[tuple[str, Source]]:
    """(path, content) of members that are named like encrypted databases. Those that were compressed are unpacked
    into memory, 512 MiB in all; what is beyond that stays closed."""
    left = LARGEST_INNER
    for member in members:
        if not _ENCRYPTED.search(member.path) or member.encrypted:
            continue
        name = f"{source.name}/{member.path}"
        if member.method == STORED:
            yield member.path, Named(name, StoredZip(source, member.data_offset, member.size))
        elif member.size <= left:
            left -= member.size
            yield member.path, InMemory(name, b"".join(member_pieces(source, member)), source.modified)
