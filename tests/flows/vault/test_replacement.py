"""Changing a password: the old one works until the new one was proved, and the last step is one step."""

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.flows.vault.world import PASSWORD, WRONG, Guess, post
from vault.server.models import Event, Record
from vault.server.services import counter, ending, replacement, restoring, rotation
from vault.wire import messages
from vault.wire.owner_proof import Action
from vault.wire.ticket import Purpose
from webapp.engine.crypto.keys import prepare_password
from webapp.engine.errors import NetworkDown, SiteRefused
from webapp.engine.vault_client import ChangeUnsure, Registered, VaultPins, VaultSubstituted, WrongPassword

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

NEW = prepare_password("new donkey, new staple")

# What the database and custody have a say in is asked of each.
everywhere = pytest.mark.parametrize(
    ("database", "custody"),
    [("sqlite", "software"), ("postgresql", "software"), ("postgresql", "pkcs11")],
    indirect=True,
    ids=["sqlite", "postgresql", "hsm"],
)


@pytest.fixture
def old(person, run):
    """The record of PASSWORD, version 1."""
    return Registered(run(person.set_up()), 1)


def stage(person, run, password=NEW):
    return run(person.client.stage_password(person.safe, person.key, password))


def prove(person, run, password=NEW):
    run(person.client.prove_staged(person.safe, person.key, password))


def promote(person, run, old, staged):
    run(person.client.promote_staged(person.safe, person.key, old, staged))


def states():
    return list(Record.objects.using("vault").order_by("version").values_list("state", flat=True))


def kinds(record):
    return list(
        Event.objects.using("vault").filter(record__record_id=record).order_by("number").values_list("kind", flat=True)
    )


def code_of(run, awaitable):
    with pytest.raises(SiteRefused) as caught:
        run(awaitable)
    return caught.value.code


def promotion(person, old, staged, action=Action.REPLACE_RECORD, **changes):
    """The last request, signed, with one thing changed."""
    ticket = person.site.ticket(person.account, person.safe, Purpose.REPLACE)
    signed = {"replaced": old.record, "replaced_version": old.version, "record": staged.record, "version": 2} | changes
    signer = signed.pop("signer", person)
    content = messages.replaced_content(signed.pop("replaced"), signed.pop("replaced_version"))
    proof = signer.client.proof(ticket, person.safe, signer.key, action, content, **signed)
    return ticket, messages.Promote(old.record, staged.record, proof)


@everywhere
def test_a_new_password_takes_the_old_ones_place(person, run, old):
    staged = stage(person, run)
    prove(person, run)
    promote(person, run, old, staged)
    assert run(person.login(NEW)).key.secret == person.key.secret
    with pytest.raises(WrongPassword):
        run(person.login(PASSWORD))
    assert states() == ["destroyed", "active"]
    assert kinds(old.record)[-1] == "replaced"
    assert kinds(staged.record)[:5] == ["answered", "staged", "guess_charged", "recovered", "promoted"]


@everywhere
def test_the_replaced_record_holds_nothing_and_its_open_logins_end(person, run, old):
    running = Guess(person, PASSWORD)
    started = running.start()
    staged = stage(person, run)
    prove(person, run)
    promote(person, run, old, staged)
    row = Record.objects.using("vault").get(record_id=old.record)
    assert (row.sealed_evaluation, row.sealed_wrapped_key, row.content, row.guesses_left) == (None, None, None, 0)
    assert running.finish(started).code == "login_gone"


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_until_the_last_step_the_old_password_works(person, run, old, steps):
    for step in (stage, prove)[:steps]:
        step(person, run)
    assert run(person.login(PASSWORD)).key.secret == person.key.secret
    with pytest.raises(WrongPassword):
        run(person.login(NEW))


@everywhere
def test_a_change_begun_again_goes_on_whatever_was_left(person, run, old):
    first = stage(person, run)
    prove(person, run)
    second = stage(person, run, WRONG)
    assert person.state_of(first.record) == "destroyed"
    assert kinds(first.record)[-1] == "dropped"
    prove(person, run, WRONG)
    promote(person, run, old, second)
    assert run(person.login(WRONG)).key.secret == person.key.secret


@everywhere
def test_what_was_not_proved_is_not_promoted(person, run, old):
    staged = stage(person, run)
    assert code_of(run, person.client.promote_staged(person.safe, person.key, old, staged)) == "record_unproved"
    with pytest.raises(WrongPassword):
        prove(person, run, WRONG)
    assert code_of(run, person.client.promote_staged(person.safe, person.key, old, staged)) == "record_unproved"
    assert states() == ["active", "staged"]


@everywhere
def test_a_guess_begun_after_the_proof_stops_the_promotion(person, run, old):
    staged = stage(person, run)
    prove(person, run)
    person.staged_guess(WRONG).start()
    assert code_of(run, person.client.promote_staged(person.safe, person.key, old, staged)) == "record_unproved"
    prove(person, run)
    promote(person, run, old, staged)


@pytest.mark.parametrize(
    "changes",
    [
        {"action": Action.STAGE_RECORD},
        {"action": Action.DESTROY_RECORD},
        {"replaced": bytes(16)},
        {"replaced_version": 9},
        {"record": bytes(16)},
        {"version": 3},
        {"signer": None},
    ],
    ids=lambda changes: " ".join(map(str, changes)),
)
def test_only_the_owners_signature_over_old_and_new_record_promotes(person, run, old, changes):
    staged = stage(person, run)
    prove(person, run)
    if "signer" in changes:
        changes = {"signer": person.somebody_else()}
    ticket, asked = promotion(person, old, staged, **changes)
    refused = post("replacements/promote", asked, ticket)
    assert (refused.status, refused.code) == (403, "proof_refused")
    assert states() == ["active", "staged"]


def test_staging_needs_the_owners_signature_for_staging(person, run, old, monkeypatch):
    client, action = person.client, Action.REGISTER_RECORD
    real = type(client).proof

    def signing(self, ticket, safe, key, asked, content, **where):
        return real(self, ticket, safe, key, action if asked is Action.STAGE_RECORD else asked, content, **where)

    with monkeypatch.context() as other:
        other.setattr(type(client), "proof", signing)
        assert code_of(run, client.stage_password(person.safe, person.key, NEW)) == "proof_refused"
    stranger = person.somebody_else()
    assert code_of(run, stranger.client.stage_password(person.safe, stranger.key, NEW)) == "proof_refused"


@everywhere
def test_a_lost_reply_of_the_last_step_is_asked_for_again(person, run, old, monkeypatch):
    staged = stage(person, run)
    prove(person, run)
    person.http.lose = 1
    promote(person, run, old, staged)
    assert states() == ["destroyed", "active"]


def test_a_last_step_that_is_never_answered_says_that_either_password_may_work(person, run, old):
    staged = stage(person, run)
    prove(person, run)
    person.http.lose = 3
    with pytest.raises(ChangeUnsure):
        promote(person, run, old, staged)


def test_without_a_line_the_old_password_is_sure(person, run, old, monkeypatch):
    staged = stage(person, run)
    prove(person, run)

    async def no_line(safe, purpose):
        raise NetworkDown

    person.ticket = no_line
    with pytest.raises(NetworkDown):
        promote(person, run, old, staged)
    assert states() == ["active", "staged"]


@everywhere
@pytest.mark.parametrize("write", [1, 2])
def test_a_crash_within_the_last_step_leaves_the_old_password(person, run, old, monkeypatch, write):
    staged = stage(person, run)
    prove(person, run)
    real, written = counter.write, []

    def dying(*given, **changes):
        written.append(real(*given, **changes))
        if len(written) == write:
            raise RuntimeError("power cut")

    monkeypatch.setattr(replacement.counter, "write", dying)
    ticket, asked = promotion(person, old, staged)
    assert post("replacements/promote", asked, ticket).status == 500
    monkeypatch.undo()
    assert states() == ["active", "staged"]
    assert run(person.login(PASSWORD)).key.secret == person.key.secret
    promote(person, run, old, staged)
    assert states() == ["destroyed", "active"]


def test_staged_and_active_record_count_their_guesses_apart(person, run, old):
    staged = stage(person, run)
    for _ in range(2):
        person.staged_guess(WRONG).start()
    Guess(person, WRONG).start()
    left = dict(Record.objects.using("vault").values_list("record_id", "guesses_left"))
    assert left == {old.record: 9, staged.record: 8}


@everywhere
@pytest.mark.usefixtures("no_waits")
def test_ten_unproven_guesses_destroy_a_staged_record_and_nothing_else(person, run, old):
    stage(person, run)
    guesses = [person.staged_guess(WRONG) for _ in range(11)]
    replies = [guess.start() for guess in guesses]
    assert [reply.status for reply in replies] == [200] * 10 + [403]
    guesses[9].finish(replies[9], bytes(64))
    assert states() == ["active", "destroyed"]
    assert person.staged_guess(NEW).start().code == "record_gone"
    assert run(person.login(PASSWORD)).guesses_before == 10


def test_guesses_at_a_staged_record_wait_like_any(person, run, old):
    stage(person, run)
    statuses = [person.staged_guess(WRONG).start().status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert Guess(person, WRONG).start().status == 200


@everywhere
@pytest.mark.usefixtures("no_waits")
def test_a_safe_whose_old_password_was_guessed_away_keeps_the_new_one(person, run, old):
    staged = stage(person, run)
    prove(person, run)
    for _ in range(10):
        last = Guess(person, WRONG)
        reply = last.start()
    last.finish(reply, bytes(64))
    assert states() == ["destroyed", "staged"]
    promote(person, run, old, staged)
    assert run(person.login(NEW)).key.secret == person.key.secret


@everywhere
def test_a_staged_record_lives_for_an_hour(person, run, old, clock):
    staged = stage(person, run)
    prove(person, run)
    waiting = run(person.client.status(person.safe))
    assert (waiting.record, waiting.state, waiting.staged) == (old.record, "active", staged.record)
    clock.move(seconds=3590)
    assert ending.sweep().staged == 0
    clock.move(seconds=20)
    assert run(person.client.status(person.safe)).staged is None
    assert person.staged_guess(NEW).start().code == "record_gone"
    assert code_of(run, person.client.promote_staged(person.safe, person.key, old, staged)) == "record_gone"
    assert ending.sweep().staged == 1
    assert ending.sweep().staged == 0
    assert kinds(staged.record)[-1] == "dropped"
    assert run(person.login(PASSWORD)).key.secret == person.key.secret


@everywhere
def test_a_password_changed_elsewhere_meanwhile_is_not_replaced_unawares(person, run, old):
    here = stage(person, run)
    prove(person, run)
    promote(person, run, old, here)
    later = stage(person, run, WRONG)
    prove(person, run, WRONG)
    assert code_of(run, person.client.promote_staged(person.safe, person.key, old, later)) == "record_replaced"
    promote(person, run, here, later)


def test_there_must_be_a_password_to_replace(person, run):
    run(person.client.open_safe(person.safe, person.key))
    assert code_of(run, person.client.stage_password(person.safe, person.key, NEW)) == "record_missing"
    record = run(person.client.register_password(person.safe, person.key, PASSWORD)).record
    run(person.client.destroy(person.safe, person.key, record, 1))
    assert code_of(run, person.client.stage_password(person.safe, person.key, NEW)) == "record_destroyed"


@everywhere
def test_removing_the_password_ends_the_one_that_waits_too(person, run, old):
    stage(person, run)
    prove(person, run)
    run(person.client.destroy(person.safe, person.key, old.record, old.version))
    assert states() == ["destroyed", "destroyed"]


def test_nothing_of_another_safe_is_promoted(person, run, old):
    staged = stage(person, run)
    prove(person, run)
    other = person.somebody_else(safe=hashlib.sha256(b"other").digest()[:16])
    run(other.set_up())
    assert code_of(run, other.client.promote_staged(other.safe, other.key, old, staged)) == "record_gone"


def test_a_login_ticket_does_not_reach_the_staged_record_nor_the_other_way_round(person, run, old):
    stage(person, run)
    wrong_way = Guess(person, NEW, path="replacements/logins", ticket=Guess(person, NEW).ticket)
    assert wrong_way.start().code == "ticket_refused"
    other_way = Guess(person, NEW, ticket=person.staged_guess(NEW).ticket)
    assert other_way.start().code == "ticket_refused"


def test_a_substituted_vault_stages_nothing(person, run, old):
    pins = VaultPins(person.pins.opaque_public_key, bytes(32))
    with pytest.raises(VaultSubstituted):
        stage(person.somebody_else(pins=pins, key=person.key), run)
    assert "staged" not in states()


@everywhere
def test_a_rotation_between_the_steps_loses_nothing(person, run, old):
    rotation.rotate()
    staged = stage(person, run)
    rotation.rotate()
    prove(person, run)
    rotation.rotate()
    promote(person, run, old, staged)
    rotation.rotate()
    assert run(person.login(NEW)).key.secret == person.key.secret


@everywhere
def test_a_restore_cuts_the_staged_budget_too(person, run, old):
    stage(person, run)
    restoring.after_restore()
    assert set(Record.objects.using("vault").values_list("guesses_left", flat=True)) == {3}


@everywhere
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["stage", "prove", "promote", "sweep", "login"]))
def test_in_whatever_order_the_steps_come_one_password_works(person, run, site, order):
    someone = person.somebody_else(
        account=hashlib.sha256(repr(order).encode()).digest()[:16],
        safe=hashlib.sha256(repr(order).encode()).digest()[16:],
    )
    old, staged = Registered(run(someone.set_up()), 1), Registered(bytes(16), 2)
    for step in order:
        try:
            if step == "stage":
                staged = stage(someone, run)
            elif step == "prove":
                prove(someone, run)
            elif step == "promote":
                promote(someone, run, old, staged)
            elif step == "sweep":
                ending.sweep()
            else:
                run(someone.login(PASSWORD))
        except (SiteRefused, WrongPassword):
            continue
    changed = person.state_of(old.record) == "destroyed"
    assert changed == (order.index("stage") < order.index("prove") < order.index("promote"))
    assert run(someone.login(NEW if changed else PASSWORD)).key.secret == someone.key.secret
