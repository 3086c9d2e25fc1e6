"""WhatsApp of an iPhone: from a folder, a zip and a device backup; every kind of message; databases made to hurt."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fixtures_export import MemorySource, Told, tell, zip_of
from tests.fixtures_ios import ANN, BEN, JPEG, ME, START, TABLES, database, device_backup, story, with_rows_in_log
from webapp.engine.errors import CofferError
from webapp.engine.readers.details import Call, ContactCard, Deletion, Link, Place, Quote, Reaction, SystemEvent
from webapp.engine.readers.events import Kind, Member, Participant
from webapp.engine.readers.foreign_database import DatabaseDamaged
from webapp.engine.readers.whatsapp_ios.finding import DeviceBackupEncrypted
from webapp.engine.readers.whatsapp_ios.metadata import answered, reactions

FIRST = round((START + 978_307_200) * 1000)


def loose(files: dict[str, bytes], folder: str = "shared/") -> Told:
    return tell(*(MemorySource(folder + path, content) for path, content in files.items()))


@pytest.fixture(scope="module")
def found() -> Told:
    return loose(story())


def by_text(found: Told, text: str):
    return next(message for message in found.messages if message.text == text)


def test_chats_people_and_members(found: Told) -> None:
    assert [(c.title, c.address, c.archived, c.floating) for c in found.chats] == [
        ("Ann", ANN, False, False),
        ("Trip", "1234-5678@g.us", True, False),
        ("Ben B.", BEN, None, False),
    ]
    people = {person.address: person for person in found.of(Participant)}
    assert {(p.name, p.phone, p.name_source) for p in people.values()} == {
        ("+49300001", "+49300001", "number"),
        ("Ann", "+49300002", "saved"),
        ("Ben B.", "+49300003", "saved"),
    }
    assert found.of(Member) == [Member(2, people[BEN].id, "admin")]
    assert {end.owner for end in found.ends} == {people[ME].id}
    assert [end.group for end in found.ends] == [False, True, False]


def test_every_kind_of_message(found: Told) -> None:
    ann, me = by_text(found, "hello 😀").sender, by_text(found, "answer").sender
    first = found.messages[0]
    assert (first.kind, first.details, first.timestamp) == (
        Kind.SYSTEM, (SystemEvent("encrypted", {"actor": ann}),), FIRST + 1000,
    )  # fmt: skip
    hello, answer = by_text(found, "hello 😀"), by_text(found, "answer")
    assert hello.details == (Reaction(me, "👍"), Reaction(ann, "😂", 1_700_000_000_000))
    assert answer.details == (Quote(hello.key, ann, text="hello 😀"),)
    assert answer.starred
    assert by_text(found, "caption").kind is Kind.IMAGE
    assert by_text(found, "Zed").details == (
        ContactCard("Zed", "+49 1", "BEGIN:VCARD\nFN:Zed\nTEL;x=1:+49 1\nEND:VCARD"),
    )
    assert [m.details for m in found.messages if m.kind is Kind.LOCATION] == [(Place(1.5, -2.5, "Café"),)]
    assert by_text(found, "see https://a.b/c now").details == (Link("https://a.b/c", "A page"),)
    (deleted,) = (m for m in found.messages if m.kind is Kind.DELETED)
    assert (deleted.detail, deleted.details) == ("other", (Deletion(ann),))
    assert (by_text(found, "what").kind, by_text(found, "what").detail) == (Kind.UNKNOWN, "77")
    assert found.sender(by_text(found, "from a member")) == "Ben B."
    assert [(m.chat, m.details[0], found.sender(m)) for m in found.messages if m.kind is Kind.CALL] == [
        (1, Call(True, "answered", 61), "Ann"),
        (3, Call(False, "missed"), "+49300001"),
    ]


def test_media_lie_below_the_message_folder_or_are_gone(found: Told) -> None:
    picture, gone = found.media
    assert (picture.source, picture.mime, picture.size, picture.width, picture.height) == (3, "image/jpeg", 63, 30, 40)
    assert picture.thumbnail == JPEG[:30]
    assert (gone.source, gone.name, gone.mime, gone.size, gone.duration) == (None, "gone.opus", "audio/ogg", 9, 7)
    assert found.unknown == {
        "message_type": 1, "system_event": 1, "orphan_message": 1, "status_message": 1, "impossible_date": 1,
        "unreferenced_file": 1,
    }  # fmt: skip


@pytest.mark.parametrize("layout", ["zip", "nested zip", "device backup", "zipped device backup"])
def test_every_layout_tells_the_same(found: Told, layout: str) -> None:
    files = story()
    told = {
        "zip": lambda: tell(MemorySource("a.zip", zip_of(files))),
        "nested zip": lambda: tell(MemorySource("a.zip", zip_of({f"x/y/{p}": c for p, c in files.items()}))),
        "device backup": lambda: loose(device_backup(files), "MobileSync/Backup/0000/"),
        "zipped device backup": lambda: tell(MemorySource("a.zip", zip_of(device_backup(files)))),
    }[layout]()
    assert told.messages == found.messages
    assert [(m.name, m.size, m.mime, m.source is None) for m in told.media] == [
        (m.name, m.size, m.mime, m.source is None) for m in found.media
    ]


def test_rows_in_the_log_are_read(tmp_path: Path) -> None:
    assert by_text(loose(with_rows_in_log(tmp_path, story())), "in the log").kind is Kind.TEXT


def test_an_encrypted_device_backup_is_named() -> None:
    files = device_backup(story())
    files["Manifest.db"] = bytes(range(256)) * 20
    with pytest.raises(DeviceBackupEncrypted):
        loose(files)


def test_a_storage_alone_is_enough_and_columns_may_be_missing() -> None:
    columns = {
        "ZWAMESSAGE": "Z_PK INTEGER PRIMARY KEY, ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEDATE, ZTEXT",
        "ZWACHATSESSION": "Z_PK INTEGER PRIMARY KEY",
    }
    rows = [("ZWACHATSESSION", {"Z_PK": 1}), ("ZWAMESSAGE", {"Z_PK": 1, "ZCHATSESSION": 1, "ZMESSAGETYPE": 0,
            "ZMESSAGEDATE": 1.0, "ZTEXT": "x"})]  # fmt: skip
    assert [m.text for m in loose({"a.db": database(columns, rows)}).messages] == ["x"]


def every_column(table: str) -> list[str]:
    return [column.split()[0] for column in TABLES[table].split(", ")]


def test_values_of_every_type_are_no_reason_to_stop() -> None:
    rows: list = [("ZWACHATSESSION", {"Z_PK": 1, "ZCONTACTJID": b"\xff", "ZPARTNERNAME": 3})]
    for number, value in enumerate((b"\xff\x00", -1, 1e300, "text", 1 << 62, None), start=1):
        own: dict[str, object] = {"Z_PK": number, "ZCHATSESSION": 1, "ZMEDIAITEM": number, "ZMESSAGEINFO": number}
        rows.append(("ZWAMESSAGE", dict.fromkeys(every_column("ZWAMESSAGE"), value) | own))
        rows.append(("ZWAMEDIAITEM", dict.fromkeys(every_column("ZWAMEDIAITEM"), value) | {"Z_PK": number}))
        rows.append(("ZWAMESSAGEINFO", {"Z_PK": number, "ZRECEIPTINFO": value}))
    assert len(loose({"a.db": database(TABLES, rows)}).messages) == 6


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_is_a_typed_error_or_none(seed: int) -> None:
    files = story()
    rolls = random.Random(seed)
    for name in ("ChatStorage.sqlite", "ContactsV2.sqlite", "CallHistory.sqlite"):
        content = bytearray(files[name])
        for _ in range(1 + seed % 20):
            content[rolls.randrange(16, len(content))] = rolls.randrange(256)
        files[name] = bytes(content)
    with suppress(CofferError):
        loose(files)


def test_a_database_without_the_tables_it_needs_is_damaged() -> None:
    content = database({"ZWAMESSAGE": "Z_PK"}, [])
    with pytest.raises(DatabaseDamaged):
        loose({"a.db": content})


def test_crafted_protobufs_say_nothing() -> None:
    rolls = random.Random(1)
    for length in range(200):
        data = rolls.randbytes(length)
        answered(data)
        reactions(data)
        reactions(b"\x3a" + bytes([length]) + data)
    assert answered(b"\x2a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") is None
    assert reactions(b"\x3a\x02" * 100_000) == []
