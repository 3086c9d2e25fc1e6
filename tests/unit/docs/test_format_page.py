"""docs/format.md says what the code does: every number and worked example on the page is computed here anew."""

import asyncio
import hashlib
import re
from pathlib import Path

import pytest

from tests.unit.engine.oracle_tink import tink_open
from vault.wire import ticket
from vault.wire.owner_proof import DOMAIN, Action, Audience, OwnerProof
from webapp.cli.crypto import NativeCrypto
from webapp.engine.archive import schema
from webapp.engine.crypto import seal
from webapp.engine.crypto.keys import BackupKey
from webapp.engine.crypto.secret import Secret
from webapp.engine.format import chunk, manifest
from webapp.engine.format.head import head_of, id_list
from webapp.engine.format.padding import padded_size
from webapp.engine.recovery_key import key_file

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "format.md").read_text(encoding="utf-8")
KEY = BackupKey(Secret(bytes(range(32))))


class SetRandomness(NativeCrypto):
    """Gives the salt and nonce prefix of the page's example."""

    def random_bytes(self, length: int) -> bytes:
        return {seal.SALT_BYTES: b"\x73", seal.PREFIX_BYTES: b"\x70"}[length] * length


def example(name: str) -> str:
    """The hex value beside a name in the page's last table."""
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| {name}")]
    return re.findall(r"`([0-9a-f]+)`", row)[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("chunk-name |", KEY.chunk_name.expose()),
        ("chunk-seal |", KEY.chunk_seal.expose()),
        ("manifest-seal |", KEY.manifest_seal.expose()),
        ("owner-proof, seed |", KEY.owner_seed.expose()),
        ("owner-proof, public key |", NativeCrypto().ed25519_public(KEY.owner_seed.expose())),
        ("key-check |", KEY.key_check),
    ],
)
def test_the_derived_keys_of_the_example_are_the_codes(name: str, value: bytes) -> None:
    assert example(name) == value.hex()


def test_the_sealed_chunk_of_the_example_is_the_codes_and_tink_opens_it() -> None:
    identity = asyncio.run(chunk.chunk_id(NativeCrypto(), KEY, b"coffer"))
    assert example("id of the six bytes") == identity.hex()
    sealed = bytes(asyncio.run(chunk.seal_chunk(SetRandomness(), KEY, identity, b"coffer", compress=False)))
    assert example("that chunk") == sealed.hex()
    frame = tink_open(KEY.chunk_seal.expose(), b"coffer/v1/chunk/" + identity, sealed)
    assert frame.startswith(b"\x00\x00\x00\x00\x06coffer")


def test_the_head_of_the_example_is_the_codes() -> None:
    head = head_of(bytes(16), hashlib.sha256(b"manifest").digest(), id_list([b"\x01" * 32]), None)
    assert example("head of snapshot") == head.hex()


def test_the_table_of_sizes_is_exact() -> None:
    rows = re.findall(r"^\| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| (\d+) \| ([\d,]+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 6
    for row in rows:
        content, frame, padded, segments, sealed = (int(cell.replace(",", "")) for cell in row)
        assert frame == content + chunk.FRAME_HEADER
        assert padded == padded_size(frame)
        assert segments == seal.segment_count(padded)
        assert sealed == seal.sealed_size(padded)
    assert sealed == chunk.MAX_SEALED


def test_the_numbers_in_the_text_are_the_codes() -> None:
    assert f"`ciphertext_segment_size` | {seal.SEGMENT_BYTES:,}" in PAGE
    assert f"segment 0 holds {seal.FIRST_PLAINTEXT:,} bytes" in PAGE
    assert f"each later one {seal.NEXT_PLAINTEXT:,}" in PAGE
    assert f"at most {chunk.LARGE_CONTENT:,} bytes (8 MiB)" in PAGE
    assert f"at most {manifest.MAX_PLAINTEXT:,} bytes (256 MiB)" in PAGE
    assert f"{manifest.ROW_BYTES} bytes a chunk" in PAGE
    assert f"{ticket.PAYLOAD_BYTES} bytes" in PAGE
    assert f"`PRAGMA application_id` 0x{schema.APPLICATION_ID:X}, `user_version` {schema.VERSION};" in PAGE


def test_every_domain_and_label_of_the_code_is_on_the_page() -> None:
    for domain in (DOMAIN, ticket.DOMAIN, chunk.ASSOCIATED_DATA, manifest.ASSOCIATED_DATA, manifest.FORMAT.encode()):
        assert f'"{domain.decode()}"' in PAGE
    for action in Action:
        assert f"`{action.value}`" in PAGE
    for number, purpose in enumerate(ticket.Purpose):
        assert f"{number} `{purpose.value}`" in PAGE.replace("\n", " ")


def test_an_owner_proof_is_the_nine_fields_of_the_page() -> None:
    proof = OwnerProof(Audience.SITE, Action.COMMIT_SNAPSHOT, b"a" * 16, b"s" * 16, b"c" * 32, b"n" * 32)
    fields = [DOMAIN, b"site", b"snapshot.commit", b"a" * 16, b"s" * 16, bytes(16), bytes(4), b"c" * 32, b"n" * 32]
    assert proof.message() == b"".join(len(value).to_bytes(2, "big") + value for value in fields)


def test_a_ticket_is_two_hundred_and_four_letters() -> None:
    made = ticket.AccountTicket(bytes(32), bytes(16), bytes(16), bytes(16), 1, ticket.Purpose.LOGIN)
    assert len(ticket.encode(made, bytes(64))) == 204
    assert "204 letters" in PAGE


def test_the_key_file_is_the_pages() -> None:
    _, text = key_file(KEY, site="SITE", date="DATE")
    first, second, _, *digits, _, care = text.rstrip("\n").split("\n")
    assert f"    {first}\n    {second}\n" in PAGE
    assert len(digits) == 4
    assert f"    {care}\n" in PAGE
