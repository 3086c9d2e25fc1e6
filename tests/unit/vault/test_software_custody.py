"""The key file: who may read it, what it opens, what it refuses."""

import json
import os
import secrets
import stat

import pytest

from vault.custody import CustodyError, EpochUnknown, KeysExposed, KeysMissing, SealInvalid, custody_from, private_file
from vault.custody.software import FILE_NAME, SoftwareCustody
from vault.wire.encoding import to_text


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "custody"


@pytest.fixture
def custody(folder):
    made = SoftwareCustody(folder)
    made.create()
    return made


def add_epoch(folder, epoch, *, current):
    path = folder / FILE_NAME
    value = json.loads(path.read_text())
    value["keys"][str(epoch)] = to_text(secrets.token_bytes(32))
    value["current"] = current
    path.write_text(json.dumps(value))


def test_it_opens_what_it_sealed(custody):
    sealed = custody.seal(1, b"a secret", b"where it belongs")
    assert b"a secret" not in sealed
    assert len(sealed) == len(b"a secret") + 4 + 12 + 16
    assert custody.open(sealed, b"where it belongs") == b"a secret"


def test_a_file_overwritten_under_a_reader_is_read_anew(custody, folder, monkeypatch):
    """The reader has opened the old file when another process puts a new one in its place and overwrites the old."""
    read, other = private_file.read, SoftwareCustody(folder)

    def late(path):
        monkeypatch.setattr(private_file, "read", read)
        with path.open("rb") as old:
            other.create_epoch()
            return old.read()

    monkeypatch.setattr(private_file, "read", late)
    assert custody.current_epoch() == 2


def test_two_sealings_of_the_same_share_no_bytes_after_the_epoch(custody):
    one, two = custody.seal(1, b"same", b""), custody.seal(1, b"same", b"")
    assert one[:4] == two[:4]
    assert one[4:16] != two[4:16]


@pytest.mark.parametrize("position", [0, 4, 16, -1])
def test_a_changed_byte_does_not_open(custody, folder, position):
    add_epoch(folder, 16777217, current=1)  # epoch 1 with its first byte changed exists, too
    sealed = bytearray(custody.seal(1, b"a secret", b"place"))
    sealed[position] ^= 1
    with pytest.raises(SealInvalid):
        custody.open(bytes(sealed), b"place")


def test_it_does_not_open_in_another_place(custody):
    with pytest.raises(SealInvalid):
        custody.open(custody.seal(1, b"a secret", b"place"), b"other place")


@pytest.mark.parametrize("value", [b"", b"\x00\x00\x00\x01", bytes(31)])
def test_what_is_too_short_does_not_open(custody, value):
    with pytest.raises(SealInvalid):
        custody.open(value, b"")


def test_a_mac_holds_for_its_epoch_and_message_only(custody, folder):
    add_epoch(folder, 2, current=2)
    mac = custody.mac(1, b"message")
    custody.verify_mac(1, b"message", mac)
    for epoch, message in ((2, b"message"), (1, b"other")):
        with pytest.raises(SealInvalid):
            custody.verify_mac(epoch, message, mac)


def test_a_new_epoch_is_seen_without_a_restart_and_the_old_one_still_opens(custody, folder):
    old = custody.seal(custody.current_epoch(), b"old", b"")
    add_epoch(folder, 2, current=2)
    assert custody.current_epoch() == 2
    assert custody.open(old, b"") == b"old"


def test_a_destroyed_epoch_opens_nothing(custody, folder):
    sealed = custody.seal(1, b"old", b"")
    add_epoch(folder, 2, current=2)
    value = json.loads((folder / FILE_NAME).read_text())
    del value["keys"]["1"]
    (folder / FILE_NAME).write_text(json.dumps(value))
    with pytest.raises(EpochUnknown):
        custody.open(sealed, b"")
    with pytest.raises(EpochUnknown):
        custody.mac(1, b"")


def test_the_file_and_its_folder_are_the_owners_alone(custody, folder):
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert os.listdir(folder) == [FILE_NAME]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o666, 0o610])
def test_a_key_file_that_others_can_read_or_change_is_refused(custody, folder, mode):
    (folder / FILE_NAME).chmod(mode)
    with pytest.raises(KeysExposed):
        custody.current_epoch()


def test_a_key_file_that_becomes_readable_later_is_refused_from_then_on(custody, folder):
    sealed = custody.seal(1, b"a secret", b"")
    (folder / FILE_NAME).chmod(0o644)
    with pytest.raises(KeysExposed):
        custody.open(sealed, b"")


def test_a_link_to_a_key_file_is_refused(custody, folder, tmp_path):
    (folder / FILE_NAME).rename(tmp_path / "elsewhere")
    (folder / FILE_NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeysExposed):
        custody.current_epoch()


def test_a_missing_key_file_is_no_key_at_all(folder):
    with pytest.raises(KeysMissing):
        SoftwareCustody(folder).current_epoch()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"format": "other", "current": 1, "keys": {}}',
        '{"format": "coffer/v1/epoch-keys", "current": 1, "keys": {}}',
        '{"format": "coffer/v1/epoch-keys", "current": 1, "keys": {"1": "c2hvcnQ"}}',
        '{"format": "coffer/v1/epoch-keys", "current": 1, "keys": ["1"]}',
    ],
)
def test_a_damaged_key_file_is_refused_without_quoting_it(custody, folder, content):
    (folder / FILE_NAME).write_text(content)
    with pytest.raises(KeysMissing) as caught:
        custody.current_epoch()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_creating_twice_keeps_the_first_keys(custody, folder):
    before = (folder / FILE_NAME).read_bytes()
    assert SoftwareCustody(folder).create() is False
    assert (folder / FILE_NAME).read_bytes() == before


def test_nothing_of_it_prints_a_key(custody, folder):
    key = json.loads((folder / FILE_NAME).read_text())["keys"]["1"]
    custody.current_epoch()
    assert key not in repr(custody)
    assert key not in repr(custody._loaded)


def test_another_kind_of_custody_is_refused(folder):
    with pytest.raises(CustodyError):
        custody_from({"kind": "other", "path": folder})
