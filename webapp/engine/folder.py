"""A safe's snapshots in a folder of the person's own (docs/format.md, "A folder of one's own").

The same chunks, manifests and heads as on the site. Nobody keeps the folder honest but its owner's signatures: every
head is signed, names the one before it, and is written last.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from vault.wire.encoding import from_text, to_text
from vault.wire.owner_proof import NO_RECORD, Action, Audience, OwnerProof

from .crypto.keys import KEY_CHECK_BYTES, BackupKey
from .errors import ChunkDamaged, CofferError, KeyOfAnotherSafe, ManifestDamaged, SignatureInvalid, SiteRefused
from .format.head import head_of, head_of_digests
from .format.manifest import ChunkRow
from .owner import owner_public_key
from .ports import CryptoProvider, Data
from .site_client import BATCH_BYTES, ID_BYTES, SealedChunk, SnapshotRow
from .site_life import Proof

FORMAT = "coffer/v1/folder"
HEAD_FORMAT = "coffer/v1/folder-head"
SAFE_FILE = "coffer-safe.json"
CHUNKS = "chunks"
SNAPSHOTS = "snapshots"
NO_ACCOUNT = bytes(16)
"""A folder outlives every account: its proofs name none."""
LARGEST_JSON = 1 << 16
_CHUNK_NAME = re.compile(r"([0-9a-f]{64})\.([0-9a-f]{64})\.([0-9]{1,8})")
_HEAD_NAME = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{64})\.json")


class NotACofferFolder(CofferError):
    """The chosen folder holds no backups of this safe."""

    code = "folder_without_backups"
    message = "This folder holds no backups of this safe."
    next_step = "Choose the folder that you backed up into, or the one above it."


class FolderUnreachable(CofferError):
    """The folder cannot be read or written: it is gone, or the permission ended."""

    code = "folder_unreachable"
    message = "The folder can no longer be reached."
    next_step = "Choose it again, then retry: what was written is kept."


class FileNotThere(CofferError):
    """A part of a backup is not in the folder (on this device), or not whole."""

    code = "folder_file_missing"
    message = "A part of this backup is not in the folder, or not whole yet."
    next_step = "Wait until the folder has been synced to this device, then try again."


class FolderAccess(Protocol):
    """Files below one folder, by paths with "/". Raises FolderUnreachable, DiskFull."""

    async def names(self, folder: str) -> list[str]:
        """The files in it; none where there is no such folder."""
        ...

    async def size(self, path: str) -> int | None:
        """Bytes, None where there is no such file."""
        ...

    async def read(self, path: str) -> Data:
        """Raises FileNotThere."""
        ...

    async def write(self, path: str, data: Data) -> None:
        """All of it, or nothing under that name; folders on the way are made."""
        ...


def folder_of(safe: bytes) -> str:
    """The folder's name within the chosen one, which may hold anything else, other safes too."""
    return f"Coffer {safe.hex()[:8]}/"


async def open_folder(
    provider: CryptoProvider, access: FolderAccess, safe: bytes, key: BackupKey, *, make: bool
) -> "FolderStore":
    """The store in the chosen folder: in the folder itself, or in the one that `folder_of` names.

    Raises NotACofferFolder where there is none and `make` is false, KeyOfAnotherSafe, FolderUnreachable.
    """
    for base in ("", folder_of(safe)):
        described = await _described(provider, access, base + SAFE_FILE)
        if described is None or described.get("safe") != safe.hex():
            continue
        if described.get("key_check") != to_text(key.key_check):
            raise KeyOfAnotherSafe
        return FolderStore(provider, access, base, safe, key)
    if not make:
        raise NotACofferFolder
    base = folder_of(safe)
    text = {"format": FORMAT, "safe": safe.hex(), "key_check": to_text(key.key_check)}
    await access.write(base + SAFE_FILE, provider.join([json.dumps(text, indent=1).encode()]))
    return FolderStore(provider, access, base, safe, key)


async def safe_of_folder(provider: CryptoProvider, access: FolderAccess) -> tuple[bytes, bytes]:
    """(safe 16 bytes, key-check 16 bytes) that the folder itself says it holds: for a reader that has the key alone.

    Raises NotACofferFolder.
    """
    described = await _described(provider, access, SAFE_FILE)
    try:
        if described is None:
            raise NotACofferFolder
        safe = bytes.fromhex(described["safe"])
        if len(safe) != len(NO_ACCOUNT):
            raise NotACofferFolder
        return safe, from_text(described["key_check"], KEY_CHECK_BYTES)
    except (ValueError, KeyError, TypeError):
        raise NotACofferFolder from None


async def _described(provider: CryptoProvider, access: FolderAccess, path: str) -> dict[str, Any] | None:
    size = await access.size(path)
    if size is None or size > LARGEST_JSON:
        return None
    try:
        value = json.loads(provider.load(await access.read(path)))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and value.get("format") == FORMAT else None


@dataclass(frozen=True, slots=True)
class _Head:
    """A signed head as it stands in its file, with the name of its files."""

    stem: str
    row: SnapshotRow
    manifest_sha256: bytes
    ids_sha256: bytes


class FolderStore:
    """`SnapshotStore` over a folder. `refused`: how many heads in it the owner has not signed; they are left out."""

    audience: Audience = Audience.FOLDER

    def __init__(self, provider: CryptoProvider, access: FolderAccess, base: str, safe: bytes, key: BackupKey) -> None:
        self._provider = provider
        self._access = access
        self._base = base
        self._safe = safe
        self._public = owner_public_key(provider, key)
        self._known: dict[str, dict[bytes, list[tuple[bytes, int]]]] = {}
        self._expected: dict[bytes, bytes] = {}
        self.refused = 0

    async def stored_digests(self, safe: bytes, identities: Sequence[bytes]) -> list[bytes | None]:
        """A file counts when it has the size in its name: a sync that stopped half way leaves shorter ones."""
        self._require(safe)
        return [found[0] if (found := await self._find(identity)) else None for identity in identities]

    async def put_chunks(self, safe: bytes, chunks: list[SealedChunk]) -> list[bytes]:
        self._require(safe)
        digests: list[bytes] = []
        while chunks:
            identity, sealed, digest = chunks.pop(0)
            found = await self._find(identity)
            if found is None:
                await self._access.write(self._chunk_path(identity, digest, len(sealed)), sealed)
                (await self._index(identity)).setdefault(identity, []).append((digest, len(sealed)))
            digests.append(found[0] if found else digest)
        return digests

    async def read_chunks(self, safe: bytes, identities: Sequence[bytes]) -> list[Data]:
        self._require(safe)
        chunks: list[Data] = []
        size = 0
        for identity in identities:
            found = await self._find(identity)
            if found is None:
                if chunks:
                    break
                raise FileNotThere
            if chunks and size + found[1] > BATCH_BYTES:
                break
            chunks.append(await self._access.read(self._chunk_path(identity, *found)))
            size += found[1]
        if len(chunks[0]) == 0:
            raise ChunkDamaged
        return chunks

    def expect(self, chunks: Sequence[ChunkRow]) -> None:
        self._expected = {row.identity: row.sha256 for row in chunks}

    async def nonce(self) -> bytes:
        return self._provider.random_bytes(32)

    async def commit(
        self, safe: bytes, snapshot: bytes, previous_head: bytes | None, manifest: Data, ids: bytes, proof: Proof
    ) -> None:
        self._require(safe)
        manifest_digest = hashlib.sha256(self._provider.load(manifest)).digest()
        head = head_of(snapshot, manifest_digest, ids, previous_head)
        rows = await self.snapshots(safe)
        if any(row.head == head for row in rows):
            return
        newest = rows[0].head if rows else None
        if newest != previous_head:
            raise SiteRefused(code="head_moved", data={"head": newest.hex() if newest else None})
        found = [await self._find(ids[at : at + ID_BYTES]) for at in range(0, len(ids), ID_BYTES)]
        there = [one for one in found if one is not None]
        if len(there) != len(found):
            raise SiteRefused(code="chunks_missing", data={"count": len(found) - len(there)})
        stem = f"{self._base}{SNAPSHOTS}/{snapshot.hex()}.{head.hex()}"
        text = {
            "format": HEAD_FORMAT,
            "safe": safe.hex(),
            "snapshot": snapshot.hex(),
            "head": head.hex(),
            "previous_head": previous_head.hex() if previous_head else None,
            "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "manifest_sha256": manifest_digest.hex(),
            "ids_sha256": hashlib.sha256(ids).hexdigest(),
            "chunks": len(found),
            "bytes": sum(size for _, size in there) + len(manifest),
            "proof": proof.to_json(),
        }
        # The head last: without it the other two are nothing.
        await self._access.write(f"{stem}.manifest", manifest)
        await self._access.write(f"{stem}.ids", self._provider.join([ids]))
        await self._access.write(f"{stem}.json", self._provider.join([json.dumps(text, indent=1).encode()]))

    async def snapshots(self, safe: bytes) -> list[SnapshotRow]:
        """Newest first: no head stands above one that follows it, whatever the clocks of the devices said."""
        self._require(safe)
        return _newest_first([head.row for head in await self._heads()])

    async def manifest(self, safe: bytes, snapshot: bytes) -> Data:
        self._require(safe)
        for head in await self._heads():
            if head.row.snapshot == snapshot:
                sealed = await self._access.read(f"{self._base}{SNAPSHOTS}/{head.stem}.manifest")
                if await self._provider.sha256(sealed) != head.manifest_sha256:
                    raise ManifestDamaged
                return sealed
        raise FileNotThere

    async def _heads(self) -> list[_Head]:
        heads: list[_Head] = []
        self.refused = 0
        for name in sorted(await self._access.names(self._base + SNAPSHOTS)):
            if not _HEAD_NAME.fullmatch(name):
                continue
            try:
                heads.append(await self._head(name))
            except (ValueError, KeyError, TypeError, OverflowError, RecursionError, SignatureInvalid):
                self.refused += 1
        return heads

    async def _head(self, name: str) -> _Head:
        """For whatever the owner has not signed raises SignatureInvalid, ValueError, KeyError, TypeError,
        OverflowError, RecursionError."""
        path = f"{self._base}{SNAPSHOTS}/{name}"
        if (await self._access.size(path) or 0) > LARGEST_JSON:
            raise ValueError("larger than any head")
        value = json.loads(self._provider.load(await self._access.read(path)))
        previous = value["previous_head"]
        row = SnapshotRow(
            snapshot=bytes.fromhex(value["snapshot"]),
            created=str(value["created"]),
            head=bytes.fromhex(value["head"]),
            previous_head=bytes.fromhex(previous) if previous else None,
            chunks=int(value["chunks"]),
            size=int(value["bytes"]),
        )
        manifest, ids = bytes.fromhex(value["manifest_sha256"]), bytes.fromhex(value["ids_sha256"])
        stem = name.removesuffix(".json")
        if value["format"] != HEAD_FORMAT or stem != f"{row.snapshot.hex()}.{row.head.hex()}" or len(ids) != 32:
            raise ValueError("not a head of this name")
        # The signature covers the head alone: the rest is the owner's only where the head is made of it.
        if head_of_digests(row.snapshot, manifest, ids, row.previous_head) != row.head:
            raise ValueError("not what this head stands for")
        nonce, signature = from_text(value["proof"]["nonce"], 32), from_text(value["proof"]["signature"], 64)
        statement = OwnerProof(
            Audience.FOLDER, Action.COMMIT_SNAPSHOT, NO_ACCOUNT, self._safe, row.head, nonce, NO_RECORD, 0
        )
        self._provider.ed25519_verify(self._public, statement.message(), signature)
        return _Head(stem, row, manifest, ids)

    async def _find(self, identity: bytes) -> tuple[bytes, int] | None:
        """(digest, size) of the file that counts for a chunk: the expected one, else the first that is whole."""
        versions = (await self._index(identity)).get(identity, ())
        expected = self._expected.get(identity)
        for digest, size in sorted(versions, key=lambda version: (version[0] != expected, version)):
            if await self._access.size(self._chunk_path(identity, digest, size)) == size:
                return digest, size
        return None

    async def _index(self, identity: bytes) -> dict[bytes, list[tuple[bytes, int]]]:
        """The chunk files beside this one, listed once."""
        folder = identity.hex()[:2]
        if folder not in self._known:
            index: dict[bytes, list[tuple[bytes, int]]] = {}
            for name in await self._access.names(f"{self._base}{CHUNKS}/{folder}"):
                if match := _CHUNK_NAME.fullmatch(name):
                    index.setdefault(bytes.fromhex(match[1]), []).append((bytes.fromhex(match[2]), int(match[3])))
            self._known[folder] = index
        return self._known[folder]

    def _chunk_path(self, identity: bytes, digest: bytes, size: int) -> str:
        name = identity.hex()
        return f"{self._base}{CHUNKS}/{name[:2]}/{name}.{digest.hex()}.{size}"

    def _require(self, safe: bytes) -> None:
        if safe != self._safe:
            raise NotACofferFolder


def _newest_first(rows: Sequence[SnapshotRow]) -> list[SnapshotRow]:
    left = {row.head: row for row in rows}
    ordered: list[SnapshotRow] = []
    while left:
        followed = {row.previous_head for row in left.values()}
        # A circle cannot be signed into being (a head covers the one before it), so there is always an end.
        ends = [row for row in left.values() if row.head not in followed]
        newest = max(ends, key=lambda row: (row.created, row.head))
        ordered.append(newest)
        del left[newest.head]
    return ordered
