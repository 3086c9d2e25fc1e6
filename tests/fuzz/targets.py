"""What is fuzzed: each target takes any bytes, and may end in nothing but a CofferError."""

import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests import fixtures_signal
from tests.fixtures_crypt import ROOT, legacy_key_file
from tests.fixtures_export import MemorySource
from tests.fixtures_increments import increment
from tests.fixtures_ios import TABLES, database
from tests.fixtures_msgstore import message, modern
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
from webapp.engine.readers.whatsapp_crypt.keys import key_of_file
from webapp.engine.readers.whatsapp_crypt.sources import open_sources
from webapp.engine.readers.whatsapp_ios.metadata import answered, reactions
from webapp.engine.zip_index import read_member, zip_members

Target = Callable[[bytes], None]
WHATSAPP_KEYS = (Secret(ROOT.hex().encode()), Secret(legacy_key_file()))
SOUND = modern(message(2, 1, 0, "hi"), message(3, 2, 0, "yo", sender=1))
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


def android_crypt(data: bytes) -> None:
    """Any bytes as an encrypted file, with keys of both kinds at hand."""
    source = MemorySource("msgstore.db.crypt15", data)
    for salvage in (False, True):
        with suppress(CofferError):
            opened = finished(open_sources([source], WHATSAPP_KEYS, _CIPHER, Quiet(), salvage=salvage))
            opened.release()


def android_keys(data: bytes) -> None:
    """Any bytes as a key."""
    with suppress(CofferError):
        key_of_file(data)


def android_file(data: bytes) -> None:
    read_all(MemorySource("msgstore.db", data))


def android_contacts(data: bytes) -> None:
    """The bytes as the contacts and as a card beside a sound database."""
    read_all(
        MemorySource("msgstore.db", SOUND), MemorySource("wa.db", data), MemorySource("a.vcf", b"BEGIN:VCARD" + data)
    )


def android_messages(data: bytes) -> None:
    """The bytes as the new messages of an increment."""
    read_all(MemorySource("msgstore.db", SOUND), MemorySource("increment-1", increment(messages=data)))


def android_rows(data: bytes) -> None:
    """The bytes as the changed rows of an increment."""
    changed = increment(more={"message_modified_1.json": data, "jid_modified_2.json": data})
    read_all(MemorySource("msgstore.db", SOUND), MemorySource("increment-1", changed))


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        text, telegram, signal_file, signal_frames, ios_file, ios_log, ios_metadata, zips, android_crypt, android_keys,
        android_file, android_contacts, android_messages, android_rows,
    )
}  # fmt: skip
