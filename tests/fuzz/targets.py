"""What is fuzzed: each target takes any bytes, and may end in nothing but a CofferError."""

import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests import fixtures_signal
from tests.fixtures_export import MemorySource
from tests.fixtures_ios import TABLES, database
from tests.fixtures_opened import Quiet, finished
from tests.fixtures_signal import PASSPHRASE, BackupWriter
from webapp.cli.crypto import NativeCrypto
from webapp.engine.archive import ArchiveWriter, finish
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import CofferError
from webapp.engine.readers.items import items_of
from webapp.engine.readers.reading import FillsArchive, ReadOptions
from webapp.engine.readers.registry import recognise
from webapp.engine.readers.signal import passphrase
from webapp.engine.readers.whatsapp_ios.metadata import answered, reactions
from webapp.engine.zip_index import read_member, zip_members

Target = Callable[[bytes], None]
OPTIONS = ReadOptions(keys=(Secret(PASSPHRASE.encode()),))
_CIPHER = NativeCrypto()


def read_all(*sources: MemorySource) -> None:
    """Everything the product does with chosen files: recognise, read, write an archive."""
    writer = ArchiveWriter(":memory:")
    try:
        recognised = finished(recognise(sources, OPTIONS, _CIPHER, Quiet()))
        if isinstance(recognised, FillsArchive):
            recognised.fill(writer.connection, OPTIONS, Quiet())
            finish(writer.connection)
        else:
            writer.write(recognised.events(OPTIONS))
    except CofferError:
        return
    finally:
        writer.connection.close()


def text(data: bytes) -> None:
    read_all(MemorySource("WhatsApp Chat with Ann.txt", data), MemorySource("IMG-20220512-WA0001.jpg", b"\xff\xd8\xff"))


def telegram(data: bytes) -> None:
    read_all(MemorySource("result.json", data), MemorySource("photos/photo_1.jpg", b"\xff\xd8\xff"))


def signal_file(data: bytes) -> None:
    passphrase.ROUNDS = 1
    read_all(MemorySource("signal.backup", data))


def signal_frames(data: bytes) -> None:
    """The bytes, cut at their own lengths, as frames under the right key."""
    passphrase.ROUNDS = fixtures_signal.ROUNDS = 1
    writer = BackupWriter(data[:1] == b"\x01")
    at = 1
    while at + 2 <= len(data):
        (length,) = struct.unpack_from(">H", data, at)
        writer.frame(data[at + 2 : at + 2 + length])
        at += 2 + length
    read_all(MemorySource("signal.backup", writer.end()))


def ios_file(data: bytes) -> None:
    read_all(MemorySource("ChatStorage.sqlite", data))


def ios_log(data: bytes) -> None:
    rows: list[Any] = [("ZWACHATSESSION", {"Z_PK": 1})]
    read_all(MemorySource("ChatStorage.sqlite", database(TABLES, rows)), MemorySource("ChatStorage.sqlite-wal", data))


def ios_metadata(data: bytes) -> None:
    answered(data)
    reactions(data)


def zips(data: bytes) -> None:
    source = MemorySource("a.zip", data)
    with suppress(CofferError):
        for member in zip_members(source):
            with suppress(CofferError):
                read_member(source, member, 1 << 24)
    with suppress(CofferError):
        items_of([source])
    read_all(source)


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (text, telegram, signal_file, signal_frames, ios_file, ios_log, ios_metadata, zips)
}
