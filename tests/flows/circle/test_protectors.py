"""Adding, changing and removing what opens a safe, with the whole engine: nobody loses the last way in by accident."""

import pytest

from tests.flows.circle.world import Watcher
from vault.server.models import Record
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import Cancelled, KeyOfAnotherSafe, SiteRefused
from webapp.engine.passkeys import prove_digits
from webapp.engine.protectors import (
    NoPassword,
    ProtectorUnproved,
    add_password,
    change_password,
    remove_password,
)
from webapp.engine.recovery_key import format_digits
from webapp.engine.safes import Protector, delete_safe, standing, unlock_with_key, unlock_with_password
from webapp.engine.vault_client import WrongPassword

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

OLD, NEW = "right horse, right battery", "new donkey, new staple"


def row(visitor, run):
    return run(visitor.site.safes())[0]


def opens(visitor, run, password):
    try:
        return run(unlock_with_password(visitor.vault, row(visitor, run), password)).key is not None
    except (WrongPassword, SiteRefused):
        return False


def test_a_changed_password_opens_and_the_old_one_does_not(visitor, run):
    opened = run(visitor.make_safe(OLD))
    watcher = Watcher()
    run(change_password(visitor.vault, opened, NEW, watcher))
    assert [progress.stage for progress in watcher.seen] == ["staging", "proving", "promoting"]
    assert opens(visitor, run, NEW)
    assert not opens(visitor, run, OLD)


@pytest.mark.parametrize("after", [1, 2])
def test_a_change_that_is_stopped_leaves_the_old_password_and_the_next_goes_through(visitor, run, after):
    opened = run(visitor.make_safe(OLD))
    with pytest.raises(Cancelled):
        run(change_password(visitor.vault, opened, NEW, Watcher(cancel_after=after)))
    assert opens(visitor, run, OLD)
    run(change_password(visitor.vault, opened, NEW, Watcher()))
    assert opens(visitor, run, NEW)


def test_there_is_nothing_to_change_where_there_is_no_password(visitor, run):
    opened = run(visitor.make_safe(None))
    with pytest.raises(NoPassword):
        run(change_password(visitor.vault, opened, NEW, Watcher()))


def test_a_password_is_added_to_a_safe_without_one(visitor, run):
    opened = run(visitor.make_safe(None))
    run(add_password(visitor.vault, opened, NEW, Watcher()))
    assert opens(visitor, run, NEW)
    assert Record.objects.using("vault").get().last_proof is not None
    # Twice, after a reply that was lost, is fine; another password is not put in its place unasked.
    run(add_password(visitor.vault, opened, NEW, Watcher()))
    with pytest.raises(WrongPassword):
        run(add_password(visitor.vault, opened, OLD, Watcher()))
    assert opens(visitor, run, NEW)


def test_the_password_goes_only_after_another_protector_was_proved(visitor, run):
    run(visitor.make_safe(OLD))
    opened = run(unlock_with_password(visitor.vault, row(visitor, run), OLD))
    with pytest.raises(ProtectorUnproved) as caught:
        run(remove_password(visitor.vault, opened))
    assert caught.value.code == "protector_unproved"
    assert opens(visitor, run, OLD)

    digits = format_digits(opened.key)
    other = digits[:-1] + ("0" if digits[-1] != "0" else "1")
    with pytest.raises(KeyOfAnotherSafe):
        prove_digits(opened, other)
    with pytest.raises(ProtectorUnproved):
        run(remove_password(visitor.vault, opened))
    prove_digits(opened, digits.upper().replace(" ", "-"))
    run(remove_password(visitor.vault, opened))
    assert not opens(visitor, run, OLD)
    run(add_password(visitor.vault, opened, NEW, Watcher()))
    assert opens(visitor, run, NEW)


def test_a_passkey_alone_is_not_enough_to_let_the_password_go(visitor, run):
    opened = run(visitor.make_safe(OLD))
    opened.proved = {Protector.PASSKEY, Protector.VAULT}
    with pytest.raises(ProtectorUnproved):
        run(remove_password(visitor.vault, opened))


def test_unlocking_with_the_digits_proves_them(visitor, run):
    made = run(visitor.make_safe(OLD))
    opened = run(unlock_with_key(visitor.vault, row(visitor, run), format_digits(made.key)))
    run(remove_password(visitor.vault, opened))
    assert run(standing(visitor.vault, opened.safe)).state == "destroyed"


def test_a_deleted_safe_is_gone_from_site_and_vault(visitor, run):
    opened = run(visitor.make_safe(OLD))
    run(delete_safe(visitor.provider, visitor.site, visitor.vault, bytes(visitor.account.public_id), opened))
    assert run(visitor.site.safes()) == []
    record = Record.objects.using("vault").get()
    assert (record.state, record.sealed_wrapped_key) == ("destroyed", None)


def test_deleting_goes_on_where_it_broke_off(visitor, run, monkeypatch):
    opened = run(visitor.make_safe(OLD))
    deleting = (visitor.provider, visitor.site, visitor.vault, bytes(visitor.account.public_id), opened)

    async def broken(safe, proof):
        raise SiteRefused

    with monkeypatch.context() as dying:
        dying.setattr(type(visitor.site), "delete_safe", lambda self, safe, proof: broken(safe, proof))
        with pytest.raises(SiteRefused):
            run(delete_safe(*deleting))
    run(delete_safe(*deleting))
    assert run(visitor.site.safes()) == []


def test_a_new_safe_beside_the_old_one_starts_empty_and_leaves_it_alone(visitor, run):
    old = run(visitor.make_safe(OLD))
    new = run(visitor.make_safe(NEW))
    assert new.key.secret != old.key.secret
    thief = type(old)(old.safe, new.key, None, proved={Protector.DIGITS})
    with pytest.raises(SiteRefused) as caught:
        run(remove_password(visitor.vault, thief))
    assert caught.value.code == "proof_refused"
    with pytest.raises(SiteRefused) as caught:
        run(change_password(visitor.vault, thief, NEW, Watcher()))
    assert caught.value.code == "proof_refused"
    assert isinstance(old.key.secret, Secret)
