"""Zips as they come, and as someone hostile makes them."""

import struct
import zipfile
import zlib

import pytest

from tests.fixtures_export import MemorySource, zip_of
from webapp.engine.zip_index import (
    DamagedZip,
    EncryptedZip,
    UnsupportedZip,
    ZipBomb,
    ZipLimits,
    read_member,
    zip_members,
)


def source(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> MemorySource:
    return MemorySource("a.zip", zip_of(files, method))


def patched(content: bytes, offset: int, data: bytes) -> MemorySource:
    return MemorySource("a.zip", content[:offset] + data + content[offset + len(data) :])


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_offsets_cut_out_exactly_the_compressed_bytes(method: int) -> None:
    content = b"pictures " * 1000
    zipped = source({"a/b.txt": content, "c.txt": b"x"}, method)
    first, second = zip_members(zipped)
    raw = zipped.content[first.data_offset : first.end]
    assert (raw if method == zipfile.ZIP_STORED else zlib.decompress(raw, -15)) == content
    assert first.path == "a/b.txt"
    assert first.end <= second.header_offset
    assert (first.size, first.crc32, first.method) == (len(content), zlib.crc32(content), method)
    assert read_member(zipped, first, 1 << 20) == content


def test_folders_are_left_out_and_empty_members_kept() -> None:
    zipped = source({"folder/": b"", "folder/empty.txt": b""})
    assert [(m.path, m.size) for m in zip_members(zipped)] == [("folder/empty.txt", 0)]
    assert read_member(zipped, zip_members(zipped)[0], 10) == b""


def test_only_directory_and_headers_are_read() -> None:
    zipped = source({"big.bin": bytes(range(256)) * 40_000}, zipfile.ZIP_STORED)
    zip_members(zipped)
    assert zipped.reads < 20


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/root.txt", "root.txt"),
        ("C:\\Users\\x.txt", "Users/x.txt"),
        ("a/./b//c.txt", "a/b/c.txt"),
        ("..", "unnamed"),
        ("bell\x07.txt", "bell_.txt"),
    ],
)
def test_paths_never_leave_the_zip(written: str, safe: str) -> None:
    assert zip_members(source({written: b"x"}))[0].path == safe


def test_a_name_that_stands_twice_stays_reachable() -> None:
    file = MemorySource("a.zip", zip_of({"a.txt": b"one", "b.txt": b"two"}).replace(b"b.txt", b"a.txt"))
    members = zip_members(file)
    assert [member.path for member in members] == ["a.txt", "a (2).txt"]
    assert [read_member(file, member, 10) for member in members] == [b"one", b"two"]


def test_utf8_names_without_their_flag_are_read_as_utf8() -> None:
    zipped = zip_of({"Zoë.txt": b"x"})
    # Clear the UTF-8 flag (bit 11) in the local header and in the directory.
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = zipped.index(signature) + place
        flags = struct.unpack_from("<H", zipped, start)[0] & ~0x800
        zipped = zipped[:start] + struct.pack("<H", flags) + zipped[start + 2 :]
    assert zip_members(MemorySource("a.zip", zipped))[0].path == "Zoë.txt"


def test_a_flipped_bit_is_noticed() -> None:
    zipped = zip_of({"a.txt": b"hello world"}, zipfile.ZIP_STORED)
    damaged = patched(zipped, zipped.index(b"hello"), b"jello")
    with pytest.raises(DamagedZip):
        read_member(damaged, zip_members(damaged)[0], 100)


@pytest.mark.parametrize("keep", [0.0, 0.2, 0.5, 0.9, 0.999])
def test_a_cut_zip_is_damaged(keep: float) -> None:
    zipped = zip_of({f"{n}.txt": bytes(n) * 100 for n in range(20)})
    with pytest.raises(DamagedZip):
        zip_members(MemorySource("a.zip", zipped[: int(len(zipped) * keep)]))


def test_a_bomb_is_refused_by_its_declared_ratio() -> None:
    with pytest.raises(ZipBomb):
        zip_members(source({"zeros": bytes(64 << 20)}))


def test_limits_on_members_and_total_hold() -> None:
    zipped = source({f"{n}": b"abc" for n in range(10)})
    with pytest.raises(ZipBomb):
        zip_members(zipped, ZipLimits(members=9))
    with pytest.raises(ZipBomb):
        zip_members(zipped, ZipLimits(total=20))


def test_a_member_that_unpacks_to_more_than_it_declares_stops() -> None:
    zipped = zip_of({"a": bytes(5 << 20)})
    directory = zipped.index(b"PK\x01\x02")
    liar = patched(zipped, directory + 24, struct.pack("<I", 100))
    with pytest.raises(DamagedZip):
        read_member(liar, zip_members(liar)[0], 1000)


def test_a_member_larger_than_the_caller_wants_is_not_inflated() -> None:
    zipped = source({"a": bytes(100_000)})
    with pytest.raises(ZipBomb):
        read_member(zipped, zip_members(zipped)[0], 99_999)


def test_overlapping_members_are_refused() -> None:
    zipped = zip_of({"a": b"x" * 100, "b": b"y" * 100}, zipfile.ZIP_STORED)
    second = zipped.index(b"PK\x01\x02", zipped.index(b"PK\x01\x02") + 4)
    with pytest.raises(ZipBomb):
        zip_members(patched(zipped, second + 42, struct.pack("<I", 0)))


def test_encrypted_and_uncommon_members_have_errors_of_their_own() -> None:
    zipped = zip_of({"a": b"x"})
    directory = zipped.index(b"PK\x01\x02")
    locked = patched(zipped, directory + 8, struct.pack("<H", 1))
    with pytest.raises(EncryptedZip):
        read_member(locked, zip_members(locked)[0], 10)
    odd = patched(zipped, directory + 10, struct.pack("<H", 97))
    with pytest.raises(UnsupportedZip):
        read_member(odd, zip_members(odd)[0], 10)
