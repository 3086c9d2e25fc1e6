"""The sealed stream: our bytes and Tink's are the same format, and nothing altered opens."""

import asyncio
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engine.oracle_tink import tink_open, tink_seal
from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto import seal as sealing
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import SealBroken

KEY = bytes(range(32))
AD = b"coffer/v1/chunk/" + bytes(32)
# Around every boundary: empty, one byte, the first segment's end, the second's, and some whole ones.
SIZES = [
    0,
    1,
    1000,
    sealing.FIRST_PLAINTEXT - 1,
    sealing.FIRST_PLAINTEXT,
    sealing.FIRST_PLAINTEXT + 1,
    sealing.FIRST_PLAINTEXT + sealing.NEXT_PLAINTEXT,
    sealing.FIRST_PLAINTEXT + sealing.NEXT_PLAINTEXT + 1,
    3 * 1024 * 1024 + 7,
]
provider = NativeCrypto()


def seal(plaintext: bytes, key: bytes = KEY, ad: bytes = AD) -> bytes:
    return bytes(asyncio.run(sealing.seal(provider, Secret(key), ad, plaintext)))


def unseal(sealed: bytes, key: bytes = KEY, ad: bytes = AD) -> bytes:
    return bytes(asyncio.run(sealing.unseal(provider, Secret(key), ad, sealed)))


@pytest.mark.parametrize("size", SIZES)
def test_tink_opens_what_we_seal(size: int) -> None:
    plaintext = os.urandom(size)
    assert tink_open(KEY, AD, seal(plaintext)) == plaintext


@pytest.mark.parametrize("size", SIZES)
def test_we_open_what_tink_seals(size: int) -> None:
    plaintext = os.urandom(size)
    assert unseal(tink_seal(KEY, AD, plaintext)) == plaintext


@pytest.mark.parametrize("size", SIZES)
def test_the_sealed_size_is_exact_both_ways(size: int) -> None:
    sealed = seal(bytes(size))
    assert len(sealed) == sealing.sealed_size(size)
    assert sealing.opened_size(len(sealed)) == size


@given(st.integers(0, 20_000_000))
def test_size_arithmetic_round_trips(size: int) -> None:
    assert sealing.opened_size(sealing.sealed_size(size)) == size


@given(st.integers(0, 3_000_000))
def test_a_size_that_no_sealing_gives_is_refused(size: int) -> None:
    try:
        plaintext = sealing.opened_size(size)
    except SealBroken:
        return
    assert sealing.sealed_size(plaintext) == size


def test_two_sealings_of_the_same_bytes_share_nothing() -> None:
    first, second = seal(b"same"), seal(b"same")
    assert first[1:40] != second[1:40]
    assert first[40:] != second[40:]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_altered_byte_is_refused(data: st.DataObject) -> None:
    sealed = bytearray(seal(os.urandom(sealing.FIRST_PLAINTEXT + 100)))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        unseal(bytes(sealed))


@pytest.mark.parametrize("kept", [0, 1, 39, 40, 55, 56, 1000, 512 * 1024, 512 * 1024 + 1])
def test_a_truncated_stream_is_refused(kept: int) -> None:
    with pytest.raises(SealBroken):
        unseal(seal(os.urandom(sealing.FIRST_PLAINTEXT + 100))[:kept])


def test_segments_in_another_order_are_refused() -> None:
    sealed = seal(os.urandom(sealing.FIRST_PLAINTEXT + 2 * sealing.NEXT_PLAINTEXT))
    size = sealing.SEGMENT_BYTES
    swapped = sealed[:size] + sealed[2 * size : 3 * size] + sealed[size : 2 * size] + sealed[3 * size :]
    with pytest.raises(SealBroken):
        unseal(swapped)


def test_another_key_or_other_associated_data_is_refused() -> None:
    sealed = seal(b"content")
    with pytest.raises(SealBroken):
        unseal(sealed, key=bytes(32))
    with pytest.raises(SealBroken):
        unseal(sealed, ad=AD + b"x")
