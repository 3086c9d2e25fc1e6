"""What this process has seen before saves asking custody again, and never outlives its epoch."""

from datetime import timedelta

import pytest

from tests.flows.vault.world import PASSWORD, Guess, sql
from vault.server.models import Identity, Safe
from vault.server.services import clock_mark, counter, identity, recognised, rotation, sealing
from vault.wire.errors import ErrorCode, VaultError

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.fixture
def asked(monkeypatch):
    """What custody was asked."""
    calls, custody = [], sealing.custody()
    for name in ("mac", "verify_mac", "open", "seal"):
        real = getattr(custody, name)

        def counting(*args, _name=name, _real=real):
            calls.append(_name)
            return _real(*args)

        monkeypatch.setattr(custody, name, counting)
    return calls


def test_a_recovery_asks_custody_a_few_times(person, run, asked, monkeypatch):
    # On a slow machine a second may pass, and the clock's mark be moved.
    monkeypatch.setattr(clock_mark, "STEP", timedelta(hours=1))
    run(person.set_up())
    run(person.login())
    asked.clear()
    run(person.login())
    # KE1: open the evaluation, vouch for counter and login state, seal the login state. KE3: open it and the wrapped
    # key, vouch for the counter.
    assert sorted(asked) == ["mac"] * 3 + ["open"] * 3 + ["seal"]


def test_an_edited_row_is_not_recognised(person, run):
    run(person.set_up())
    run(person.login())
    sql("UPDATE vault_safe SET owner_public_key = %s", b"x" * 32)
    assert Guess(person, PASSWORD).start().code == "record_closed"


def test_an_edited_counter_is_not_recognised(person, run):
    run(person.set_up())
    run(person.login())
    sql("UPDATE vault_record SET charges = 0")
    assert Guess(person, PASSWORD).start().code == "record_closed"


def test_a_row_of_an_epoch_that_is_gone_is_not_recognised(person, run):
    run(person.set_up())
    run(person.login())
    old = Safe.objects.using("vault").get()
    rotation.rotate()
    sql("UPDATE vault_safe SET epoch = %s, mac = %s", old.epoch, old.mac)
    assert Guess(person, PASSWORD).start().code == "custody_down"


def test_a_counter_from_before_a_rotation_is_not_recognised(person, run):
    """A row names its epoch in a column, which could be put back together with the counter."""
    run(person.set_up())
    run(person.login())
    old = person.record()
    for _ in range(2):
        Guess(person, PASSWORD).start()
    rotation.rotate()
    columns = ("epoch", "counter_mac", "guesses_left", "failures", "charges", "event_count", "event_head")
    sql(f"UPDATE vault_record SET {', '.join(f'{name} = %s' for name in columns)}", *(getattr(old, n) for n in columns))
    assert Guess(person, PASSWORD).start().code == "record_closed"


def test_an_identity_of_an_epoch_that_is_gone_is_opened_no_more(person, run):
    run(person.set_up())
    run(person.login())
    old = Identity.objects.using("vault").get()
    rotation.rotate()
    run(person.login())
    sql("UPDATE vault_identity SET epoch = %s, sealed = %s", old.epoch, old.sealed)
    assert Guess(person, PASSWORD).start().code == "custody_down"


def test_nothing_is_recognised_without_its_epochs_key_in_use(person, run, asked):
    run(person.set_up())
    record = person.record()
    counter.read(record)
    asked.clear()
    counter.read(record, alive=record.epoch)
    assert asked.count("verify_mac") == 0
    counter.read(record)
    assert asked.count("verify_mac") == 1
    counter.read(record, alive=record.epoch + 1)
    assert asked.count("verify_mac") == 2


def test_the_kept_identity_prints_nothing(person, run):
    run(person.set_up())
    run(person.login())
    assert repr(identity._opened) == "_Opened(REDACTED)"


def test_what_is_recognised_stays_bounded(monkeypatch):
    monkeypatch.setattr(recognised, "_AT_MOST", 10)
    recognised._known.clear()
    for number in range(100):
        recognised.add(1, number.to_bytes(4, "big"), b"m" * 32)
    assert len(recognised._known) <= 10
    assert not recognised.knows(1, b"\0\0\0\0", b"m" * 32)


def test_a_mac_cannot_pass_for_a_part_of_its_message():
    recognised.add(1, b"message", b"mac")
    assert not recognised.knows(1, b"cmessage", b"ma")
    with pytest.raises(VaultError) as caught:
        sealing.verify_mac(1, b"never seen", b"m" * 32, alive=1)
    assert caught.value.code in {ErrorCode.RECORD_CLOSED, ErrorCode.CUSTODY_DOWN}
