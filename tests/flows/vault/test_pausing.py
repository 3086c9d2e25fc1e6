"""Guessing paused by "this wasn't me": nothing is charged, nothing given back, no wait touched, until it is resumed."""

import pytest

from tests.flows.vault.world import PASSWORD, WRONG, Guess, post, sql
from vault.server.models import Event, Record
from vault.server.services import counter, ending, rotation
from vault.wire import messages
from vault.wire.ticket import NOBODY, Purpose

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True),
]


def tell(person, path, safe=NOBODY, account=None):
    purpose = {"pause": Purpose.PAUSE, "resume": Purpose.RESUME}[path]
    reply = post(path, messages.Empty(), person.site.ticket(account or person.account, safe, purpose))
    return reply.read(messages.Paused).records


def kinds(record):
    return list(Event.objects.using("vault").filter(record=record).order_by("number").values_list("kind", flat=True))


def counted(record):
    return record.guesses_left, record.failures, record.charges, record.locked_until


def test_a_guess_while_paused_is_refused_and_costs_nothing(person, run):
    run(person.set_up())
    Guess(person, WRONG).start()
    before = counted(person.record())
    assert tell(person, "pause") == 1
    refused = Guess(person, PASSWORD).start()
    assert (refused.status, refused.code) == (403, "guessing_paused")
    assert counted(person.record()) == before
    assert tell(person, "resume") == 1
    assert counted(person.record()) == before
    assert run(person.login()).failures == 1


def test_both_are_told_once_in_the_records_chain(person, run):
    run(person.set_up())
    assert [tell(person, "pause"), tell(person, "pause"), tell(person, "resume"), tell(person, "resume")] == [
        1,
        0,
        1,
        0,
    ]
    assert kinds(person.record())[-2:] == ["paused", "resumed"]


def test_the_refused_ticket_is_good_after_the_pause(person, run):
    run(person.set_up())
    tell(person, "pause")
    guess = Guess(person, PASSWORD)
    assert guess.start().code == "guessing_paused"
    tell(person, "resume")
    assert guess.start().status == 200


def test_the_proof_of_an_earlier_guess_counts_and_does_not_end_the_pause(person, run):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    started = guess.start()
    tell(person, "pause")
    assert guess.finish(started).status == 200
    record = person.record()
    assert (record.guesses_left, record.paused) == (10, True)
    assert Guess(person, PASSWORD).start().code == "guessing_paused"


def test_the_last_guess_ends_unproven_while_paused(person, run, clock, no_waits):
    run(person.set_up())
    for _ in range(10):
        Guess(person, WRONG).start()
    tell(person, "pause")
    clock.move(seconds=61)
    ending.sweep()
    record = person.record()
    assert (record.state, record.paused, record.sealed_evaluation) == ("destroyed", False, None)
    assert tell(person, "resume") == 0
    assert person.record().state == "destroyed"


def test_a_lock_runs_on_and_is_neither_shortened_nor_prolonged(person, run, clock):
    run(person.set_up())
    for _ in range(3):
        Guess(person, WRONG).start()
    until = person.record().locked_until
    tell(person, "pause")
    assert person.record().locked_until == until
    tell(person, "resume")
    assert Guess(person, WRONG).start().code == "record_locked"
    tell(person, "pause")
    clock.move(seconds=61)
    assert ending.lift_locks() == (1, 0)
    tell(person, "resume")
    assert Guess(person, WRONG).start().status == 200


def test_only_this_accounts_records_are_paused(person, run):
    other = person.somebody_else(account=b"o" * 16, safe=b"s" * 16)
    run(person.set_up())
    run(other.set_up())
    assert tell(person, "pause", safe=other.safe) == 0
    assert tell(person, "pause") == 1
    assert not other.record().paused


@pytest.mark.parametrize("purpose", [Purpose.LOGIN, Purpose.STATUS, Purpose.RESUME, Purpose.EVENTS, Purpose.FEED])
def test_a_ticket_for_something_else_pauses_nothing(person, run, purpose):
    run(person.set_up())
    ticket = person.site.ticket(person.account, person.safe, purpose)
    assert post("pause", messages.Empty(), ticket).code == "ticket_refused"
    assert not person.record().paused


def test_an_edited_pause_closes_the_record(person, run):
    run(person.set_up())
    tell(person, "pause")
    sql("UPDATE vault_record SET paused = %s", False)
    assert Guess(person, PASSWORD).start().code == "record_closed"


def test_a_pause_survives_a_rotation(person, run):
    run(person.set_up())
    tell(person, "pause")
    rotation.rotate()
    record = Record.objects.using("vault").get(pk=person.record().pk)
    assert counter.read(record).paused
    assert Guess(person, PASSWORD).start().code == "guessing_paused"


def test_status_tells_the_pause(person, run):
    run(person.set_up())
    assert not run(person.client.status(person.safe)).paused
    tell(person, "pause")
    assert run(person.client.status(person.safe)).paused
