"""K, its derived keys, its digits, and the type that keeps it from being printed."""

import pickle

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from vault.wire.hkdf import hkdf_sha256
from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto.keys import BackupKey, prepare_password
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import KeyBadLetter, KeyOfAnotherSafe, KeyWrongLength
from webapp.engine.recovery_key import format_digits, key_file, parse_digits, require_key_of_safe

KEY = BackupKey(Secret(bytes(range(32))))
DIGITS = "0001 0203 0405 0607 0809 0a0b 0c0d 0e0f 1011 1213 1415 1617 1819 1a1b 1c1d 1e1f"


@given(st.binary(max_size=80), st.binary(max_size=80), st.binary(max_size=80), st.integers(1, 200))
def test_our_hkdf_equals_the_librarys(key: bytes, salt: bytes, info: bytes, length: int) -> None:
    theirs = HKDF(hashes.SHA256(), length, salt or None, info).derive(key)
    assert hkdf_sha256(key, salt=salt, info=info, length=length) == theirs


def test_every_derived_key_differs_from_every_other_and_from_k() -> None:
    derived = [KEY.chunk_name, KEY.chunk_seal, KEY.manifest_seal, KEY.owner_seed]
    values = {secret.expose() for secret in derived} | {KEY.secret.expose(), KEY.key_check}
    assert len(values) == 6


def test_the_digits_are_shown_in_sixteen_groups_of_four() -> None:
    assert format_digits(KEY) == DIGITS


@pytest.mark.parametrize(
    "typed",
    [
        DIGITS,
        DIGITS.upper(),
        DIGITS.replace(" ", ""),
        DIGITS.replace(" ", "-"),
        DIGITS.replace(" ", "–"),
        "  " + DIGITS.replace(" ", "\r\n") + "\n",
        "\ufeff" + DIGITS.replace(" ", "\u00a0"),
    ],
)
def test_a_key_may_be_typed_in_any_case_with_any_spacing(typed: str) -> None:
    assert parse_digits(typed).secret == KEY.secret


def test_a_wrong_letter_is_named_with_its_place() -> None:
    with pytest.raises(KeyBadLetter) as caught:
        parse_digits(DIGITS.replace("0405", "04o5"))
    assert caught.value.data == {"position": 11, "letter": "o"}


@pytest.mark.parametrize("cut", [1, 2, 32, 64])
def test_a_wrong_length_is_named_with_both_numbers(cut: int) -> None:
    with pytest.raises(KeyWrongLength) as caught:
        parse_digits(DIGITS.replace(" ", "")[:-cut])
    assert caught.value.data == {"expected": 64, "got": 64 - cut}


def test_a_saved_key_file_is_read_back_whole() -> None:
    name, text = key_file(KEY, site="coffer.example", date="2026-11-24")
    assert name == "coffer-key-2026-11-24.txt"
    assert parse_digits(text).secret == KEY.secret


def test_the_key_of_another_safe_is_told_before_any_download() -> None:
    require_key_of_safe(KEY, KEY.key_check)
    with pytest.raises(KeyOfAnotherSafe):
        require_key_of_safe(BackupKey.generate(NativeCrypto()), KEY.key_check)


def test_nothing_secret_is_printed() -> None:
    raw = KEY.secret.expose()
    for text in (repr(KEY), str(KEY.secret), f"{KEY.secret:>10}", repr(KEY.secret)):
        assert raw.hex() not in text
        assert "REDACTED" in text
    with pytest.raises(TypeError):
        pickle.dumps(KEY.secret)


def test_a_password_typed_on_another_keyboard_is_the_same_password() -> None:
    composed, decomposed = "caf\u00e9\u00a0noir", "cafe\u0301 noir"
    assert prepare_password(composed).expose() == prepare_password(decomposed).expose() == "café noir".encode()
    assert prepare_password(" x ").expose() == b" x "
