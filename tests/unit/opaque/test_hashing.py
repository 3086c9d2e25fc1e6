"""HKDF, expand_message_xmd and the encodings."""

import pytest
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from hypothesis import given, settings
from hypothesis import strategies as st

from vault.opaque import InvalidInput, hashing


@settings(max_examples=50, deadline=None)
@given(key=st.binary(min_size=1, max_size=200), info=st.binary(max_size=200), length=st.integers(1, 400))
def test_expand_agrees_with_another_implementation(key: bytes, info: bytes, length: int) -> None:
    expected = HKDFExpand(algorithm=SHA512(), length=length, info=info).derive(key)
    assert hashing.expand(key, info, length) == expected


@settings(max_examples=20, deadline=None)
@given(salt=st.binary(max_size=200), material=st.binary(max_size=200))
def test_extract_then_expand_agrees_with_another_implementation(salt: bytes, material: bytes) -> None:
    expected = HKDF(algorithm=SHA512(), length=64, salt=salt, info=b"").derive(material)
    assert hashing.expand(hashing.extract(salt, material), b"", 64) == expected


@pytest.mark.parametrize("length", [0, -1, 255 * 64 + 1])
def test_a_length_hkdf_cannot_give_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="length"):
        hashing.expand(bytes(64), b"", length)


def test_a_longer_expanded_message_begins_differently() -> None:
    """The length is part of what is hashed (RFC 9380 §5.3.1), so no output is a prefix of another."""
    long = hashing.expand_message_xmd(b"message", b"tag", 200)
    assert len(long) == 200
    assert not long.startswith(hashing.expand_message_xmd(b"message", b"tag", 64))


@pytest.mark.parametrize(("tag", "length"), [(b"", 64), (bytes(256), 64), (b"tag", 0), (b"tag", 255 * 64 + 1)])
def test_a_tag_or_length_xmd_cannot_take_is_refused(tag: bytes, length: int) -> None:
    with pytest.raises(ValueError, match="cannot take"):
        hashing.expand_message_xmd(b"", tag, length)


def test_a_length_prefix_is_two_bytes_big_endian_and_refuses_more() -> None:
    assert hashing.length_prefixed(b"ab") == b"\x00\x02ab"
    assert hashing.length_prefixed(bytes(65_535))[:2] == b"\xff\xff"
    with pytest.raises(InvalidInput):
        hashing.length_prefixed(bytes(65_536))


def test_xor_keeps_leading_zeros_and_refuses_unequal_lengths() -> None:
    assert hashing.xor(b"\x00\x0f\xff", b"\x00\xf0\xff") == b"\x00\xff\x00"
    with pytest.raises(ValueError, match="equal"):
        hashing.xor(b"a", b"ab")
