"""Files made to hurt end in a typed error or a plain result, in bounded time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.fixtures_export import MemorySource, tell, zip_of
from webapp.engine.errors import CofferError
from webapp.engine.readers.errors import NotAChatExport
from webapp.engine.readers.registry import sniff
from webapp.engine.zip_index import ZipBomb

HEADER = b"12/05/2022, 10:00 - Ann: "


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


def test_a_million_short_lines_without_a_header_are_refused_quickly() -> None:
    with within(2), pytest.raises(NotAChatExport):
        sniff([MemorySource("a.txt", b"a - b\n" * 1_000_000)])


def test_a_million_short_lines_after_one_header_are_one_message() -> None:
    with within(12):
        told = tell(MemorySource("a.txt", HEADER + b"start\n" + b"1/1 - [\n" * 1_000_000))
    assert len(told.messages) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<" * 2_000_000 + b">",
        b"(" * 2_000_000 + b")",
        b"A:\n" + b"o: (" * 500_000 + b"1)",
        "\u200e".encode() * 700_000,
        b"https://maps.google.com/?q=" + b"1" * 2_000_000,
        b"1/1/1, " * 300_000,
        b"\xf0" * 2_000_000,
        b"a.b" * 700_000 + b" (file attached)",
    ],
    ids=["brackets", "parentheses", "poll", "marks", "place", "stamps", "undecodable", "dots"],
)
def test_one_enormous_line_is_one_message(body: bytes) -> None:
    with within(5):
        told = tell(MemorySource("a.txt", (HEADER + b"x\n") * 20 + HEADER + body + b"\n" + HEADER + b"last\n"))
    assert len(told.messages) == 22


def test_headers_of_a_hundred_thousand_dates_are_read() -> None:
    lines = b"".join(b"%d/%d/%d, 10:00 - Ann: x\n" % (n % 28 + 1, n % 12 + 1, 1000 + n % 1300) for n in range(100_000))
    with within(10):
        assert len(tell(MemorySource("a.txt", lines)).messages) == 100_000


def test_a_bomb_inside_an_export_is_refused() -> None:
    zipped = zip_of({"_chat.txt": HEADER + b"hi\n", "big.bin": bytes(64 << 20)})
    with within(5), pytest.raises(ZipBomb):
        sniff([MemorySource("a.zip", zipped)])


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_to_a_zip_is_a_typed_error_or_none(seed: int) -> None:
    zipped = bytearray(zip_of({"_chat.txt": HEADER + b"hi " * 400, "a.jpg": b"\xff\xd8\xff" + bytes(900)}))
    for step in range(1 + seed % 5):
        zipped[(seed * 7919 + step * 104_729) % len(zipped)] ^= 1 + (seed * 31 + step) % 255
    with suppress(CofferError):
        assert len(tell(MemorySource("a.zip", bytes(zipped))).messages) == 1
