"""The head and the end of a record are the owner's; wrapped key and head leave only after KE3, sealed."""

import hashlib
import secrets

import pytest

from tests.flows.vault.world import PASSWORD, WRONG, Guess, post
from vault.wire import messages
from vault.wire.encoding import to_text
from vault.wire.owner_proof import Action
from vault.wire.ticket import Purpose
from webapp.engine.errors import SiteRefused
from webapp.engine.vault_client import VaultPins, VaultSubstituted

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

HEAD = hashlib.sha256(b"a snapshot").digest()


def test_the_head_comes_back_with_the_password_and_with_the_key(person, run):
    run(person.set_up())
    assert run(person.client.read_head(person.safe, person.key)) is None
    run(person.client.set_head(person.safe, person.key, HEAD))
    assert run(person.client.read_head(person.safe, person.key)) == HEAD
    assert run(person.login()).head == HEAD


def test_a_safe_without_password_has_a_head_too(person, run):
    run(person.client.open_safe(person.safe, person.key))
    run(person.client.set_head(person.safe, person.key, HEAD))
    assert run(person.client.read_head(person.safe, person.key)) == HEAD


def test_only_the_owner_moves_or_reads_the_head(person, run):
    run(person.client.open_safe(person.safe, person.key))
    run(person.client.set_head(person.safe, person.key, HEAD))
    other = person.somebody_else()
    for attempt in (
        other.client.set_head(person.safe, other.key, bytes(32)),
        other.client.read_head(person.safe, other.key),
    ):
        with pytest.raises(SiteRefused) as caught:
            run(attempt)
        assert caught.value.code == "proof_refused"
    assert run(person.client.read_head(person.safe, person.key)) == HEAD


def test_a_proof_to_read_does_not_set(person, run):
    run(person.client.open_safe(person.safe, person.key))
    ticket = person.site.ticket(person.account, person.safe, Purpose.HEAD)
    proof = person.client.proof(ticket, person.safe, person.key, Action.READ_HEAD, HEAD)
    assert post("heads", messages.SetHead(HEAD, proof), ticket).code == "proof_refused"


def test_an_older_heads_answer_does_not_pass_again(person, run):
    run(person.client.open_safe(person.safe, person.key))
    run(person.client.set_head(person.safe, person.key, HEAD))
    run(person.client.read_head(person.safe, person.key))
    old = person.http.seen[-1]
    run(person.client.set_head(person.safe, person.key, hashlib.sha256(b"newer").digest()))

    class Replaying(type(person.http)):
        async def request(self, method, path, **parts):
            answered = await super().request(method, path, **parts)
            return type(answered)(200, answered.headers, old.reply)

    person.http = Replaying()
    with pytest.raises(VaultSubstituted):
        run(person.client.read_head(person.safe, person.key))


def test_a_head_signed_by_another_vault_is_not_believed(person, run):
    run(person.client.open_safe(person.safe, person.key))
    pins = VaultPins(person.pins.opaque_public_key, secrets.token_bytes(32))
    with pytest.raises(VaultSubstituted):
        run(person.somebody_else(pins=pins, key=person.key).client.read_head(person.safe, person.key))


def test_wrapped_key_and_head_leave_only_sealed_after_ke3(person, run):
    run(person.set_up())
    run(person.client.set_head(person.safe, person.key, HEAD))
    finish = next(exchange for exchange in person.http.seen if exchange.path.endswith("registrations/finish"))
    wrapped_key = messages.FinishRegistration.from_bytes(finish.body).wrapped_key
    run(person.login())
    run(person.client.status(person.safe))
    replies = b"".join(exchange.reply for exchange in person.http.seen)
    for secret in (wrapped_key, HEAD, person.key.secret.expose()):
        for spelling in (secret, secret.hex().encode(), to_text(secret).encode()):
            assert spelling not in replies


def test_a_login_without_ke3_gets_nothing(person, run):
    run(person.set_up())
    started = Guess(person, PASSWORD).start().read(messages.LoginStarted)
    assert set(started.to_json()) == {"login", "record", "version", "ke2", "guesses_left"}


def test_the_owner_destroys_the_password_and_may_set_a_new_one(person, run):
    record = run(person.set_up())
    open_login = Guess(person, PASSWORD)
    started = open_login.start()
    run(person.client.destroy(person.safe, person.key, record, 1))
    run(person.client.destroy(person.safe, person.key, record, 1))
    assert person.record().sealed_evaluation is None
    assert run(person.client.status(person.safe)).state == "destroyed"
    assert open_login.finish(started).code == "login_gone"
    with pytest.raises(SiteRefused) as caught:
        run(person.login())
    assert caught.value.code == "record_destroyed"

    registered = run(person.client.register_password(person.safe, person.key, WRONG))
    assert registered.version == 2
    assert run(person.login(WRONG)).key.secret == person.key.secret


@pytest.mark.parametrize("wrong", ["key", "version", "record", "action"])
def test_only_the_owners_signature_for_this_record_destroys(person, run, wrong):
    record = run(person.set_up())
    ticket = person.site.ticket(person.account, person.safe, Purpose.DESTROY)
    signer = person.somebody_else() if wrong == "key" else person
    proof = signer.client.proof(
        ticket,
        person.safe,
        signer.key,
        Action.REGISTER_RECORD if wrong == "action" else Action.DESTROY_RECORD,
        hashlib.sha256(b"").digest(),
        record=bytes(16) if wrong == "record" else record,
        version=2 if wrong == "version" else 1,
    )
    refused = post("destroy", messages.Destroy(record, proof), ticket)
    assert (refused.status, refused.code) == (403, "proof_refused")
    assert person.record().state == "active"


def test_nobody_destroys_another_safes_record(person, run):
    record = run(person.set_up())
    other = person.somebody_else(account=secrets.token_bytes(16), safe=secrets.token_bytes(16))
    run(other.client.open_safe(other.safe, other.key))
    with pytest.raises(SiteRefused) as caught:
        run(other.client.destroy(other.safe, other.key, record, 1))
    assert caught.value.code == "record_missing"


def test_status_tells_the_account_what_it_may_know(person, run):
    run(person.client.open_safe(person.safe, person.key))
    assert run(person.client.status(person.safe)).state == "none"
    record = run(person.client.register_password(person.safe, person.key, PASSWORD)).record
    Guess(person, WRONG).start()
    status = run(person.client.status(person.safe))
    assert (status.record, status.state, status.version) == (record, "active", 1)
    assert (status.guesses_left, status.failures, status.locked_until) == (9, 1, None)
    assert status.created
