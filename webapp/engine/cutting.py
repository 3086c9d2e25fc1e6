"""Where a chosen file is cut into chunks, by looking at its content: a zip at its members, a database by its pages,
anything else as a whole."""

from .content import BackupFile
from .format.manifest import Member
from .format.pieces import Region
from .ports import Source
from .readers.items import encoding_of
from .sqlite_cuts import sqlite_cuts
from .zip_index import STORED, ZipMember, is_zip, zip_members

SNIFF_BYTES = 4096
SQLITE_MAGIC = b"SQLite format 3\x00"


def cut(source: Source) -> BackupFile:
    """A source with its regions. Raises the errors of `zip_members` for a damaged zip."""
    head = source.read(0, SNIFF_BYTES)
    if head.startswith(SQLITE_MAGIC):
        return BackupFile(source, source.name, (), cuts=tuple(sqlite_cuts(source)))
    if not is_zip(head):
        return BackupFile(source, source.name, (Region(0, source.size, _compressible(head)),))
    members = zip_members(source)
    regions = tuple(
        Region(m.data_offset, m.compressed_size, _stored_plainly(source, m)) for m in members if m.compressed_size
    )
    listed = tuple(Member(m.path, m.method, m.data_offset, m.compressed_size, m.size, m.crc32) for m in members)
    return BackupFile(source, source.name, regions, listed)


def _stored_plainly(source: Source, member: ZipMember) -> bool:
    """Whether a member that the zip did not compress is text or a database."""
    return member.method == STORED and _compressible(source.read(member.data_offset, SNIFF_BYTES))


def _compressible(head: bytes) -> bool:
    return head.startswith(SQLITE_MAGIC) or encoding_of(head) is not None
