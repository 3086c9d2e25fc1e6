"""Setting a password: one answer a key, recognised by the vault's signature, sealed, signed by the owner."""

import hashlib
import secrets

import pytest

from tests.flows.vault.world import PASSWORD, WRONG, post, sql
from vault.opaque import ClientRegistration, Configuration, IdentityKSF
from vault.server.models import Record
from vault.server.services import ending, registration
from vault.server.sodium import SodiumGroup
from vault.wire import messages
from vault.wire.encoding import to_text
from vault.wire.owner_proof import Action
from vault.wire.ticket import Purpose, decode
from webapp.engine.errors import SiteRefused
from webapp.engine.vault_client import VaultPins, VaultSubstituted, WrongPassword

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def begin(person, password=PASSWORD):
    configuration = Configuration(group=SodiumGroup(), ksf=IdentityKSF())
    client, request = ClientRegistration.create_request(configuration, password.expose())
    asked = messages.StartRegistration(request.to_bytes())
    reply = post("registrations", asked, person.site.ticket(person.account, person.safe, Purpose.REGISTER))
    return client, asked, reply


def sign(person, ticket, action, content, **where):
    return person.client.proof(ticket, person.safe, person.key, action, content, **where)


def finishing(person, started, registration_record=None, wrapped_key=bytes(60), **changes):
    ticket = changes.pop("ticket", None) or person.site.ticket(person.account, person.safe, Purpose.REGISTER)
    stored = registration_record or RECORD
    content = hashlib.sha256(stored + wrapped_key).digest()
    where = {"record": started.record, "version": started.version} | changes
    proof = sign(person, ticket, Action.REGISTER_RECORD, content, **where)
    return ticket, messages.FinishRegistration(started.record, stored, wrapped_key, proof)


# A registration record only needs a valid element in front to be stored.
RECORD = bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76") + bytes(160)


def test_one_key_answers_one_registration_request(person, run):
    run(person.client.open_safe(person.safe, person.key))
    _, asked, first = begin(person)
    again = post("registrations", asked, person.site.ticket(person.account, person.safe, Purpose.REGISTER))
    one, two = first.read(messages.RegistrationStarted), again.read(messages.RegistrationStarted)
    assert one.record != two.record
    assert one.registration_response[:32] != two.registration_response[:32]
    assert two.version == one.version + 1
    assert [record.record_id for record in Record.objects.using("vault").all()] == [two.record]


def test_the_record_is_stored_before_its_key_answers(person, run, monkeypatch):
    run(person.client.open_safe(person.safe, person.key))
    seen = []
    real = registration.create_registration_response

    def looking(*args, **kwargs):
        seen.append(sql("SELECT state FROM vault_record"))
        return real(*args, **kwargs)

    monkeypatch.setattr(registration, "create_registration_response", looking)
    assert begin(person)[2].status == 201
    assert seen == [[("pending",)]]


def test_a_pending_record_answers_no_guess(person, run):
    run(person.client.open_safe(person.safe, person.key))
    begin(person)
    with pytest.raises(SiteRefused) as caught:
        run(person.login())
    assert caught.value.code == "record_missing"


def test_a_safe_has_one_password(person, run):
    run(person.set_up())
    with pytest.raises(SiteRefused) as caught:
        run(person.client.register_password(person.safe, person.key, WRONG))
    assert caught.value.code == "record_active"
    assert Record.objects.using("vault").count() == 1
    assert run(person.login()).key.secret == person.key.secret


def test_two_registrations_that_race_leave_one_active_record(person, run):
    run(person.client.open_safe(person.safe, person.key))
    started = begin(person)[2].read(messages.RegistrationStarted)
    newer = begin(person)[2].read(messages.RegistrationStarted)
    ticket, lost = finishing(person, started)
    assert post("registrations/finish", lost, ticket).code == "record_gone"
    ticket, won = finishing(person, newer)
    assert post("registrations/finish", won, ticket).status == 200


def test_finishing_again_after_a_lost_reply_is_fine_with_the_same_content_only(person, run):
    run(person.client.open_safe(person.safe, person.key))
    started = begin(person)[2].read(messages.RegistrationStarted)
    for wrapped_key, status in ((b"w" * 60, 200), (b"w" * 60, 200), (b"x" * 60, 409)):
        ticket, finish = finishing(person, started, wrapped_key=wrapped_key)
        assert post("registrations/finish", finish, ticket).status == status


@pytest.mark.parametrize(
    "spoil",
    [
        lambda person, started: finishing(person, started, version=started.version + 1),
        lambda person, started: finishing(person, started, record=secrets.token_bytes(16)),
        lambda person, started: (
            finishing(person, started)[0],
            finishing(person, started)[1],
        ),
        lambda person, started: (
            (made := finishing(person, started))[0],
            messages.FinishRegistration(started.record, RECORD, b"x" * 60, made[1].proof),
        ),
        lambda person, started: finishing(person.somebody_else(), started),
    ],
    ids=["another version", "another record", "another ticket", "another content", "another key"],
)
def test_only_the_owners_signature_over_exactly_this_finishes(person, run, spoil):
    run(person.client.open_safe(person.safe, person.key))
    started = begin(person)[2].read(messages.RegistrationStarted)
    ticket, finish = spoil(person, started)
    refused = post("registrations/finish", finish, ticket)
    assert (refused.status, refused.code) == (403, "proof_refused")
    assert person.record().state == "pending"


def test_a_registration_record_no_login_could_use_is_refused(person, run):
    run(person.client.open_safe(person.safe, person.key))
    started = begin(person)[2].read(messages.RegistrationStarted)
    ticket, finish = finishing(person, started, registration_record=bytes(192))
    assert post("registrations/finish", finish, ticket).code == "malformed"


def test_an_abandoned_registration_is_forgotten(person, run, monkeypatch):
    monkeypatch.setattr("vault.lockout.PENDING_SECONDS", 0)
    run(person.client.open_safe(person.safe, person.key))
    started = begin(person)[2].read(messages.RegistrationStarted)
    ticket, finish = finishing(person, started)
    assert post("registrations/finish", finish, ticket).code == "record_gone"
    assert ending.sweep().pending == 1
    assert not Record.objects.using("vault").exists()


def test_a_substituted_vault_is_caught_before_anything_is_finished(person, run):
    run(person.client.open_safe(person.safe, person.key))
    for pins in (
        VaultPins(person.pins.opaque_public_key, secrets.token_bytes(32)),
        VaultPins(secrets.token_bytes(32), person.pins.signing_public_key),
    ):
        stranger = person.somebody_else(pins=pins, key=person.key)
        with pytest.raises(VaultSubstituted):
            run(stranger.client.register_password(person.safe, person.key, PASSWORD))
        with pytest.raises(VaultSubstituted):
            run(stranger.client.check_identity())
        assert "/vault/v1/registrations/finish" not in [exchange.path for exchange in stranger.http.seen]
    run(person.client.check_identity())


@pytest.mark.parametrize("name", ["record", "version", "registration_response"])
def test_an_answer_changed_on_its_way_is_caught(person, run, name, monkeypatch):
    run(person.client.open_safe(person.safe, person.key))
    real = registration.start
    other = {"record": secrets.token_bytes(16), "version": 77, "registration_response": RECORD[:32] * 2}[name]

    def changed(ticket, request):
        reply = real(ticket, request)
        values = {field: getattr(reply, field) for field in ("record", "version", "registration_response", "signature")}
        return messages.RegistrationStarted(**(values | {name: other}))

    monkeypatch.setattr(registration, "start", changed)
    with pytest.raises(VaultSubstituted):
        run(person.client.register_password(person.safe, person.key, PASSWORD))


def test_a_login_at_another_vault_stops_before_ke3(person, run):
    run(person.set_up())
    pins = VaultPins(secrets.token_bytes(32), person.pins.signing_public_key)
    stranger = person.somebody_else(pins=pins, key=person.key)
    with pytest.raises(WrongPassword):
        run(stranger.login())
    assert "/vault/v1/logins/finish" not in [exchange.path for exchange in stranger.http.seen]


def test_the_owners_key_of_a_safe_is_set_once(person, run):
    run(person.client.open_safe(person.safe, person.key))
    run(person.client.open_safe(person.safe, person.key))
    other = person.somebody_else()
    with pytest.raises(SiteRefused) as caught:
        run(other.client.open_safe(person.safe, other.key))
    assert caught.value.code == "safe_exists"
    thief = person.somebody_else(account=secrets.token_bytes(16), key=person.key)
    with pytest.raises(SiteRefused) as caught:
        run(thief.client.open_safe(person.safe, thief.key))
    assert caught.value.code == "safe_exists"


def test_opening_a_safe_needs_the_signature_of_the_key_it_names(person):
    ticket = person.site.ticket(person.account, person.safe, Purpose.OPEN_SAFE)
    other = person.somebody_else()
    public = other.client.provider.ed25519_public(other.key.owner_seed.expose())
    proof = sign(person, ticket, Action.CREATE_SAFE, hashlib.sha256(public).digest())
    assert post("safes", messages.OpenSafe(public, proof), ticket).code == "proof_refused"


def test_a_safe_the_vault_does_not_know_gets_no_record(person, run):
    assert begin(person)[2].code == "safe_unknown"
    with pytest.raises(SiteRefused) as caught:
        run(person.client.status(person.safe))
    assert caught.value.code == "safe_unknown"


def test_the_nonce_of_a_proof_is_its_ticket(person, run):
    run(person.client.open_safe(person.safe, person.key))
    (exchange,) = person.http.seen
    ticket, _ = decode(exchange.headers["Coffer-Ticket"])
    assert to_text(ticket.ticket_id) not in exchange.body.decode()
    # The same body under another ticket of the same purpose is worth nothing.
    again = person.site.ticket(person.account, person.safe, Purpose.OPEN_SAFE)
    assert post("safes", exchange.body, again).code == "proof_refused"
