"""Signal backups: opened with their passphrase, every message told, and every kind of damage told apart."""

import asyncio
import random

import pytest

from tests import fixtures_signal
from tests.fixtures_export import zip_of
from tests.fixtures_opened import told
from tests.fixtures_signal import JPEG, NOON, PASSPHRASE, BackupWriter, field_of, statement, story
from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import CofferError, SealBroken
from webapp.engine.readers.details import Call, ContactCard, Edit, InAlbum, Link, Mention, Quote, Reaction, SystemEvent
from webapp.engine.readers.events import Kind, Member
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.signal import passphrase
from webapp.engine.readers.signal.attachment import open_attachment, seal_from
from webapp.engine.readers.signal.errors import (
    BackupDamaged,
    BackupKeyNeeded,
    BackupKeyWrong,
    BackupTooNew,
    BackupTruncated,
)
from webapp.engine.readers.signal.passphrase import passphrases_among


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real number of rounds is used by the corpus' backup and by the last test here."""
    monkeypatch.setattr(passphrase, "ROUNDS", 3)
    monkeypatch.setattr(fixtures_signal, "ROUNDS", 3)


@pytest.fixture(params=[0, 1])
def backup(request: pytest.FixtureRequest) -> bytes:
    return story(request.param).end()


def test_every_message_of_a_backup_is_told(backup: bytes) -> None:
    found = told(backup, "01234 56789 01234 56789 01234-56789")
    assert [(chat.title, chat.address, chat.archived) for chat in found.chats] == [
        ("Ben", "aci-2", False),
        ("Trip", "group-1", True),
    ]
    assert [(m.chat, m.kind, m.text, found.sender(m)) for m in found.messages] == [
        (1, Kind.TEXT, "Grüße 😀", "Ann"),
        (1, Kind.TEXT, "reply", "Ben"),
        (1, Kind.IMAGE, "look", "Ben"),
        (1, Kind.DOCUMENT, "", "Ben"),
        (1, Kind.TEXT, "second try", "Ann"),
        (1, Kind.DELETED, "", "Ben"),
        (1, Kind.CALL, "", "Ben"),
        (1, Kind.SYSTEM, "Changed when messages disappear", None),
        (2, Kind.TEXT, "for @Zoë!", "Ann"),
        (2, Kind.CONTACT, "", "Zoë"),
    ]
    first, second, third, beside, fourth, _, call, timer, mentioned, card = found.messages
    ben, zoe = second.sender, card.sender
    assert (first.timestamp, first.key) == (NOON + 1000, f"{NOON + 1000}:aci-1")
    assert second.details == (
        Reaction(first.sender, "👍", NOON),
        Quote(first.key, first.sender, text="Grüße 😀", timestamp=NOON + 1000),
    )
    assert third.details == (Link("https://a.b/", "T"),)
    assert beside.details == (InAlbum(third.key),)
    assert (fourth.edited, fourth.timestamp, fourth.details) == (True, NOON + 4000, (Edit(NOON + 5000, "first try"),))
    assert call.details == (Call(False, "missed"),)
    assert timer.details == (SystemEvent("timer_changed", {"actor": ben}),)
    assert mentioned.details == (Mention(zoe, "@Zoë"),)
    assert card.details == (ContactCard("Z", "1"),)
    assert [(end.group, end.owner) for end in found.ends] == [(False, first.sender), (True, first.sender)]
    assert found.of(Member) == [Member(2, zoe, "member")]
    assert found.unknown == {"orphan_message": 1}


def test_attachments_stay_closed_until_they_are_looked_at(backup: bytes) -> None:
    picture, missing = told(backup, PASSPHRASE).media
    assert (picture.source, picture.mime, picture.size, picture.name) == (0, "image/jpeg", len(JPEG), "a.jpg")
    assert (missing.source, missing.mime, missing.size) == (None, "application/octet-stream", 5)
    seal = seal_from(picture.seal)
    sealed = backup[seal.offset : seal.offset + seal.sealed_length]
    assert asyncio.run(open_attachment(seal, sealed, NativeCrypto())) == JPEG
    for damaged in (sealed[:-1], bytes([sealed[0] ^ 1]) + sealed[1:], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(SealBroken):
            asyncio.run(open_attachment(seal, damaged, NativeCrypto()))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kind":"signal","offset":-1}', '{"kind": 1}'])
def test_a_seal_that_nobody_wrote_opens_nothing(text: str) -> None:
    with pytest.raises(SealBroken):
        seal_from(text)


@pytest.mark.parametrize("stored", [True, False])
def test_a_backup_in_a_zip_opens_too(stored: bool) -> None:
    zipped = zip_of({"x/signal.backup": story().end()}, 0 if stored else 8)
    found = told(zipped, PASSPHRASE, name="a.zip")
    assert len(found.messages) == 10
    assert found.media[0].member == "x/signal.backup"


@pytest.mark.parametrize("keys", [(), ("12345",), ("0" * 31,), ("x" * 30,)])
def test_without_thirty_digits_the_passphrase_is_asked_for(backup: bytes, keys: tuple[str, ...]) -> None:
    with pytest.raises(BackupKeyNeeded) as needed:
        told(backup, *keys)
    assert needed.value.data == {"file": "signal.backup", "kind": "signal"}


def test_another_passphrase_is_told_and_the_right_one_among_several_opens(backup: bytes) -> None:
    with pytest.raises(BackupKeyWrong):
        told(backup, "1" * 30)
    assert len(told(backup, "1" * 30, PASSPHRASE).messages) == 10


def test_what_was_typed_is_never_printed() -> None:
    assert "0123" not in repr(passphrases_among([Secret(PASSPHRASE.encode())]))
    assert "0123" not in repr(ReadOptions(keys=(Secret(PASSPHRASE.encode()),)))


def test_a_cut_backup_is_cut_short_and_not_a_wrong_key(backup: bytes) -> None:
    rolls = random.Random(1)
    for _ in range(25):
        end = rolls.randrange(300, len(backup) - 1)
        with pytest.raises(BackupTruncated):
            told(backup[:end], PASSPHRASE)


def test_a_flipped_bit_is_damage_and_not_a_wrong_key() -> None:
    backup = story(0).end()
    start = 4 + int.from_bytes(backup[:4], "big") + 40
    seal = seal_from(told(backup, PASSPHRASE).media[0].seal)
    for seed in range(25):
        rolls = random.Random(seed)
        place = rolls.randrange(start, len(backup))
        damaged = bytearray(backup)
        damaged[place] ^= 1 << rolls.randrange(8)
        try:
            told(bytes(damaged), PASSPHRASE)
        except (BackupDamaged, BackupTruncated):
            continue
        # Only the bytes of an attachment are not looked at before it is.
        assert seal.offset <= place < seal.offset + seal.sealed_length


def test_a_version_of_the_future_is_named() -> None:
    with pytest.raises(BackupTooNew):
        told(BackupWriter(2).end(), PASSPHRASE)


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM message",
        "INSERT INTO message (_id) SELECT 1",
        "INSERT INTO message (_id, body) VALUES (?, (SELECT randomblob(1000000000)))",
        "INSERT INTO message VALUES (1)",
        "ATTACH '/etc/passwd' AS x",
        "UPDATE message SET body = ?",
        "INSERT INTO message (_id) VALUES (?); DROP TABLE message",
        "REPLACE INTO message (_id) VALUES (?)",
        "",
    ],
)
def test_other_statements_are_refused_and_counted(text: str) -> None:
    writer = story()
    writer.frame(statement(text, 1))
    writer.frame(statement(text))
    found = told(writer.end(), PASSPHRASE)
    assert len(found.messages) == 10
    assert found.unknown["statement"] >= 1


def test_definitions_are_never_run() -> None:
    writer = BackupWriter()
    writer.frame(statement("CREATE TABLE message (_id, body AS (randomblob(900000000)), " + "x," * 5000 + "y)"))
    writer.frame(statement("CREATE TABLE thread AS SELECT 1"))
    writer.insert("message", _id=1, body="a", thread_id=1, date_sent=1)
    assert told(writer.end(), PASSPHRASE).messages == []


def test_odd_values_are_no_reason_to_stop() -> None:
    writer = BackupWriter()
    writer.insert("thread", _id=1, recipient_id="x")
    for number, value in enumerate(("text", -1, 2.5, b"\xff", None, 1 << 62)):
        writer.insert(
            "message", _id=number, thread_id=1, date_sent=value, type=value, from_recipient_id=value, body=value,
            quote_id=value, shared_contacts=value, link_previews=value, latest_revision_id=None, deleted_by=value,
        )  # fmt: skip
    assert len(told(writer.end(), PASSPHRASE).messages) == 6


def test_random_frames_under_the_right_key_end_in_a_typed_error_or_none() -> None:
    for seed in range(8):
        rolls = random.Random(seed)
        writer = story()
        for _ in range(20):
            writer.frame(field_of(rolls.choice((1, 2, 3, 4, 7, 8, 9, 2000)), rolls.randbytes(rolls.randrange(60))))
        try:
            told(writer.end(), PASSPHRASE)
        except CofferError as error:
            assert error.code in ("backup_damaged", "backup_truncated")  # noqa: PT017


def test_the_real_number_of_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    writer = BackupWriter()
    assert told(writer.end(), PASSPHRASE).chats == []
