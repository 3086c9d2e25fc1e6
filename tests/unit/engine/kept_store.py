"""A store in memory: the engine's `SnapshotStore` without a site, for tests of what stands on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from vault.wire.owner_proof import Audience
from webapp.cli.crypto import NativeCrypto
from webapp.engine.format.head import head_of
from webapp.engine.format.manifest import ChunkRow
from webapp.engine.ports import Data
from webapp.engine.site_client import SealedChunk, SnapshotRow
from webapp.engine.site_life import Proof

BATCH = 16 << 20


@dataclass
class KeptStore:
    """chunks: id → ciphertext. It believes every proof."""

    audience = Audience.SITE
    chunks: dict[bytes, bytes] = field(default_factory=dict)
    manifests: dict[bytes, bytes] = field(default_factory=dict)
    rows: list[SnapshotRow] = field(default_factory=list)
    provider: NativeCrypto = field(default_factory=NativeCrypto)

    async def stored_digests(self, safe: bytes, identities: Sequence[bytes]) -> list[bytes | None]:
        found = [self.chunks.get(identity) for identity in identities]
        return [None if chunk is None else self.provider.sha256_now(chunk) for chunk in found]

    async def put_chunks(self, safe: bytes, chunks: list[SealedChunk]) -> list[bytes]:
        for chunk in chunks:
            self.chunks[chunk.identity] = self.provider.load(chunk.sealed)
        return [chunk.sha256 for chunk in chunks]

    async def read_chunks(self, safe: bytes, identities: Sequence[bytes]) -> list[Data]:
        found: list[Data] = []
        for identity in identities:
            if found and sum(map(len, found)) + len(self.chunks[identity]) > BATCH:
                break
            found.append(self.chunks[identity])
        return found

    def expect(self, chunks: Sequence[ChunkRow]) -> None: ...

    async def nonce(self) -> bytes:
        return bytes(32)

    async def commit(
        self, safe: bytes, snapshot: bytes, previous_head: bytes | None, manifest: Data, ids: bytes, proof: Proof
    ) -> None:
        sealed = self.provider.load(manifest)
        self.manifests[snapshot] = sealed
        head = head_of(snapshot, self.provider.sha256_now(sealed), ids, previous_head)
        row = SnapshotRow(snapshot, "2026-11-24T10:00:00Z", head, previous_head, len(ids) // 32, len(sealed))
        self.rows.insert(0, row)

    async def snapshots(self, safe: bytes) -> list[SnapshotRow]:
        return self.rows

    async def manifest(self, safe: bytes, snapshot: bytes) -> Data:
        return self.manifests[snapshot]
