"""The HSM's own promises: keys that do not leave, a PIN that nobody else can read, sessions that come back."""

from pathlib import Path

import PyKCS11
import pytest

from tests.unit.vault.softhsm import PIN, TOKEN, hsm, module
from vault.custody import CustodyError, EpochUnknown, KeysExposed, KeysMissing, custody_from
from vault.custody.pkcs11 import Pkcs11Custody


@pytest.fixture
def custody(tmp_path):
    with hsm(tmp_path / "hsm") as made:
        made.create()
        yield made


def keys_on(custody):
    session = custody._session
    return session.findObjects([(PyKCS11.CKA_CLASS, PyKCS11.CKO_SECRET_KEY)])


def test_no_key_can_be_read_out(custody):
    custody.create_epoch()
    found = keys_on(custody)
    assert len(found) == 4
    for key in found:
        attributes = [
            PyKCS11.CKA_EXTRACTABLE,
            PyKCS11.CKA_NEVER_EXTRACTABLE,
            PyKCS11.CKA_SENSITIVE,
            PyKCS11.CKA_ALWAYS_SENSITIVE,
            PyKCS11.CKA_PRIVATE,
            PyKCS11.CKA_TOKEN,
        ]
        values = custody._session.getAttributeValue(key, attributes)
        assert [bool(value) for value in values] == [False, True, True, True, True, True]
        assert custody._session.getAttributeValue(key, [PyKCS11.CKA_VALUE]) == [None]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_a_pin_that_others_can_read_is_not_used(tmp_path, mode):
    with hsm(tmp_path / "hsm") as custody:
        (tmp_path / "hsm" / "pin").chmod(mode)
        with pytest.raises(KeysExposed):
            custody.create()


def test_a_missing_pin_is_said(tmp_path):
    with hsm(tmp_path / "hsm") as custody:
        (tmp_path / "hsm" / "pin").unlink()
        with pytest.raises(KeysMissing, match="pin"):
            custody.exists()


def test_a_refused_pin_is_not_tried_again_until_it_changes(tmp_path, monkeypatch):
    """A token locks after a few wrong PINs; a server that answers a thousand requests must not do that."""
    with hsm(tmp_path / "hsm") as custody:
        (tmp_path / "hsm" / "pin").write_text("wrong pin")
        tried = []
        real = PyKCS11.Session.login
        monkeypatch.setattr(PyKCS11.Session, "login", lambda self, *a, **k: (tried.append(1), real(self, *a, **k))[1])
        for _ in range(5):
            with pytest.raises(KeysMissing) as caught:
                custody.exists()
            assert "wrong pin" not in str(caught.value)
        assert len(tried) == 1
        (tmp_path / "hsm" / "pin").unlink()
        (tmp_path / "hsm" / "pin").touch(mode=0o600)
        (tmp_path / "hsm" / "pin").write_text(PIN)
        assert custody.create()


def test_another_token_name_is_not_guessed_around(tmp_path):
    with hsm(tmp_path / "hsm") as custody:
        other = Pkcs11Custody(module(), TOKEN + "s", custody._pin_file)
        with pytest.raises(KeysMissing, match="one token"):
            other.exists()
        other.close()


def test_a_module_that_is_not_there_is_custody_down(tmp_path):
    (tmp_path / "pin").touch(mode=0o600)
    with pytest.raises(CustodyError):
        Pkcs11Custody(str(tmp_path / "no.so"), TOKEN, tmp_path / "pin").exists()


def test_a_lost_session_is_opened_again(custody):
    sealed = custody.seal(1, b"a secret", b"")
    custody._session.closeSession()
    assert custody.open(sealed, b"") == b"a secret"
    custody._session.logout()
    assert custody.open(sealed, b"") == b"a secret"


def test_another_process_sees_new_and_destroyed_epochs(custody):
    """Two instances with sessions of their own stand for two processes."""
    other = Pkcs11Custody(module(), TOKEN, custody._pin_file)
    sealed = other.seal(1, b"a secret", b"")
    assert custody.create_epoch() == 2
    assert other.current_epoch() == 2
    custody.destroy_epoch(1)
    assert other.epochs() == (2,)
    with pytest.raises(EpochUnknown):
        other.open(sealed, b"")
    other.close()


def test_half_an_epoch_does_not_count_and_its_number_is_not_used(custody, monkeypatch):
    monkeypatch.setattr("vault.custody.pkcs11.p11.MechanismAESGENERATEKEY", PyKCS11.Mechanism(0x7FFFFFFF, None))
    with pytest.raises(CustodyError):
        custody.create_epoch()
    monkeypatch.undo()
    assert custody.epochs() == (1,)
    assert custody.create_epoch() == 3
    assert custody.epochs() == (1, 3)


def test_the_setting_names_it(tmp_path):
    with pytest.raises(CustodyError, match="module"):
        custody_from({"kind": "pkcs11", "token": TOKEN, "pin_file": str(tmp_path)})
    config = {"kind": "pkcs11", "module": "m", "token": TOKEN, "pin_file": str(Path("p"))}
    assert repr(custody_from(config)) == "Pkcs11Custody(REDACTED)"
    assert custody_from(config) is custody_from(dict(config))
