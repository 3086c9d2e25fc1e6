"""The site's one secret: made once, kept to itself, and good for signing."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from webapp.server import signing

# RFC 8032, section 7.1, test 2.
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
MESSAGE = bytes.fromhex("72")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "secrets" / "ticket-key"


def test_signs_as_the_standard_says(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(SEED)
    path.chmod(0o600)
    assert signing.ticket_public_key(path) == PUBLIC
    assert signing.sign_with_ticket_key(path, MESSAGE) == SIGNATURE
    signing.verify(PUBLIC, MESSAGE, SIGNATURE)


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_a_changed_signature_is_refused(place: int) -> None:
    spoiled = bytearray(SIGNATURE)
    spoiled[place] ^= 1
    with pytest.raises(signing.SignatureInvalid):
        signing.verify(PUBLIC, MESSAGE, bytes(spoiled))


@pytest.mark.parametrize(
    ("public", "message", "signature"),
    [
        (PUBLIC, b"\x73", SIGNATURE),
        (bytes(32), MESSAGE, SIGNATURE),
        (PUBLIC[:-1], MESSAGE, SIGNATURE),
        (PUBLIC, MESSAGE, SIGNATURE[:-1]),
        (PUBLIC, MESSAGE, SIGNATURE + b"\0"),
        (b"", MESSAGE, b""),
    ],
)
def test_what_does_not_belong_together_is_refused(public: bytes, message: bytes, signature: bytes) -> None:
    with pytest.raises(signing.SignatureInvalid):
        signing.verify(public, message, signature)


def test_the_ticket_key_is_made_once(path: Path) -> None:
    public = signing.ensure_ticket_key(path)
    assert signing.ensure_ticket_key(path) == public
    assert len(path.read_bytes()) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == [path.name]
    assert Ed25519PrivateKey.from_private_bytes(path.read_bytes()).public_key().public_bytes_raw() == public


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_file_of_another_length_is_neither_used_nor_overwritten(path: Path, length: int) -> None:
    path.parent.mkdir()
    path.write_bytes(bytes(length))
    path.chmod(0o600)
    with pytest.raises(signing.TicketKeyUnusable):
        signing.ensure_ticket_key(path)
    assert path.read_bytes() == bytes(length)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_not_used(path: Path, mode: int) -> None:
    signing.ensure_ticket_key(path)
    path.chmod(mode)
    with pytest.raises(signing.TicketKeyUnusable, match="0600"):
        signing.sign_with_ticket_key(path, MESSAGE)


def test_without_a_key_nothing_is_signed(path: Path) -> None:
    with pytest.raises(signing.TicketKeyUnusable, match="set-up"):
        signing.sign_with_ticket_key(path, MESSAGE)


def test_no_error_shows_the_seed(path: Path) -> None:
    signing.ensure_ticket_key(path)
    seed = path.read_bytes()
    path.chmod(0o644)
    with pytest.raises(signing.TicketKeyUnusable) as caught:
        signing.ticket_public_key(path)
    assert seed.hex() not in str(caught.value)
