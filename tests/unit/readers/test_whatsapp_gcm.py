"""AES-GCM taken apart: the tag from pieces, and counters that wrap around, beside a library's."""

import asyncio

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from tests.fixtures_crypt import Quiet
from tests.fixtures_export import MemorySource
from webapp.cli.crypto import NativeCrypto
from webapp.engine.readers.whatsapp_crypt.gcm import (
    TagFromPieces,
    counter_at,
    first_counter,
    hash_key,
    multiply,
    power,
    start_block,
)

KEY = bytes(range(32))
NONCE = bytes(range(100, 116))
SMALL = bytes(12)
CIPHER = NativeCrypto()


def encrypted(block: bytes) -> bytes:
    return asyncio.run(CIPHER.aes_ctr_streams(KEY, [block], 16))


def nonce_near_the_wrap() -> bytes:
    """A nonce whose counter wraps around within the first megabyte."""
    for number in range(1 << 20):
        nonce = number.to_bytes(16, "big")
        if int.from_bytes(start_block(H, nonce)[12:], "big") > (1 << 32) - (1 << 16):
            return nonce
    raise AssertionError("one in 65,536 has it")


H = asyncio.run(hash_key(CIPHER, KEY))


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 160, 999])
@pytest.mark.parametrize("piece", [16, 48, 1024])
def test_the_tag_put_together_from_pieces_is_the_librarys(size: int, piece: int) -> None:
    sealed = AESGCM(KEY).encrypt(NONCE, bytes(n % 251 for n in range(size)), None)
    whole = TagFromPieces(H, encrypted(SMALL + b"\0\0\0\1"))
    for start in range(0, size, piece):
        part = sealed[start : min(start + piece, size)]
        whole.add(AESGCM(KEY).encrypt(SMALL, b"", part), len(part))
    assert whole.tag(encrypted(start_block(H, NONCE))) == sealed[-16:]


def test_the_first_counter_opens_the_beginning() -> None:
    sealed = AESGCM(KEY).encrypt(NONCE, b"the very beginning", None)
    counter = asyncio.run(first_counter(CIPHER, KEY, NONCE))
    assert Cipher(AES(KEY), CTR(counter)).encryptor().update(sealed[:-16]) == b"the very beginning"


def test_the_field_has_its_one_and_its_inverses() -> None:
    assert multiply(H, 1 << 127) == H
    assert multiply(H, power(H, (1 << 128) - 2)) == 1 << 127


def test_where_the_counter_wraps_around_a_file_still_opens() -> None:
    nonce = nonce_near_the_wrap()
    plain = bytes(range(256)) * 8192
    sealed = AESGCM(KEY).encrypt(nonce, plain, None)
    source = MemorySource("m", sealed)
    counter = asyncio.run(first_counter(CIPHER, KEY, nonce))
    loose = asyncio.run(CIPHER.open_unverified(KEY, counter, source, 0, len(plain), Quiet()))
    assert loose.read(0, len(plain)) == plain
    assert counter_at(start_block(H, nonce), (1 << 32) - 1) == start_block(H, nonce)
