"""Media of chosen files that were read on this machine: from the file itself, or from the zip it lies in."""

from collections.abc import Sequence

from webapp.engine.archive.queries import Archive
from webapp.engine.archive.rows import MediaRow
from webapp.engine.opened import NotInBackup
from webapp.engine.ports import BackupCipher, Data, Inflater, Source
from webapp.engine.readers.nested_zips import inner_zip
from webapp.engine.readers.signal.attachment import open_attachment, seal_from
from webapp.engine.readers.whatsapp_crypt.opened_source import OpenedSource
from webapp.engine.zip_index import DEFLATED, STORED, ZipMember, read_member, zip_members

LARGEST_MEMBER = 2 << 30
"""Bytes a medium in a zip may unpack to: it passes through memory."""


class LocalMedia:
    """Fetches media from the sources of a reading, in their order. With an inflater, what a zip holds passes through it
    instead of through Python's memory."""

    def __init__(
        self, archive: Archive, sources: Sequence[Source], cipher: BackupCipher, inflater: Inflater | None = None
    ) -> None:
        self._archive = archive
        self._sources = sources
        self._cipher = cipher
        self._inflater = inflater
        self._members: dict[tuple[int, str], tuple[Source, dict[str, ZipMember]]] = {}

    async def fetch(self, media: MediaRow) -> Data:
        """The bytes of a medium. Raises NotInBackup, SealBroken, SourceChanged, and the errors of zips."""
        if media.source is None or not 0 <= media.source < len(self._sources):
            raise NotInBackup
        source = self._sources[media.source]
        text = self._archive.seal(media.id)
        if text and not isinstance(source, OpenedSource):
            seal = seal_from(text)
            start, end = seal.range
            if media.member:
                data = read_member(*self._found(media.source, media.member), LARGEST_MEMBER)[start:end]
            else:
                data = source.read(start, end - start)
            return await open_attachment(seal, data, self._cipher)
        if not media.member:
            return await source.data(0, source.size)
        return await self._unpacked(*self._found(media.source, media.member))

    async def _unpacked(self, source: Source, member: ZipMember) -> Data:
        if self._inflater is None or member.encrypted or member.size > LARGEST_MEMBER:
            return read_member(source, member, LARGEST_MEMBER)
        if member.method == STORED:
            return await source.data(member.data_offset, member.size)
        if member.method == DEFLATED:
            packed = await source.data(member.data_offset, member.compressed_size)
            return await self._inflater.inflate(packed, member.size)
        return read_member(source, member, LARGEST_MEMBER)

    def _found(self, place: int, path: str) -> tuple[Source, ZipMember]:
        """The member of that path, in the zip itself or in a zip that lies in it."""
        source, members = self._zip(place, "")
        if path in members:
            return source, members[path]
        for name, outer in members.items():
            if path.startswith(f"{name}/"):
                inner, within = self._zip(place, name, source, outer)
                if (member := within.get(path[len(name) + 1 :])) is not None:
                    return inner, member
        raise NotInBackup

    def _zip(
        self, place: int, inner: str, outer: Source | None = None, member: ZipMember | None = None
    ) -> tuple[Source, dict[str, ZipMember]]:
        if (place, inner) not in self._members:
            source = self._sources[place] if outer is None or member is None else inner_zip(outer, member)
            self._members[place, inner] = (source, {found.path: found for found in zip_members(source)})
        return self._members[place, inner]
