"""Names of objects. Each carries the SHA-256 of its content, or a head that covers it."""

import re

_NAME = re.compile(
    r"[0-9a-f]{32}/(?:chunks/[0-9a-f]{2}/[0-9a-f]{64}\.[0-9a-f]{64}"
    r"|snapshots/[0-9a-f]{32}\.[0-9a-f]{64}\.(?:manifest|ids))"
)


def is_object_name(name: str) -> bool:
    """One of the three kinds below, letter for letter."""
    return _NAME.fullmatch(name) is not None


def chunk_name(safe: bytes, chunk_id: bytes, sha256: bytes) -> str:
    """256 folders a safe keep folders small: a million chunks are about 4,000 a folder."""
    text = chunk_id.hex()
    return f"{safe.hex()}/chunks/{text[:2]}/{text}.{sha256.hex()}"


def manifest_name(safe: bytes, snapshot: bytes, head: bytes) -> str:
    """The sealed manifest: the head covers its digest."""
    return f"{safe.hex()}/snapshots/{snapshot.hex()}.{head.hex()}.manifest"


def ids_name(safe: bytes, snapshot: bytes, head: bytes) -> str:
    """The sorted list of chunk ids: the head covers its digest."""
    return f"{safe.hex()}/snapshots/{snapshot.hex()}.{head.hex()}.ids"


def snapshot_names(safe: bytes, snapshot: bytes, head: bytes) -> list[str]:
    """All objects of one snapshot."""
    return [manifest_name(safe, snapshot, head), ids_name(safe, snapshot, head)]
