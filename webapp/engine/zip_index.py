"""Reading a zip through the Source port: which members it holds, where their bytes lie, and their content.

The backup cuts a zip at its members (offsets below), the readers read them. Nothing here trusts what a zip declares:
sizes, ratios, offsets and names are checked first, and inflating stops at the declared size.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from webapp.engine.errors import CofferError
from webapp.engine.ports import Source
from webapp.engine.zip_names import decoded_names

STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
LOCAL_HEADER = struct.Struct("<4s5H3I2H")
PIECE = 1 << 20
_ENCRYPTED = 0x1


class DamagedZip(CofferError):
    """The archive cannot be read: cut short, overwritten, or contradicting itself. data: {why}."""

    code = "damaged_zip"
    message = "The zip file is damaged."
    next_step = "Export the chat again on the phone, or copy the file again, then choose the new file."

    def __init__(self, why: str) -> None:
        super().__init__(f"The zip file is damaged: {why}.", data={"why": why})


class ZipBomb(CofferError):
    """The archive declares more content than is plausible. data: {why}."""

    code = "zip_bomb"
    next_step = "Choose the zip file that the phone exported, not one from somewhere else."

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The zip file was not opened, because its contents are implausible: {why}.", data={"why": why}
        )


class EncryptedZip(CofferError):
    """A member is protected by a zip password."""

    code = "encrypted_zip"
    message = "The zip file is protected by a password."
    next_step = "Unpack it with its password first, then choose the unpacked folder."


class UnsupportedZip(CofferError):
    """A member is compressed by a method other than stored or deflate. data: {method}."""

    code = "unsupported_zip"
    next_step = "Unpack it first, then choose the unpacked folder."

    def __init__(self, method: int) -> None:
        super().__init__(f"The zip file is packed in an uncommon way (method {method}).", data={"method": method})


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What a zip may declare before it is refused; sizes in bytes."""

    members: int = 500_000
    directory: int = 256 << 20
    total: int = 1 << 40
    ratio: int = 300
    ratio_from: int = 32 << 20
    """The ratio is only judged for members that unpack to more than this."""


@dataclass(frozen=True, slots=True)
class ZipMember:
    """One file of a zip. Offsets and sizes in bytes; `path` is normalised, relative and unique within the zip."""

    path: str
    method: int
    crc32: int
    size: int
    compressed_size: int
    header_offset: int
    data_offset: int
    modified: int | None
    """Wall-clock milliseconds, as if in UTC: zips know no zone. None where the date is impossible."""
    encrypted: bool = False

    @property
    def end(self) -> int:
        """Where its compressed bytes end."""
        return self.data_offset + self.compressed_size


class _SourceFile(io.RawIOBase):
    """The few file methods that `zipfile` needs, over a Source."""

    def __init__(self, source: Source, longest_read: int) -> None:
        self._source = source
        self._longest_read = longest_read
        self._position = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._source.size}[whence]
        if base + offset < 0:
            raise OSError("a position before the start")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self._source.size - self._position)
        length = left if size is None or size < 0 else min(size, left)
        if length > self._longest_read:
            raise ZipBomb("its directory is too large")
        data = self._source.read(self._position, length) if length else b""
        self._position += len(data)
        return data


def is_zip(head: bytes) -> bool:
    """Whether a file's first bytes are those of a zip (an empty zip counts too)."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def zip_members(source: Source, limits: ZipLimits = ZipLimits()) -> list[ZipMember]:
    """The files of a zip (no folders) in the order of their bytes.

    Reads the central directory and every local header, no content. Raises DamagedZip, ZipBomb.
    """
    try:
        with zipfile.ZipFile(_SourceFile(source, limits.directory)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, struct.error, NotImplementedError) as error:
        raise DamagedZip("its directory cannot be read") from error
    if len(infos) > limits.members:
        raise ZipBomb(f"{len(infos)} members")
    infos = sorted((info for info in infos if not info.is_dir()), key=lambda info: info.header_offset)
    _refuse_bombs(infos, limits)
    members: list[ZipMember] = []
    taken: set[str] = set()
    names = decoded_names(infos)
    previous_end = 0
    for info, name in zip(infos, names, strict=True):
        if info.header_offset < previous_end:
            raise ZipBomb("its members overlap")
        member = _member(source, info, name, taken)
        taken.add(member.path)
        previous_end = member.end
        if previous_end > source.size:
            raise DamagedZip("it is cut short")
        members.append(member)
    return members


def read_member(source: Source, member: ZipMember, limit: int) -> bytes:
    """The whole content of a member, at most `limit` bytes.

    Raises DamagedZip (checksum or size differ), ZipBomb (larger than `limit`), EncryptedZip, UnsupportedZip.
    """
    if member.size > limit:
        raise ZipBomb(f"a member unpacks to {member.size} bytes")
    return b"".join(member_pieces(source, member))


def read_member_head(source: Source, member: ZipMember, length: int) -> bytes:
    """The first `length` bytes of a member's content, unchecked. Raises as `read_member`."""
    head = b""
    for piece in _inflated(source, member, min(PIECE, length + 64)):
        head += piece[: length - len(head)]
        if len(head) >= length:
            break
    return head


def member_pieces(source: Source, member: ZipMember, piece: int = PIECE) -> Iterator[bytes]:
    """A member's content in pieces of at most about `piece` bytes; the checksum is verified at the end.

    Raises DamagedZip, EncryptedZip, UnsupportedZip.
    """
    checksum = length = 0
    for part in _inflated(source, member, piece):
        length += len(part)
        if length > member.size:
            raise DamagedZip("a member is longer than declared")
        checksum = zlib.crc32(part, checksum)
        yield part
    if length != member.size or checksum != member.crc32:
        raise DamagedZip("a member has a wrong checksum")


def _inflated(source: Source, member: ZipMember, piece: int) -> Iterator[bytes]:
    if member.encrypted:
        raise EncryptedZip
    if member.method not in (STORED, DEFLATED):
        raise UnsupportedZip(member.method)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.method == DEFLATED else None
    position, end = member.data_offset, member.end
    while position < end:
        data = source.read(position, min(piece, end - position))
        if not data:
            raise DamagedZip("it is cut short")
        position += len(data)
        if inflate is None:
            yield data
            continue
        while data and not inflate.eof:
            try:
                part = inflate.decompress(data, piece)
            except zlib.error as error:
                raise DamagedZip("a member cannot be unpacked") from error
            data = inflate.unconsumed_tail
            if part:
                yield part
    if inflate is not None:
        while not inflate.eof:
            try:
                part = inflate.decompress(b"", piece)
            except zlib.error as error:
                raise DamagedZip("a member cannot be unpacked") from error
            if not part:
                raise DamagedZip("a member is cut short")
            yield part


def _refuse_bombs(infos: list[zipfile.ZipInfo], limits: ZipLimits) -> None:
    total = 0
    for info in infos:
        total += info.file_size
        if info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(1, info.compress_size):
            raise ZipBomb("a member unpacks to far more than it takes")
    if total > limits.total:
        raise ZipBomb(f"{total} bytes in all")


def _member(source: Source, info: zipfile.ZipInfo, name: str, taken: set[str]) -> ZipMember:
    header = source.read(info.header_offset, LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise DamagedZip("a member's header is missing")
    fields = LOCAL_HEADER.unpack(header)
    data_offset = info.header_offset + LOCAL_HEADER.size + int(fields[9]) + int(fields[10])
    return ZipMember(
        path=_unique(_safe_path(name), taken),
        method=info.compress_type,
        crc32=info.CRC,
        size=info.file_size,
        compressed_size=info.compress_size,
        header_offset=info.header_offset,
        data_offset=data_offset,
        modified=_milliseconds(info.date_time),
        encrypted=bool(info.flag_bits & _ENCRYPTED),
    )


def _safe_path(name: str) -> str:
    """A relative path with `/`: no drive, no root, no `.` or `..`, no control characters; never empty."""
    name = re.sub(r"[\x00-\x1f\x7f]", "_", name.replace("\\", "/"))
    name = re.sub(r"^[A-Za-z]:", "", name)
    return "/".join(part for part in name.split("/") if part not in ("", ".", "..")) or "unnamed"


def _unique(path: str, taken: set[str]) -> str:
    """Zips may hold a name twice; the later one gets a number so that both stay reachable."""
    if path not in taken:
        return path
    folder, slash, base = path.rpartition("/")
    stem, dot, ending = base.rpartition(".")
    if not stem:
        stem, dot, ending = base, "", ""
    number = 2
    while (candidate := f"{folder}{slash}{stem} ({number}){dot}{ending}") in taken:
        number += 1
    return candidate


def _milliseconds(parts: tuple[int, int, int, int, int, int]) -> int | None:
    try:
        return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        return None
