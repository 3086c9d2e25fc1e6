"""What every kind of custody promises, asked of a key file and of an HSM (SoftHSM2 through PKCS#11)."""

import os
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.unit.vault.softhsm import hsm
from vault.custody import Custody, CustodyError, EpochCurrent, EpochUnknown, KeysMissing, SealInvalid
from vault.custody.software import SoftwareCustody


@pytest.fixture(params=["software", "pkcs11"])
def empty(request, tmp_path):
    """Custody without keys."""
    if request.param == "software":
        yield SoftwareCustody(tmp_path / "custody")
    else:
        with hsm(tmp_path / "hsm") as custody:
            yield custody


@pytest.fixture
def custody(empty: Custody) -> Custody:
    assert empty.create()
    return empty


def test_it_opens_what_it_sealed(custody):
    for length in (1, 64, 448):
        secret = secrets.token_bytes(length)
        sealed = custody.seal(1, secret, b"where it belongs")
        assert len(sealed) == length + 4 + 12 + 16
        assert custody.open(sealed, b"where it belongs") == secret


def test_two_sealings_of_the_same_share_no_bytes_after_the_epoch(custody):
    one, two = custody.seal(1, b"same same", b""), custody.seal(1, b"same same", b"")
    assert one[:4] == two[:4]
    assert one[4:16] != two[4:16]
    assert one[16:] != two[16:]


@pytest.mark.parametrize("position", [4, 15, 16, -1])
def test_a_changed_byte_does_not_open(custody, position):
    sealed = bytearray(custody.seal(1, b"a secret", b"place"))
    sealed[position] ^= 1
    with pytest.raises(SealInvalid):
        custody.open(bytes(sealed), b"place")
    assert custody.open(custody.seal(1, b"next", b""), b"") == b"next"


def test_it_does_not_open_in_another_place_or_under_another_epoch(custody):
    custody.create_epoch()
    sealed = custody.seal(1, b"a secret", b"place")
    with pytest.raises(SealInvalid):
        custody.open(sealed, b"other place")
    with pytest.raises(SealInvalid):
        custody.open(b"\0\0\0\2" + sealed[4:], b"place")


@pytest.mark.parametrize("value", [b"", b"\x00\x00\x00\x01", bytes(31)])
def test_what_is_too_short_does_not_open(custody, value):
    with pytest.raises(SealInvalid):
        custody.open(value, b"")


def test_a_mac_holds_for_its_epoch_and_message_only(custody):
    custody.create_epoch()
    mac = custody.mac(1, b"message")
    assert len(mac) == 32
    assert mac == custody.mac(1, b"message")
    custody.verify_mac(1, b"message", mac)
    for epoch, message, value in ((2, b"message", mac), (1, b"other", mac), (1, b"message", mac[:31]), (1, b"", b"")):
        with pytest.raises(SealInvalid):
            custody.verify_mac(epoch, message, value)


def test_without_keys_nothing_works(empty):
    assert not empty.exists()
    for call in (empty.epochs, empty.current_epoch, empty.create_epoch, lambda: empty.mac(1, b"")):
        with pytest.raises(CustodyError):
            call()
    assert not empty.exists()


def test_creating_twice_keeps_the_first_keys(custody):
    sealed = custody.seal(1, b"first", b"")
    assert custody.create() is False
    assert custody.epochs() == (1,)
    assert custody.open(sealed, b"") == b"first"


def test_a_new_epoch_is_current_and_the_old_one_still_opens(custody):
    sealed, mac = custody.seal(1, b"old", b""), custody.mac(1, b"old")
    assert custody.create_epoch() == custody.current_epoch() == 2
    assert custody.epochs() == (1, 2)
    assert custody.open(sealed, b"") == b"old"
    custody.verify_mac(1, b"old", mac)
    assert custody.open(custody.seal(2, b"new", b""), b"") == b"new"


def test_a_destroyed_epoch_opens_nothing_and_its_number_is_not_used_again(custody):
    sealed = custody.seal(1, b"old", b"")
    custody.create_epoch()
    custody.destroy_epoch(1)
    for call in (
        lambda: custody.open(sealed, b""),
        lambda: custody.mac(1, b""),
        lambda: custody.seal(1, b"", b""),
    ):
        with pytest.raises(EpochUnknown):
            call()
    assert custody.epochs() == (2,)
    custody.destroy_epoch(1)
    assert custody.create_epoch() == 3


def test_the_current_epoch_cannot_be_destroyed(custody):
    with pytest.raises(EpochCurrent):
        custody.destroy_epoch(1)
    assert custody.open(custody.seal(1, b"still", b""), b"") == b"still"


def test_an_epoch_that_never_was_is_unknown(custody):
    with pytest.raises(EpochUnknown):
        custody.open(b"\0\0\0\x09" + bytes(40), b"")


def test_many_threads_seal_and_open_at_once(custody):
    """Each thread its own plaintexts: crossed operations would open to another's."""
    custody.create_epoch()

    def work(number):
        for turn in range(60):
            epoch, secret, place = 1 + turn % 2, secrets.token_bytes(48), str((number, turn)).encode()
            sealed, mac = custody.seal(epoch, secret, place), custody.mac(epoch, secret)
            assert custody.open(sealed, place) == secret
            custody.verify_mac(epoch, secret, mac)
            if turn % 10 == 0:
                with pytest.raises(SealInvalid):
                    custody.open(sealed, place + b"!")
        return 60

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(work, range(16))) == 16 * 60


def test_epochs_come_and_go_while_others_seal(custody):
    going, failures = threading.Event(), []

    def work():
        while not going.is_set():
            secret = secrets.token_bytes(32)
            try:
                epoch = custody.current_epoch()
                assert custody.open(custody.seal(epoch, secret, b""), b"") == secret
            except EpochUnknown:
                pass  # destroyed between two calls; rotation keeps that from happening (services/rotation.py)
            except Exception as error:  # noqa: BLE001
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        new = custody.create_epoch()
        custody.destroy_epoch(new - 1)
    going.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert custody.epochs() == (11,)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
def test_a_forked_child_works_on_its_own_and_the_parent_goes_on(custody):
    sealed = custody.seal(1, b"before the fork", b"")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            ok = custody.open(sealed, b"") == b"before the fork"
            ok = ok and custody.open(custody.seal(1, b"child", b""), b"") == b"child"
            os.write(writing, b"well" if ok else b"not!")
        except Exception as error:  # noqa: BLE001
            os.write(writing, repr(error).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    assert os.read(reading, 1000) == b"well"
    os.close(reading)
    assert custody.open(sealed, b"") == b"before the fork"
    assert custody.open(custody.seal(1, b"parent", b""), b"") == b"parent"


def test_nothing_of_it_prints_more_than_its_name(custody):
    assert repr(custody).endswith("Custody(REDACTED)")


def test_an_unset_up_custody_says_so(empty):
    with pytest.raises(KeysMissing):
        empty.current_epoch()
