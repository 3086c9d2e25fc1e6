"""K wrapped for a passkey: only the same passkey, account, safe and key-check open it, and nothing else is K."""

import asyncio
import secrets
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto.keys import BackupKey
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import PasskeyDoesNotOpen
from webapp.engine.format import passkey as wire
from webapp.server.backups import passkey_statement

KEY = BackupKey(Secret(bytes(range(32))))
PRF = Secret(bytes(range(32, 64)))
BOUND = {"account": b"a" * 16, "safe": b"s" * 16, "credential": b"credential"}


def wrapped(key: BackupKey = KEY) -> bytes:
    return asyncio.run(wire.wrap(NativeCrypto(), PRF, key, **BOUND))


def opened(value: bytes, prf: Secret = PRF, **other: Any) -> BackupKey:
    bound = {**BOUND, "key_check": KEY.key_check} | other
    return asyncio.run(wire.unwrap(NativeCrypto(), prf, value, **bound))


def test_the_same_passkey_gives_k_back() -> None:
    assert opened(wrapped()).secret == KEY.secret


def test_the_library_opens_it_by_the_written_format() -> None:
    value = wrapped()
    key = HKDF(hashes.SHA256(), 32, None, b"coffer/v1/passkey-wrap" + b"credential").derive(PRF.expose())
    ad = b"a" * 16 + b"s" * 16 + b"credential" + KEY.key_check
    assert AESGCM(key).decrypt(value[:12], value[12:], ad) == bytes(range(32))


def test_it_is_sixty_bytes_and_never_twice_the_same() -> None:
    first, second = wrapped(), wrapped()
    assert len(first) == len(second) == wire.WRAPPED_BYTES == 60
    assert first[:12] != second[:12]
    assert first[12:] != second[12:]


OTHERS: dict[str, dict[str, Any]] = {
    "another account": {"account": b"b" * 16},
    "another safe": {"safe": b"t" * 16},
    "another credential": {"credential": b"credentia"},
    "another key-check": {"key_check": bytes(16)},
    "another passkey": {"prf": Secret(bytes(32))},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_it_opens_for_nothing_else(other: dict[str, Any]) -> None:
    with pytest.raises(PasskeyDoesNotOpen):
        opened(wrapped(), **other)


def test_any_altered_byte_is_refused() -> None:
    value = wrapped()
    for place in range(len(value)):
        changed = bytearray(value)
        changed[place] ^= 1
        with pytest.raises(PasskeyDoesNotOpen):
            opened(bytes(changed))


@pytest.mark.parametrize("length", [0, 12, 28, 59, 61])
def test_another_length_is_refused(length: int) -> None:
    with pytest.raises(PasskeyDoesNotOpen):
        opened((wrapped() + b"\x00")[:length])


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_prf_value_of_another_length_wraps_and_opens_nothing(length: int) -> None:
    short = Secret(bytes(length))
    with pytest.raises(PasskeyDoesNotOpen):
        asyncio.run(wire.wrap(NativeCrypto(), short, KEY, **BOUND))
    with pytest.raises(PasskeyDoesNotOpen):
        opened(wrapped(), short)


def test_another_k_under_the_right_binding_is_not_taken_for_this_safes() -> None:
    """A wrap whose seal verifies, but which holds a key without the safe's key-check."""
    key = HKDF(hashes.SHA256(), 32, None, b"coffer/v1/passkey-wrap" + b"credential").derive(PRF.expose())
    ad = b"a" * 16 + b"s" * 16 + b"credential" + KEY.key_check
    forged = bytes(12) + AESGCM(key).encrypt(bytes(12), bytes(32), ad)
    with pytest.raises(PasskeyDoesNotOpen):
        opened(forged)


@pytest.mark.parametrize("credential", [b"", bytes(1024)])
def test_a_credential_id_has_the_lengths_that_webauthn_allows(credential: bytes) -> None:
    with pytest.raises(ValueError, match="1 to 1,023"):
        asyncio.run(wire.wrap(NativeCrypto(), PRF, KEY, **{**BOUND, "credential": credential}))


def test_site_and_engine_sign_and_check_the_same_statements() -> None:
    passkey, credential, value = (secrets.token_bytes(length) for length in (16, 77, 60))
    for beside in passkey_statement.Beside:
        ours = wire.added(passkey, credential, value, "Telefon ☎", beside)
        assert ours == passkey_statement.added(passkey, credential, value, "Telefon ☎", beside)
        assert wire.removed(passkey, beside) == passkey_statement.removed(passkey, beside)
