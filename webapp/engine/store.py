"""Where the snapshots of a safe are kept: the site (`SiteClient`) or a folder of the person's own (`FolderStore`).

Backing up and restoring know this port alone.
"""

from collections.abc import Sequence
from typing import Protocol

from vault.wire.owner_proof import Audience

from .format.manifest import ChunkRow
from .ports import Data
from .site_client import SealedChunk, SnapshotRow
from .site_life import Proof


class SnapshotStore(Protocol):
    """Sealed bytes by name. Ids and digests are 32 bytes, snapshots and safes 16.

    audience: whom a commit's owner proof is made for, so that a proof for one store is worthless to the other.
    """

    @property
    def audience(self) -> Audience: ...

    async def stored_digests(self, safe: bytes, identities: Sequence[bytes]) -> list[bytes | None]:
        """For each chunk id the SHA-256 of the ciphertext that is there whole, or None."""
        ...

    async def put_chunks(self, safe: bytes, chunks: list[SealedChunk]) -> list[bytes]:
        """Stores them; → for each the SHA-256 of what counts for its id now. Empties the list."""
        ...

    async def read_chunks(self, safe: bytes, identities: Sequence[bytes]) -> list[Data]:
        """The ciphertexts of the first of these ids: at least one."""
        ...

    def expect(self, chunks: Sequence[ChunkRow]) -> None:
        """Which ciphertexts the manifest being read names, for a store that may hold several of one id."""
        ...

    async def nonce(self) -> bytes:
        """32 bytes for one owner proof."""
        ...

    async def commit(
        self, safe: bytes, snapshot: bytes, previous_head: bytes | None, manifest: Data, ids: bytes, proof: Proof
    ) -> None:
        """One step: afterwards the snapshot is there or is not. Raises SiteRefused head_moved, chunks_missing."""
        ...

    async def snapshots(self, safe: bytes) -> list[SnapshotRow]:
        """Newest first."""
        ...

    async def manifest(self, safe: bytes, snapshot: bytes) -> Data: ...
