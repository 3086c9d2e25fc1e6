"""A passkey as one more way into a safe: beside another, without a guess, and never the last one that is left."""

import secrets

import pytest

from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import KeyOfAnotherSafe, PasskeyAlone, PasskeyDoesNotOpen, SiteRefused
from webapp.engine.passkeys import (
    add_passkey,
    prove_digits,
    prove_password,
    proved_beside,
    remove_passkey,
    unlock_with_passkey,
)
from webapp.engine.recovery_key import format_digits
from webapp.engine.safes import Protector, unlock_with_key, unlock_with_password
from webapp.engine.vault_client import WrongPassword
from webapp.server.backups.models import Passkey

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

PASSWORD = "a long enough password"
CREDENTIAL = b"a credential of some device"
PRF = Secret(bytes(range(32)))


def parts(visitor):
    return visitor.provider, visitor.site, visitor.vault, bytes(visitor.account.public_id)


def add(run, visitor, safe, credential=CREDENTIAL, prf=PRF):
    return run(add_passkey(*parts(visitor), safe, "My phone", credential, prf))


def unlock(run, visitor, credential=CREDENTIAL, prf=PRF):
    row = run(visitor.site.safes())[0]
    return run(unlock_with_passkey(*parts(visitor), row, credential, prf))


def test_it_opens_the_safe_in_another_browser_and_no_guess_is_charged(visitor, elsewhere, run):
    safe = run(visitor.make_safe(PASSWORD))
    run(visitor.vault.set_head(safe.safe, safe.key, b"h" * 32))
    add(run, visitor, safe)
    row = run(elsewhere.site.safes())[0]
    with pytest.raises(WrongPassword):
        run(unlock_with_password(elsewhere.vault, row, "another password"))
    before = run(elsewhere.vault.status(safe.safe))
    opened = unlock(run, elsewhere)
    assert opened.key.secret == safe.key.secret
    assert opened.vault_head == b"h" * 32
    after = run(elsewhere.vault.status(safe.safe))
    assert (after.guesses_left, after.locked_until) == (before.guesses_left, before.locked_until) == (9, None)
    assert Passkey.objects.get().last_used is not None


def test_another_passkey_or_another_value_opens_nothing(visitor, elsewhere, run):
    add(run, visitor, run(visitor.make_safe(PASSWORD)))
    for credential, prf in ((CREDENTIAL, Secret(bytes(32))), (b"another", PRF)):
        with pytest.raises(PasskeyDoesNotOpen):
            unlock(run, elsewhere, credential, prf)
    assert Passkey.objects.get().last_used is None


def test_a_wrap_that_the_site_moved_to_another_credential_opens_nothing(visitor, elsewhere, run):
    safe = run(visitor.make_safe(PASSWORD))
    add(run, visitor, safe)
    add(run, visitor, safe, b"another", Secret(secrets.token_bytes(32)))
    first, second = Passkey.objects.order_by("pk")
    Passkey.objects.filter(pk=first.pk).update(wrapped_key=second.wrapped_key)
    with pytest.raises(PasskeyDoesNotOpen):
        unlock(run, elsewhere)


def test_a_safe_opened_by_a_passkey_alone_takes_no_other_and_gives_none_up(visitor, elsewhere, run):
    safe = run(visitor.make_safe(PASSWORD))
    passkey = add(run, visitor, safe)
    opened = unlock(run, elsewhere)
    assert opened.proved == {Protector.PASSKEY}
    with pytest.raises(PasskeyAlone):
        add(run, elsewhere, opened, b"another")
    with pytest.raises(PasskeyAlone):
        run(remove_passkey(*parts(elsewhere), opened, passkey))
    assert Passkey.objects.count() == 1


def test_the_digits_or_the_password_have_to_be_right_to_count(visitor, elsewhere, run):
    safe = run(visitor.make_safe(PASSWORD))
    passkey = add(run, visitor, safe)
    opened = unlock(run, elsewhere)
    with pytest.raises(KeyOfAnotherSafe):
        prove_digits(opened, "0" * 64)
    with pytest.raises(WrongPassword):
        run(prove_password(elsewhere.vault, opened, "another password"))
    assert run(proved_beside(elsewhere.vault, opened)) is None
    run(prove_password(elsewhere.vault, opened, PASSWORD))
    assert run(proved_beside(elsewhere.vault, opened)) is Protector.VAULT
    prove_digits(opened, format_digits(safe.key))
    assert run(proved_beside(elsewhere.vault, opened)) is Protector.DIGITS
    run(remove_passkey(*parts(elsewhere), opened, passkey))
    assert not Passkey.objects.exists()
    run(remove_passkey(*parts(elsewhere), opened, passkey))


def test_a_password_that_was_destroyed_meanwhile_no_longer_counts(visitor, elsewhere, run):
    safe = run(visitor.make_safe(PASSWORD))
    passkey = add(run, visitor, safe)
    assert run(proved_beside(visitor.vault, safe)) is Protector.VAULT
    status = run(visitor.vault.status(safe.safe))
    run(visitor.vault.destroy(safe.safe, safe.key, status.record, status.version))
    with pytest.raises(PasskeyAlone):
        run(remove_passkey(*parts(visitor), safe, passkey))
    with pytest.raises(PasskeyAlone):
        add(run, visitor, safe, b"another")
    assert Passkey.objects.count() == 1


def test_what_opened_the_safe_is_what_was_proved(visitor, elsewhere, run):
    safe = run(visitor.make_safe(PASSWORD))
    row = run(elsewhere.site.safes())[0]
    assert safe.proved == {Protector.VAULT}
    assert run(unlock_with_key(elsewhere.vault, row, format_digits(safe.key))).proved == {Protector.DIGITS}
    assert run(unlock_with_password(elsewhere.vault, row, PASSWORD)).proved == {Protector.VAULT}


def test_digits_that_were_shown_but_never_typed_do_not_count(visitor, run):
    safe = run(visitor.make_safe())
    assert safe.proved == set()
    with pytest.raises(PasskeyAlone):
        add(run, visitor, safe)
    prove_digits(safe, format_digits(safe.key))
    add(run, visitor, safe)


def test_a_passkey_that_is_kept_already_is_refused(visitor, run):
    safe = run(visitor.make_safe(PASSWORD))
    add(run, visitor, safe)
    with pytest.raises(SiteRefused) as caught:
        add(run, visitor, safe)
    assert caught.value.code == "passkey_exists"


def test_the_site_stores_neither_k_nor_the_prf_value(visitor, run):
    safe = run(visitor.make_safe(PASSWORD))
    add(run, visitor, safe)
    row = repr(Passkey.objects.values().get())
    stored = b"".join(
        bytes(value) for value in (Passkey.objects.get().wrapped_key, Passkey.objects.get().credential_id)
    )
    for secret in (safe.key.secret.expose(), PRF.expose()):
        assert secret not in stored
        assert secret.hex() not in row
