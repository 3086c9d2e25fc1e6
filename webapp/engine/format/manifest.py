"""Manifests: the sealed description of a snapshot (docs/format.md, "Manifest").

    frame  = uint32 length of the JSON ‖ JSON ‖ chunk table, zstd-compressed, with its length, padded (Padmé)
    sealed = seal(manifest-seal, associated data = "coffer/v1/manifest/" ‖ snapshot id, frame)

The chunk table has one row a chunk: id 32 ‖ content size uint32 ‖ ciphertext size uint32 ‖ ciphertext SHA-256 32.
"""

import json
import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..crypto.keys import BackupKey
from ..crypto.seal import seal, unseal
from ..errors import ManifestDamaged, SealBroken
from ..ports import CryptoProvider, Data
from .padding import padded_size
from .pieces import Piece

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FORMAT = "coffer/v1/manifest"
ASSOCIATED_DATA = b"coffer/v1/manifest/"
ROW_BYTES = 72
MAX_PLAINTEXT = 256 * 1024 * 1024
LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """identity: 32 bytes; sizes in bytes; sha256: of the ciphertext, 32 bytes."""

    identity: bytes
    content_size: int
    sealed_size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a zip: its path, how it is compressed (0 stored, 8 deflate), where its bytes stand in the zip."""

    path: str
    method: int
    offset: int
    compressed_size: int
    size: int
    crc32: int


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """One original file. modified: Unix seconds or None; the pieces cover it from first byte to last."""

    path: str
    size: int
    modified: float | None
    pieces: tuple[Piece, ...]
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """snapshot, safe: 16 bytes; created: ISO 8601 UTC; previous_head: 32 bytes or None; counts: chats,
    messages, media.
    """

    snapshot: bytes
    safe: bytes
    created: str
    previous_head: bytes | None
    source: str
    counts: dict[str, int]
    files: tuple[ManifestFile, ...]
    archive: dict[str, ManifestFile]
    chunks: tuple[ChunkRow, ...]
    notes: dict[str, Any] = field(default_factory=dict)


def _file_to_json(file: ManifestFile) -> dict[str, Any]:
    return {
        "path": file.path,
        "size": file.size,
        "modified": file.modified,
        "pieces": [[piece.chunk, piece.offset, piece.length] for piece in file.pieces],
        "members": [[m.path, m.method, m.offset, m.compressed_size, m.size, m.crc32] for m in file.members],
    }


def _file_from_json(value: dict[str, Any], chunks: tuple[ChunkRow, ...]) -> ManifestFile:
    pieces = tuple(Piece(int(chunk), int(offset), int(length)) for chunk, offset, length in value["pieces"])
    for piece in pieces:
        if not (0 <= piece.chunk < len(chunks) and piece.offset >= 0 and piece.length > 0):
            raise ManifestDamaged
        if piece.offset + piece.length > chunks[piece.chunk].content_size:
            raise ManifestDamaged
    if sum(piece.length for piece in pieces) != value["size"]:
        raise ManifestDamaged
    modified = None if value["modified"] is None else float(value["modified"])
    if modified is not None and not math.isfinite(modified):
        raise ManifestDamaged
    return ManifestFile(
        path=str(value["path"]),
        size=int(value["size"]),
        modified=modified,
        pieces=pieces,
        members=tuple(Member(str(row[0]), *(int(cell) for cell in row[1:6])) for row in value["members"]),
    )


def encode_rows(rows: Iterable[ChunkRow]) -> bytes:
    """The chunk table."""
    return b"".join(
        row.identity + row.content_size.to_bytes(4, "big") + row.sealed_size.to_bytes(4, "big") + row.sha256
        for row in rows
    )


def decode_rows(table: bytes) -> tuple[ChunkRow, ...]:
    """Whole rows; the caller has looked at the length."""
    return tuple(
        ChunkRow(
            table[at : at + 32],
            int.from_bytes(table[at + 32 : at + 36], "big"),
            int.from_bytes(table[at + 36 : at + 40], "big"),
            table[at + 40 : at + 72],
        )
        for at in range(0, len(table), ROW_BYTES)
    )


def encode(manifest: Manifest) -> bytes:
    """Manifest → the bytes before compression."""
    head = {
        "format": FORMAT,
        "snapshot": manifest.snapshot.hex(),
        "safe": manifest.safe.hex(),
        "created": manifest.created,
        "previous_head": manifest.previous_head.hex() if manifest.previous_head else None,
        "source": manifest.source,
        "counts": manifest.counts,
        "files": [_file_to_json(file) for file in manifest.files],
        "archive": {role: _file_to_json(file) for role, file in manifest.archive.items()},
        "notes": manifest.notes,
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8")
    table = encode_rows(manifest.chunks)
    return len(text).to_bytes(LENGTH_BYTES, "big") + text + table


def decode(value: bytes) -> Manifest:
    """The bytes after decompression → Manifest. Raises ManifestDamaged for anything that does not fit together."""
    try:
        end = LENGTH_BYTES + int.from_bytes(value[:LENGTH_BYTES], "big")
        head = json.loads(value[LENGTH_BYTES:end])
        table = value[end:]
        if head["format"] != FORMAT or len(table) % ROW_BYTES:
            raise ManifestDamaged
        chunks = decode_rows(table)
        return Manifest(
            snapshot=bytes.fromhex(head["snapshot"]),
            safe=bytes.fromhex(head["safe"]),
            created=str(head["created"]),
            previous_head=bytes.fromhex(head["previous_head"]) if head["previous_head"] else None,
            source=str(head["source"]),
            counts={str(name): int(count) for name, count in head["counts"].items()},
            files=tuple(_file_from_json(file, chunks) for file in head["files"]),
            archive={str(role): _file_from_json(file, chunks) for role, file in head["archive"].items()},
            chunks=chunks,
            notes=dict(head["notes"]),
        )
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, RecursionError) as error:
        raise ManifestDamaged from error


async def seal_manifest(provider: CryptoProvider, key: BackupKey, manifest: Manifest) -> Data:
    """Manifest → ciphertext."""
    compressed = zstd.compress(encode(manifest), 9)
    size = LENGTH_BYTES + len(compressed)
    frame = len(compressed).to_bytes(LENGTH_BYTES, "big") + compressed
    padded = provider.join([frame], padding=padded_size(size) - size)
    return await seal(provider, key.manifest_seal, ASSOCIATED_DATA + manifest.snapshot, padded)


async def open_manifest(
    provider: CryptoProvider, key: BackupKey, safe: bytes, snapshot: bytes, sealed: Data
) -> Manifest:
    """Ciphertext → the manifest of exactly this safe's snapshot. Raises ManifestDamaged."""
    try:
        frame = provider.load(await unseal(provider, key.manifest_seal, ASSOCIATED_DATA + snapshot, sealed))
    except SealBroken as error:
        raise ManifestDamaged from error
    end = LENGTH_BYTES + int.from_bytes(frame[:LENGTH_BYTES], "big")
    if padded_size(end) != len(frame):
        raise ManifestDamaged
    decompressor = zstd.ZstdDecompressor()
    try:
        value = decompressor.decompress(frame[LENGTH_BYTES:end], max_length=MAX_PLAINTEXT)
    except zstd.ZstdError as error:
        raise ManifestDamaged from error
    if not decompressor.eof:
        raise ManifestDamaged
    manifest = decode(value)
    if manifest.snapshot != snapshot or manifest.safe != safe:
        raise ManifestDamaged
    return manifest
