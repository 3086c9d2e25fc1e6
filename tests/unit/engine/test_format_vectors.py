"""The pinned vectors of the format (tests/vectors/format.json): today's code makes and opens the same bytes, and so
does Tink."""

import asyncio
import json
from typing import Any

import pytest

from tests.unit.engine import format_vector as vector
from tests.unit.engine.oracle_tink import tink_open
from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto import seal as sealing
from webapp.engine.errors import CofferError
from webapp.engine.format.padding import padded_size


@pytest.fixture(scope="module")
def pinned() -> Any:
    return json.loads(vector.PATH.read_text(encoding="utf-8"))


def test_every_value_is_made_again_to_the_last_byte(pinned: Any) -> None:
    assert asyncio.run(vector.play(NativeCrypto, bytes)) == pinned["values"]


def test_what_was_compressed_and_sealed_opens(pinned: Any) -> None:
    asyncio.run(vector.open_compressed(NativeCrypto(), bytes, pinned["compressed"]))


@pytest.mark.parametrize("what", ["chunk", "manifest"])
def test_another_byte_in_what_was_sealed_is_refused(pinned: Any, what: str) -> None:
    sealed = bytearray.fromhex(pinned["compressed"][what])
    sealed[-1] ^= 1
    changed = {**pinned["compressed"], what: sealed.hex()}
    with pytest.raises(CofferError):
        asyncio.run(vector.open_compressed(NativeCrypto(), bytes, changed))


@pytest.mark.parametrize("size", [size for size in vector.SIZES if size <= 1000])
def test_tink_opens_the_pinned_streams(pinned: Any, size: int) -> None:
    sealed = bytes.fromhex(pinned["values"][f"stream of {size} bytes"])
    assert tink_open(vector.STREAM_KEY, b"associated data", sealed) == vector.drawn(f"plaintext {size}", size)


def test_tink_opens_the_pinned_chunks(pinned: Any) -> None:
    key = vector.backup_key()
    identity = bytes.fromhex(pinned["values"]["chunk id"])
    text = pinned["values"]["chunk, stored"]
    content = vector.drawn("chunk", 5000)
    size = padded_size(5 + len(content))
    frame = b"\x00" + len(content).to_bytes(4, "big") + content
    assert len(frame) <= size
    # Longer than what is written out in hex: compared by digest, through a sealing with the same randomness.
    assert text.startswith("sha256:") == (sealing.sealed_size(size) > 4096)
    provider = vector.fixed(NativeCrypto(), "chunk")
    ad = vector.associated_data(identity)
    sealed = asyncio.run(sealing.seal(provider, key.chunk_seal, ad, frame.ljust(size, b"\x00")))
    assert vector._short(bytes(sealed)) == text
    assert tink_open(key.chunk_seal.expose(), ad, bytes(sealed)) == frame.ljust(size, b"\x00")
