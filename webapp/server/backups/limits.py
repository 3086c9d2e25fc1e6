"""How much one request, one safe and one account may hold. Sizes in bytes, times in seconds."""

from django.conf import settings

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

CHUNK_BYTES = 9 * MIB
"""The largest sealed chunk: 8 MiB of content, its padding, header and tags, with room to spare."""

BATCH_BYTES = 16 * MIB
"""What a batch of chunks aims at; one more chunk may go over it."""

BATCH_CHUNKS = 4_096
"""Chunks in one upload: each is one object, so tiny ones are limited by number."""

ID_LIST_ENTRIES = 16_384
"""Chunk ids in one question."""

JSON_BYTES = 8 * KIB
"""Any JSON body, and the JSON head of a commit."""

SNAPSHOT_CHUNKS = 2_000_000
"""Chunk ids of one snapshot."""

MANIFEST_BYTES = 128 * MIB
"""The largest sealed manifest."""

PIECE_BYTES = 256 * KIB
"""How much of a body or an object is in memory at once."""

DRAIN_BYTES = 32 * MIB
"""How much unread body is taken in after a refusal, so that the reply arrives instead of a broken connection."""

CREDENTIAL_BYTES = 1_023
"""The longest credential id that WebAuthn allows."""

WRAPPED_KEY_BYTES = 60
"""K wrapped: nonce 12, ciphertext 32, tag 16."""

NAME_LETTERS = 64
PASSKEYS = 16
"""Passkeys of one safe."""

SAFES = 16
"""Safes one account may make."""

TICKETS_PER_MINUTE = 60
"""Account tickets one account may ask for in a minute."""

NONCE_SECONDS = 300
LIVE_NONCES = 64
"""Unspent nonces one account may hold."""


def quota_bytes() -> int:
    """What one account may store, where nothing else was set for it."""
    return int(settings.COFFER_QUOTA_BYTES)


def expiry_days() -> int:
    """After how many days without use a backup goes into the trash; 0: never."""
    return int(settings.BACKUP_EXPIRY_DAYS)
