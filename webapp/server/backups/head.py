"""The head of a safe: one digest that names a snapshot, its content, and everything before it (docs/format.md)."""

import hashlib

DOMAIN = b"coffer/v1/snapshot-head"
NO_HEAD = bytes(32)


def snapshot_head(snapshot: bytes, manifest_sha256: bytes, ids_sha256: bytes, previous_head: bytes | None) -> bytes:
    """SHA-256 (32 bytes) over domain, snapshot id (16), both digests and the previous head (32 each; zeros for none).

    Every part has a fixed length, so no separator is needed. Raises ValueError for another length.
    """
    previous = NO_HEAD if previous_head is None else previous_head
    for name, value, length in (
        ("snapshot", snapshot, 16),
        ("manifest digest", manifest_sha256, 32),
        ("id-list digest", ids_sha256, 32),
        ("previous head", previous, 32),
    ):
        if len(value) != length:
            raise ValueError(f"{name} is not {length} bytes")
    return hashlib.sha256(DOMAIN + snapshot + manifest_sha256 + ids_sha256 + previous).digest()
