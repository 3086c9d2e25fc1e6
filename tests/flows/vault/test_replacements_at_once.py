"""One password changed from several browsers at the same moment: whatever wins, one works, and it was proved."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tests.flows.vault.world import PASSWORD, Guess, post
from vault.server.models import Event, Record
from vault.server.services import ending
from vault.wire import messages
from vault.wire.owner_proof import Action
from vault.wire.ticket import Purpose
from webapp.engine.crypto.keys import prepare_password
from webapp.engine.errors import SiteRefused
from webapp.engine.vault_client import Registered, WrongPassword

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.parametrize(
        ("database", "custody"),
        [("sqlite", "software"), ("postgresql", "software"), ("postgresql", "pkcs11")],
        indirect=True,
        ids=["sqlite", "postgresql", "hsm"],
    ),
]

NOTHING = hashlib.sha256(b"").digest()
ONE, OTHER = prepare_password("new donkey, new staple"), prepare_password("other donkey, other staple")


@pytest.fixture
def old(person, run):
    """The record of PASSWORD, version 1."""
    return Registered(run(person.set_up()), 1)


def staged_and_proved(person, run, password=ONE):
    staged = run(person.client.stage_password(person.safe, person.key, password))
    run(person.client.prove_staged(person.safe, person.key, password))
    return staged


def at_once(*works):
    """Each in a thread of its own, all let go together; → what each returned."""
    gate = threading.Barrier(len(works))

    def one(work):
        gate.wait(30)
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def promoting(person, old, staged):
    """The last step with a ticket of its own, signed; ready to be sent."""
    ticket = person.site.ticket(person.account, person.safe, Purpose.REPLACE)
    content = messages.replaced_content(old.record, old.version)
    signed = {"record": staged.record, "version": staged.version}
    proof = person.client.proof(ticket, person.safe, person.key, Action.REPLACE_RECORD, content, **signed)
    asked = messages.Promote(old.record, staged.record, proof)
    return lambda: answer(post("replacements/promote", asked, ticket))


def destroying(person, record):
    ticket = person.site.ticket(person.account, person.safe, Purpose.DESTROY)
    signed = {"record": record.record, "version": record.version}
    proof = person.client.proof(ticket, person.safe, person.key, Action.DESTROY_RECORD, NOTHING, **signed)
    asked = messages.Destroy(record.record, proof)
    return lambda: answer(post("destroy", asked, ticket))


def staging(person, run, password):
    """A whole registration beside what is there, as another browser does it."""
    browser = person.somebody_else(key=person.key)

    def stage():
        try:
            return run(browser.client.stage_password(browser.safe, browser.key, password))
        except SiteRefused as refused:
            return refused.code

    return stage


def answer(reply):
    return "done" if reply.status == 200 else reply.code


def in_state(*states):
    return [bytes(one.record_id) for one in Record.objects.using("vault").filter(state__in=states).order_by("version")]


def told(record):
    return list(Event.objects.using("vault").filter(record__record_id=record).values_list("kind", flat=True))


def opening(person, run, *passwords):
    """Those of the passwords that open the safe."""

    def opens(password):
        try:
            return run(person.login(password)).key.secret == person.key.secret
        except (WrongPassword, SiteRefused):
            return False

    return [password for password in passwords if opens(password)]


def test_a_last_step_sent_eight_times_at_once_is_one(person, run, old):
    staged = staged_and_proved(person, run)
    assert at_once(*[promoting(person, old, staged) for _ in range(8)]) == ["done"] * 8
    assert (in_state("active"), in_state("destroyed")) == ([staged.record], [old.record])
    assert (told(staged.record).count("promoted"), told(old.record).count("replaced")) == (1, 1)
    assert opening(person, run, PASSWORD, ONE) == [ONE]


def test_of_two_browsers_that_stage_at_once_one_waits_and_the_old_password_works(person, run, old):
    staged = at_once(staging(person, run, ONE), staging(person, run, OTHER))
    waiting = in_state("staged")
    assert len(waiting) == 1
    assert waiting[0] in [one.record for one in staged if isinstance(one, Registered)]
    assert {one for one in staged if not isinstance(one, Registered)} <= {"record_gone"}
    assert in_state("active") == [old.record]
    assert opening(person, run, PASSWORD, ONE, OTHER) == [PASSWORD]


def test_a_last_step_beside_another_browsers_first_leaves_one_password(person, run, old):
    staged = staged_and_proved(person, run)
    promoted, later = at_once(promoting(person, old, staged), staging(person, run, OTHER))
    # Staged in between, the other one has ended what was to be promoted.
    assert promoted in ("done", "record_gone")
    assert isinstance(later, Registered)
    assert in_state("staged") == [later.record]
    assert in_state("active") == [staged.record if promoted == "done" else old.record]
    assert opening(person, run, PASSWORD, ONE, OTHER) == [ONE if promoted == "done" else PASSWORD]


def test_a_last_step_beside_the_removal_of_the_password_obeys_the_owner_in_either_order(person, run, old):
    staged = staged_and_proved(person, run)
    promoted, removed = at_once(promoting(person, old, staged), destroying(person, old))
    assert removed == "done"
    # Removed first, the waiting one ended with it; promoted first, there was nothing left to remove.
    assert promoted in ("done", "record_gone")
    assert in_state("active", "staged") == ([staged.record] if promoted == "done" else [])
    assert opening(person, run, PASSWORD, ONE) == ([ONE] if promoted == "done" else [])


def test_a_last_step_beside_a_guess_at_the_waiting_one_promotes_nothing_unproved(person, run, old):
    staged = staged_and_proved(person, run)
    guess = person.staged_guess(ONE)
    promoted, guessed = at_once(promoting(person, old, staged), lambda: answer(guess.start()))
    # Promoted first, nothing waits there any more; charged first, it is no longer proved.
    assert (promoted, guessed) in (("done", "record_gone"), ("record_unproved", "done"))
    assert in_state("active") == [staged.record if promoted == "done" else old.record]
    assert opening(person, run, PASSWORD, ONE) == [ONE if promoted == "done" else PASSWORD]


def test_a_last_step_beside_the_sweep_at_the_end_of_the_hour_leaves_one_password(person, run, old, clock):
    staged = staged_and_proved(person, run)
    clock.move(seconds=3600)
    promoted, _ = at_once(promoting(person, old, staged), ending.sweep)
    assert promoted == "record_gone"
    assert (in_state("active"), in_state("staged")) == ([old.record], [])
    assert opening(person, run, PASSWORD, ONE) == [PASSWORD]


def test_a_last_step_beside_the_last_guesses_at_the_old_password_leaves_the_new_one(person, run, old, no_waits):
    staged = staged_and_proved(person, run)
    for _ in range(9):
        Guess(person, OTHER).start()
    tenth = Guess(person, OTHER)
    promoted, guessed = at_once(promoting(person, old, staged), lambda: answer(tenth.start()))
    assert promoted == "done"
    # Charged to whichever of the two was active then; login_gone: to the old one, which ended before it could answer.
    assert guessed in ("done", "login_gone")
    assert in_state("active") == [staged.record]
    assert opening(person, run, PASSWORD, ONE) == [ONE]
