"""Chunks that the site holds already: whose ciphertext we may believe, and how the others are looked at."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from .errors import ChunkDamaged, ManifestDamaged
from .format.chunk import open_chunk
from .format.manifest import ChunkRow
from .owner import Owner
from .ports import CryptoProvider
from .restore import fetch_manifest
from .site_client import SnapshotRow
from .store import SnapshotStore

OLDER_MANIFESTS = 16
"""So many are looked at before a chunk is fetched: a manifest is small beside what it names."""


class KnownChunks:
    """Rows of chunks that an earlier backup of this safe vouches for; what nobody does is fetched and opened."""

    def __init__(self, provider: CryptoProvider, site: SnapshotStore, owner: Owner) -> None:
        self._provider = provider
        self._site = site
        self._owner = owner
        self._rows: dict[bytes, ChunkRow] = {}
        self._older: AsyncIterator[Sequence[ChunkRow]] | None = None
        self._turn = asyncio.Lock()

    def trust(self, rows: Sequence[ChunkRow]) -> None:
        """Of an earlier manifest, or noted before they were sent."""
        self._rows.update((row.identity, row) for row in rows)

    def look_further(self, older: AsyncIterator[Sequence[ChunkRow]]) -> None:
        """Where to look for what nobody vouches for yet, before it is fetched."""
        self._older = older

    async def row(self, identity: bytes, content_size: int, digest: bytes) -> ChunkRow:
        """The row of a chunk that the site holds with this SHA-256. Raises ChunkDamaged, and what fetching raises."""
        async with self._turn:
            while not (found := self._believed(identity, digest)) and self._older is not None:
                rows = await anext(self._older, None)
                if rows is None:
                    self._older = None
                else:
                    # What is newer counts.
                    self._rows = {row.identity: row for row in rows} | self._rows
        if found:
            return found
        (sealed,) = await self._site.read_chunks(self._owner.safe, [identity])
        if await self._provider.sha256(sealed) != digest:
            raise ChunkDamaged
        await open_chunk(self._provider, self._owner.key, identity, sealed, content_size=content_size)
        row = ChunkRow(identity, content_size, len(sealed), digest)
        self._rows[identity] = row
        return row

    def _believed(self, identity: bytes, digest: bytes) -> ChunkRow | None:
        row = self._rows.get(identity)
        return row if row and row.sha256 == digest else None


async def older_rows(
    provider: CryptoProvider, site: SnapshotStore, owner: Owner, older: Sequence[SnapshotRow]
) -> AsyncIterator[Sequence[ChunkRow]]:
    """The chunk tables of these snapshots, one after another; one that does not open vouches for nothing."""
    for row in older[:OLDER_MANIFESTS]:
        try:
            manifest = await fetch_manifest(provider, site, owner, row)
        except ManifestDamaged:
            continue
        yield manifest.chunks
