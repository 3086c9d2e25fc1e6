"""Media of chosen files that were read on this machine: from the file itself, or from the zip it lies in."""

from collections.abc import Sequence

from webapp.engine.archive.queries import Archive
from webapp.engine.archive.rows import MediaRow
from webapp.engine.opened import NotInBackup
from webapp.engine.ports import BackupCipher, Data, Source
from webapp.engine.readers.nested_zips import from_inner_zip
from webapp.engine.readers.signal.attachment import open_attachment, seal_from
from webapp.engine.zip_index import ZipMember, read_member, zip_members

LARGEST_MEMBER = 2 << 30
"""Bytes a medium in a zip may unpack to: it passes through memory."""


class LocalMedia:
    """Fetches media from the sources of a reading, in their order."""

    def __init__(self, archive: Archive, sources: Sequence[Source], cipher: BackupCipher) -> None:
        self._archive = archive
        self._sources = sources
        self._cipher = cipher
        self._members: dict[int, dict[str, ZipMember]] = {}

    async def fetch(self, media: MediaRow) -> Data:
        """The bytes of a medium. Raises NotInBackup, SealBroken, SourceChanged, and the errors of zips."""
        if media.source is None or not 0 <= media.source < len(self._sources):
            raise NotInBackup
        source = self._sources[media.source]
        text = self._archive.seal(media.id)
        if text:
            seal = seal_from(text)
            start, end = seal.range
            whole = self._member(media) if media.member else None
            data = source.read(start, end - start) if whole is None else whole[start:end]
            return await open_attachment(seal, data, self._cipher)
        return self._member(media) if media.member else await source.data(0, source.size)

    def _member(self, media: MediaRow) -> bytes:
        if media.source is None:
            raise NotInBackup
        source = self._sources[media.source]
        if media.source not in self._members:
            self._members[media.source] = {member.path: member for member in zip_members(source)}
        member = self._members[media.source].get(media.member)
        if member is None:
            found = from_inner_zip(source, self._members[media.source].values(), media.member)
            if found is None:
                raise NotInBackup
            return found
        return read_member(source, member, LARGEST_MEMBER)
