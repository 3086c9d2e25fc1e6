"""Chunks, padding, cuts and manifests."""

import asyncio
import json
import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto.keys import BackupKey
from webapp.engine.crypto.seal import sealed_size
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import ChunkDamaged, ManifestDamaged
from webapp.engine.format import chunk, manifest
from webapp.engine.format.head import head_of, id_list
from webapp.engine.format.padding import padded_size
from webapp.engine.format.pieces import Cut, Piece, Region, cut_source

provider = NativeCrypto()
KEY = BackupKey(Secret(bytes(range(32))))
OTHER = BackupKey(Secret(bytes(32)))


@given(st.integers(0, 2**40))
def test_padding_adds_at_most_twelve_percent_and_is_stable(size: int) -> None:
    padded = padded_size(size)
    assert size <= padded <= max(size * 1.12, size + 1)
    assert padded_size(padded) == padded


@given(st.integers(0, 2**30))
def test_padding_never_shrinks_as_content_grows(size: int) -> None:
    assert padded_size(size) <= padded_size(size + 1)


def seal(content: bytes, *, compress: bool) -> tuple[bytes, bytes]:
    identity = asyncio.run(chunk.chunk_id(provider, KEY, content))
    return identity, bytes(asyncio.run(chunk.seal_chunk(provider, KEY, identity, content, compress=compress)))


def unseal(identity: bytes, sealed: bytes, size: int, key: BackupKey = KEY) -> bytes:
    return bytes(asyncio.run(chunk.open_chunk(provider, key, identity, sealed, content_size=size)))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=5000), st.booleans())
def test_a_chunk_opens_to_its_content(content: bytes, compress: bool) -> None:
    identity, sealed = seal(content, compress=compress)
    assert unseal(identity, sealed, len(content)) == content


def test_equal_content_has_one_id_and_another_key_gives_another() -> None:
    assert seal(b"a", compress=False)[0] == seal(b"a", compress=True)[0]
    assert asyncio.run(chunk.chunk_id(provider, OTHER, b"a")) != seal(b"a", compress=False)[0]
    assert asyncio.run(chunk.chunk_id(provider, KEY, memoryview(b"a"))) == seal(b"a", compress=False)[0]


def test_text_is_stored_compressed_and_noise_is_not() -> None:
    text = b"The same line again and again.\n" * 3000
    assert len(seal(text, compress=True)[1]) < len(text) / 10
    noise = os.urandom(100_000)
    assert len(seal(noise, compress=True)[1]) == sealed_size(padded_size(100_000 + chunk.FRAME_HEADER))


def test_the_largest_chunk_fits_its_stated_size() -> None:
    content = os.urandom(chunk.LARGE_CONTENT)
    assert len(seal(content, compress=False)[1]) == chunk.MAX_SEALED <= 9 * 1024 * 1024
    with pytest.raises(ValueError, match="8 MiB"):
        seal(content + b"x", compress=False)


def test_a_chunk_under_another_id_key_or_size_is_refused() -> None:
    identity, sealed = seal(b"content" * 100, compress=True)
    other = seal(b"other", compress=True)
    for attempt in (
        lambda: unseal(other[0], sealed, 700),
        lambda: unseal(identity, other[1], 700),
        lambda: unseal(identity, sealed, 699),
        lambda: unseal(identity, sealed, 701),
        lambda: unseal(identity, sealed, 700, key=OTHER),
        lambda: unseal(identity, sealed[:-1], 700),
        lambda: unseal(identity, b"", 700),
    ):
        with pytest.raises(ChunkDamaged):
            attempt()


def ranges_of(cuts: list[Cut]) -> list[tuple[int, int]]:
    return sorted(run for cut in cuts for run in cut.ranges)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3_000_000), st.booleans()), max_size=6), st.integers(0, 9)
)
def test_cuts_cover_a_source_exactly_once(parts: list[tuple[int, int, bool]], tail: int) -> None:
    regions, position = [], 0
    for gap, length, compress in parts:
        regions.append(Region(position + gap, length, compress))
        position += gap + length
    size = position + tail
    cuts = list(cut_source(size, regions))
    expected = 0
    for offset, length in ranges_of(cuts):
        assert offset == expected
        assert length > 0
        expected += length
    assert expected == size
    assert all(0 < cut.size <= (chunk.SMALL_CONTENT if cut.compress else chunk.LARGE_CONTENT) for cut in cuts)


def test_overlapping_regions_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        list(cut_source(100, [Region(0, 60, False), Region(50, 10, False)]))
    with pytest.raises(ValueError, match="overlap"):
        list(cut_source(100, [Region(90, 20, False)]))


def sample_manifest() -> manifest.Manifest:
    rows = tuple(manifest.ChunkRow(os.urandom(32), 1000 + n, 2000 + n, os.urandom(32)) for n in range(3))
    member = manifest.Member("IMG-1.jpg", 0, 100, 900, 900, 123)
    file = manifest.ManifestFile("Chat with Ana.zip", 1600, 1.5, (Piece(0, 0, 1000), Piece(1, 1, 600)), (member,))
    archive = manifest.ManifestFile("archive", 1002, None, (Piece(2, 0, 1002),))
    return manifest.Manifest(
        snapshot=bytes(15) + b"s",
        safe=bytes(15) + b"f",
        created="2026-11-24T10:00:00Z",
        previous_head=None,
        source="whatsapp_text",
        counts={"chats": 1, "messages": 2, "media": 1},
        files=(file,),
        archive={"text": archive},
        chunks=rows,
    )


def test_a_manifest_opens_to_itself() -> None:
    value = sample_manifest()
    sealed = asyncio.run(manifest.seal_manifest(provider, KEY, value))
    assert asyncio.run(manifest.open_manifest(provider, KEY, value.safe, value.snapshot, sealed)) == value


def test_a_manifest_of_another_safe_or_snapshot_is_refused() -> None:
    value = sample_manifest()
    sealed = asyncio.run(manifest.seal_manifest(provider, KEY, value))
    for key, safe, snapshot in (
        (OTHER, value.safe, value.snapshot),
        (KEY, bytes(16), value.snapshot),
        (KEY, value.safe, bytes(16)),
    ):
        with pytest.raises(ManifestDamaged):
            asyncio.run(manifest.open_manifest(provider, key, safe, snapshot, sealed))


@pytest.mark.parametrize("part", ["modified", "size", "counts"])
@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "1e999"])
def test_numbers_that_are_none_are_refused(part: str, number: str) -> None:
    """JSON of Python takes them; nothing here can be one of them."""
    value = manifest.encode(sample_manifest())
    end = 4 + int.from_bytes(value[:4], "big")
    head = json.loads(value[4:end])
    if part == "counts":
        head["counts"]["chats"] = "@"
    else:
        head["files"][0][part] = "@"
    text = json.dumps(head).replace('"@"', number).encode()
    with pytest.raises(ManifestDamaged):
        manifest.decode(len(text).to_bytes(4, "big") + text + value[end:])


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_garbled_manifest_is_refused_or_stays_consistent(chance: random.Random) -> None:
    value = bytearray(manifest.encode(sample_manifest()))
    for _ in range(chance.randint(1, 4)):
        value[chance.randrange(len(value))] = chance.randrange(256)
    try:
        decoded = manifest.decode(bytes(value))
    except ManifestDamaged:
        return
    for file in decoded.files:
        assert sum(piece.length for piece in file.pieces) == file.size


def test_the_head_depends_on_everything_it_stands_for() -> None:
    ids = id_list([b"b" * 32, b"a" * 32, b"b" * 32])
    assert ids == b"a" * 32 + b"b" * 32
    heads = {
        head_of(b"s" * 16, b"m" * 32, ids, None),
        head_of(b"t" * 16, b"m" * 32, ids, None),
        head_of(b"s" * 16, b"n" * 32, ids, None),
        head_of(b"s" * 16, b"m" * 32, ids[:32], None),
        head_of(b"s" * 16, b"m" * 32, ids, b"p" * 32),
    }
    assert len(heads) == 5
