"""The files a person chose as one flat list: lone files, and the members of every zip among them."""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from webapp.engine.ports import Source
from webapp.engine.readers.errors import NothingChosen
from webapp.engine.zip_index import ZipMember, is_zip, member_pieces, read_member_head, zip_members

PIECE = 1 << 20
BLOCK = 1 << 17
"""Characters, to the next end of a line."""

_SAMPLE = 512
_LITTER = ("__MACOSX",)


@runtime_checkable
class HoldsOpened(Protocol):
    """A zip some of whose members were encrypted, and are opened: by their paths."""

    @property
    def opened_members(self) -> Mapping[str, Source]: ...


@dataclass(frozen=True, slots=True)
class Item:
    """One readable file. `path` is the member's path, or the source's name where it is not in a zip."""

    source: Source
    source_index: int
    member: ZipMember | None
    path: str
    size: int

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> tuple[int | None, str]:
        """Files of one folder of one zip (or of the chosen folder) belong together."""
        return (None if self.member is None else self.source_index, self.path.rpartition("/")[0])

    @property
    def location(self) -> str:
        return self.source.name if self.member is None else f"{self.source.name}/{self.path}"

    def head(self, length: int) -> bytes:
        """At most `length` first bytes. Raises the zip errors of `read_member`."""
        if self.member is None:
            return self.source.read(0, min(length, self.size))
        return read_member_head(self.source, self.member, length)

    def pieces(self) -> Iterator[bytes]:
        """The whole content in pieces; a zip member's checksum is verified at the end."""
        if self.member is not None:
            yield from member_pieces(self.source, self.member)
            return
        position = 0
        while position < self.size:
            data = self.source.read(position, min(PIECE, self.size - position))
            if not data:
                return
            position += len(data)
            yield data


def items_of(sources: Sequence[Source]) -> list[Item]:
    """Every file in `sources`, zips opened one level deep, without what computers leave behind (__MACOSX, .DS_Store).

    Raises NothingChosen, DamagedZip, ZipBomb.
    """
    items: list[Item] = []
    for index, source in enumerate(sources):
        if source.size and is_zip(source.read(0, 4)):
            opened = source.opened_members if isinstance(source, HoldsOpened) else {}
            for member in zip_members(source):
                if member.path in opened:
                    items += _of_opened(opened[member.path], index)
                else:
                    items.append(Item(source, index, member, member.path, member.size))
        elif source.size:
            items.append(Item(source, index, None, source.name, source.size))
    items = [item for item in items if not is_litter(item.path)]
    if not any(item.size for item in items):
        raise NothingChosen
    return items


def _of_opened(source: Source, index: int) -> list[Item]:
    """What an encrypted member of a zip holds: a file, or the members of the zip that an increment is."""
    if source.size and is_zip(source.read(0, 4)):
        return [Item(source, index, member, member.path, member.size) for member in zip_members(source)]
    return [Item(source, index, None, source.name, source.size)]


def is_litter(path: str) -> bool:
    """Whether a file is what computers leave behind in folders and zips."""
    parts = path.split("/")
    return parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini") or any(part in _LITTER for part in parts)


def encoding_of(head: bytes) -> str | None:
    """The text encoding that a file's first bytes suggest; None where they are not text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:_SAMPLE]
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in sample)
    # A few stray bytes are damage, many mean that it is no text. The cut at the end may split a letter.
    broken = sample[:-3].decode("utf-8", "replace").count("\ufffd")
    return "utf-8" if controls + broken <= max(3, len(sample) // 16) else None


def blocks_of(item: Item, encoding: str) -> Iterator[str]:
    """A text in blocks of whole lines with LF between them (LF or CRLF in the file), none at a block's end. Undecodable
    bytes become U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    carry: list[str] = []
    for piece in item.pieces():
        text = decoder.decode(piece)
        end = text.rfind("\n")
        if end >= 0:
            carry.append(text[:end])
            yield from _blocks("".join(carry))
            carry.clear()
        carry.append(text[end + 1 :])
    carry.append(decoder.decode(b"", True))
    last = "".join(carry)
    if last:
        yield from _blocks(last)


def _blocks(text: str) -> Iterator[str]:
    """Small ones: one emoji makes every letter of its block four bytes long."""
    start = 0
    while len(text) - start > BLOCK:
        end = text.find("\n", start + BLOCK)
        if end < 0:
            break
        yield text[start:end].replace("\r\n", "\n").removesuffix("\r")
        start = end + 1
    yield text[start:].replace("\r\n", "\n").removesuffix("\r")
