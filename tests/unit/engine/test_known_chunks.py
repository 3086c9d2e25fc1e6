"""What the site holds already is believed only as the very ciphertext that somebody vouched for."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence

import pytest

from tests.unit.engine.format_vector import backup_key
from webapp.cli.crypto import NativeCrypto
from webapp.engine.errors import ChunkDamaged
from webapp.engine.format.chunk import chunk_id, seal_chunk
from webapp.engine.format.manifest import ChunkRow
from webapp.engine.known_chunks import KnownChunks
from webapp.engine.owner import Owner

PROVIDER = NativeCrypto()
OWNER = Owner(bytes(16), bytes(16), backup_key())
CONTENT = b"a chat of last year"
IDENTITY = asyncio.run(chunk_id(PROVIDER, OWNER.key, CONTENT))


def sealed() -> bytes:
    """The same content has another ciphertext each time."""
    return bytes(asyncio.run(seal_chunk(PROVIDER, OWNER.key, IDENTITY, CONTENT, compress=False)))  # type: ignore[call-overload]


def row_of(ciphertext: bytes) -> ChunkRow:
    return ChunkRow(IDENTITY, len(CONTENT), len(ciphertext), hashlib.sha256(ciphertext).digest())


class Site:
    """Holds one ciphertext, and counts how often it is fetched."""

    def __init__(self, ciphertext: bytes) -> None:
        self.ciphertext = ciphertext
        self.fetched = 0

    async def read_chunks(self, safe: bytes, identities: Sequence[bytes]) -> list[bytes]:
        assert list(identities) == [IDENTITY]
        self.fetched += 1
        return [self.ciphertext]


async def older(*tables: list[ChunkRow]) -> AsyncIterator[Sequence[ChunkRow]]:
    for table in tables:
        yield table


def known(site: Site) -> KnownChunks:
    return KnownChunks(PROVIDER, site, OWNER)  # type: ignore[arg-type]


def ask(chunks: KnownChunks, ciphertext: bytes) -> ChunkRow:
    return asyncio.run(chunks.row(IDENTITY, len(CONTENT), hashlib.sha256(ciphertext).digest()))


def test_the_ciphertext_that_was_vouched_for_is_believed() -> None:
    site = Site(sealed())
    chunks = known(site)
    chunks.trust([row_of(site.ciphertext)])
    assert (ask(chunks, site.ciphertext), site.fetched) == (row_of(site.ciphertext), 0)


def test_another_one_of_the_same_name_is_opened_first() -> None:
    site = Site(sealed())
    chunks = known(site)
    chunks.trust([row_of(sealed())])
    assert (ask(chunks, site.ciphertext), site.fetched) == (row_of(site.ciphertext), 1)
    assert (ask(chunks, site.ciphertext), site.fetched) == (row_of(site.ciphertext), 1)


def test_an_older_backup_vouches_for_its_own_ciphertext_alone() -> None:
    site = Site(sealed())
    chunks = known(site)
    chunks.look_further(older([row_of(sealed())], [row_of(site.ciphertext)]))
    ask(chunks, site.ciphertext)
    # What is newer counts: of two ciphertexts of one name, the one that an older table has is looked at again.
    assert site.fetched == 1
    alone = known(site)
    alone.look_further(older([], [row_of(site.ciphertext)]))
    assert (ask(alone, site.ciphertext), site.fetched) == (row_of(site.ciphertext), 1)


def test_what_does_not_open_is_never_believed() -> None:
    good = sealed()
    site = Site(good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(ChunkDamaged):
        ask(known(site), site.ciphertext)


def test_another_ciphertext_than_the_one_that_was_told_is_refused() -> None:
    """It would open; but the manifest would name the digest of a third."""
    with pytest.raises(ChunkDamaged):
        ask(known(Site(sealed())), sealed())
