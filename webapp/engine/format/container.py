"""Containers: one snapshot in one file (docs/format.md, "Container").

    container = "coffer-container" 16 ‖ key-check 16 ‖ length of the sealed head uint32 ‖ sealed head
                ‖ sealed manifest ‖ the ciphertexts of its chunks, in the order of the manifest's table
    head      = JSON; sealed under manifest-seal, associated data = "coffer/v1/container/" ‖ key-check

Nothing is sealed a second time: chunks and manifest stand as the site keeps them.
"""

import json
from dataclasses import dataclass

from ..crypto.keys import KEY_CHECK_BYTES, BackupKey
from ..crypto.seal import seal, sealed_size, unseal
from ..errors import CofferError, SealBroken
from ..ports import CryptoProvider, Data

MAGIC = b"coffer-container"
FORMAT = "coffer/v1/container"
ASSOCIATED_DATA = b"coffer/v1/container/"
PREFIX_BYTES = len(MAGIC) + KEY_CHECK_BYTES + 4
MOST_HEAD = 64 * 1024


class NotAContainer(CofferError):
    """The file does not begin like one."""

    code = "not_a_container"
    message = "This is not a backup file of Coffer."
    next_step = "Choose the file that “Download all as one file” saved; its name ends with .coffer."


class ContainerDamaged(CofferError):
    code = "container_damaged"
    message = "The beginning of this backup file is damaged."
    next_step = "Use another copy of it."


class ContainerCutShort(CofferError):
    """data: bytes, expected."""

    code = "container_cut_short"
    message = "The end of this backup file is missing."
    next_step = "Copy it once more from where it was saved first, and compare the sizes."


@dataclass(frozen=True, slots=True)
class ContainerHead:
    """safe, snapshot: 16 bytes; head: the snapshot's, 32; previous_head: 32 or None; manifest_bytes, bytes: sizes of
    the sealed manifest and of the whole file."""

    safe: bytes
    snapshot: bytes
    created: str
    head: bytes
    previous_head: bytes | None
    manifest_bytes: int
    bytes: int


def _encode(head: ContainerHead) -> bytes:
    value = {
        "format": FORMAT,
        "safe": head.safe.hex(),
        "snapshot": head.snapshot.hex(),
        "created": head.created,
        "head": head.head.hex(),
        "previous_head": head.previous_head.hex() if head.previous_head else None,
        "manifest_bytes": head.manifest_bytes,
        # As wide as the largest number, so that the head's own length does not depend on it.
        "bytes": f"{head.bytes:020}",
    }
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def _decode(plain: bytes) -> ContainerHead:
    try:
        value = json.loads(plain)
        if value["format"] != FORMAT:
            raise ContainerDamaged
        head = ContainerHead(
            safe=bytes.fromhex(value["safe"]),
            snapshot=bytes.fromhex(value["snapshot"]),
            created=str(value["created"]),
            head=bytes.fromhex(value["head"]),
            previous_head=bytes.fromhex(value["previous_head"]) if value["previous_head"] else None,
            manifest_bytes=int(value["manifest_bytes"]),
            bytes=int(value["bytes"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise ContainerDamaged from None
    if len(head.safe) != 16 or len(head.snapshot) != 16 or len(head.head) != 32 or head.manifest_bytes < 1:
        raise ContainerDamaged
    return head


def size_before_manifest(head: ContainerHead) -> int:
    """Where the sealed manifest begins."""
    return PREFIX_BYTES + sealed_size(len(_encode(head)))


async def seal_head(provider: CryptoProvider, key: BackupKey, head: ContainerHead) -> Data:
    """Everything that stands before the sealed manifest."""
    sealed = await seal(provider, key.manifest_seal, ASSOCIATED_DATA + key.key_check, _encode(head))
    return provider.join([MAGIC + key.key_check + len(sealed).to_bytes(4, "big"), sealed])


def parse_prefix(prefix: bytes) -> tuple[bytes, int]:
    """The first PREFIX_BYTES → (key-check, length of the sealed head). Raises NotAContainer, ContainerCutShort,
    ContainerDamaged."""
    if prefix[: len(MAGIC)] != MAGIC[: len(prefix)] or not prefix:
        raise NotAContainer
    if len(prefix) < PREFIX_BYTES:
        raise ContainerCutShort
    length = int.from_bytes(prefix[-4:], "big")
    if length > MOST_HEAD:
        raise ContainerDamaged
    return prefix[len(MAGIC) : -4], length


async def open_head(provider: CryptoProvider, key: BackupKey, sealed: Data) -> ContainerHead:
    """Raises ContainerDamaged. The caller has compared the key-check."""
    try:
        plain = await unseal(provider, key.manifest_seal, ASSOCIATED_DATA + key.key_check, sealed)
    except SealBroken:
        raise ContainerDamaged from None
    return _decode(provider.load(plain))
