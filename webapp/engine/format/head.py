"""The head of a safe: one digest that stands for its newest snapshot and, through it, for all before (docs/format.md).

    head = SHA-256("coffer/v1/snapshot-head" ‖ snapshot id ‖ SHA-256(manifest) ‖ SHA-256(sorted chunk ids)
                   ‖ previous head)

with 32 zero bytes for the previous head of a first snapshot.
"""

import hashlib
from collections.abc import Iterable

DOMAIN = b"coffer/v1/snapshot-head"
DIGEST_BYTES = 32


def id_list(identities: Iterable[bytes]) -> bytes:
    """The plain list the site needs for expiry and collection: distinct chunk ids, sorted, joined."""
    return b"".join(sorted(set(identities)))


def head_of(snapshot: bytes, manifest_sha256: bytes, ids: bytes, previous_head: bytes | None) -> bytes:
    """32 bytes; `ids` as `id_list` gives them."""
    return head_of_digests(snapshot, manifest_sha256, hashlib.sha256(ids).digest(), previous_head)


def head_of_digests(snapshot: bytes, manifest_sha256: bytes, ids_sha256: bytes, previous_head: bytes | None) -> bytes:
    """The same where only the list's digest is known."""
    previous = previous_head or bytes(DIGEST_BYTES)
    return hashlib.sha256(DOMAIN + snapshot + manifest_sha256 + ids_sha256 + previous).digest()
