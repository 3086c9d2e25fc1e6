"""The vault believes the site one thing: a signed ticket, for one purpose and one safe, for a minute, once."""

import secrets
import time

import pytest

from tests.flows.vault.world import PASSWORD, Guess, Site, post
from vault.server import tickets
from vault.server.clock import database_now
from vault.server.models import SpentTicket
from vault.wire import messages
from vault.wire.encoding import from_text, to_text
from vault.wire.routes import ROUTES as TABLE
from vault.wire.ticket import PAYLOAD_BYTES, Purpose

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

ROUTES = {route.path: route.purpose for route in TABLE if route.purpose is not None}


def ask_status(ticket):
    return post("status", messages.Empty(), ticket)


def test_a_ticket_is_spent_once(person, run):
    run(person.set_up())
    ticket = person.site.ticket(person.account, person.safe, Purpose.STATUS)
    assert ask_status(ticket).status == 200
    again = ask_status(ticket)
    assert (again.status, again.code) == (409, "ticket_spent")


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_refuses_a_ticket_of_every_other_purpose(person, path):
    for purpose in set(Purpose) - {ROUTES[path]}:
        refused = post(path, messages.Empty(), person.site.ticket(person.account, person.safe, purpose))
        assert (refused.status, refused.code) == (403, "ticket_refused")


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_needs_a_ticket(person, path):
    assert (post(path, messages.Empty(), None).status, post(path, messages.Empty(), "").code) == (
        401,
        "ticket_missing",
    )


def test_an_expired_ticket_is_refused(person, run):
    run(person.set_up())
    old = person.site.ticket(person.account, person.safe, Purpose.STATUS, expiry=int(time.time()) - 1)
    refused = ask_status(old)
    assert (refused.status, refused.code) == (401, "ticket_expired")


def test_a_ticket_that_claims_a_long_life_is_refused(person, run):
    run(person.set_up())
    long = person.site.ticket(person.account, person.safe, Purpose.STATUS, expiry=int(time.time()) + 120)
    assert ask_status(long).code == "ticket_refused"
    assert SpentTicket.objects.using("vault").count() == len(person.tickets_used)


def test_another_sites_ticket_is_refused(person):
    assert ask_status(Site().ticket(person.account, person.safe, Purpose.STATUS)).code == "ticket_refused"


@pytest.mark.parametrize("position", [0, 32, 48, 64, 87, PAYLOAD_BYTES - 1, PAYLOAD_BYTES, -1])
def test_a_ticket_with_a_changed_byte_is_refused(person, position):
    value = bytearray(from_text(person.site.ticket(person.account, person.safe, Purpose.STATUS)))
    value[position] ^= 1
    assert ask_status(to_text(bytes(value))).code == "ticket_refused"


@pytest.mark.parametrize("text", ["x", "A" * 231, "A" * 100_000, "A" * 230 + "=", "é" * 10])
def test_what_is_no_ticket_is_refused(person, text):
    assert ask_status(text).code == "ticket_refused"


def test_a_ticket_for_one_safe_says_nothing_about_another(person, run):
    run(person.set_up())
    other = person.somebody_else(safe=secrets.token_bytes(16))
    run(other.set_up())
    guess = Guess(person, PASSWORD)
    guess.ticket = person.site.ticket(person.account, secrets.token_bytes(16), Purpose.LOGIN)
    assert guess.start().code == "safe_unknown"
    guess.ticket = person.site.ticket(secrets.token_bytes(16), person.safe, Purpose.LOGIN)
    assert guess.start().code == "safe_unknown"
    assert person.record().charges == 0


def test_ke3_counts_only_with_the_ticket_of_its_ke1(person, run):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    started = guess.start()
    fresh = person.site.ticket(person.account, person.safe, Purpose.LOGIN)
    refused = guess.finish(started, ticket=fresh)
    assert (refused.status, refused.code) == (410, "login_gone")
    assert guess.finish(started).status == 200


def test_a_login_is_finished_once(person, run):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    started = guess.start()
    assert guess.finish(started).status == 200
    assert guess.finish(started).code == "login_gone"
    assert guess.start().code == "ticket_spent"


def test_a_refused_request_does_not_spend_the_ticket(person, run):
    run(person.client.open_safe(person.safe, person.key))
    guess = Guess(person, PASSWORD)
    assert guess.start().code == "record_missing"
    run(person.client.register_password(person.safe, person.key, PASSWORD))
    assert guess.start().status == 200


def test_spent_tickets_are_forgotten_long_after_they_expired(person, run):
    run(person.set_up())
    kept = SpentTicket.objects.using("vault").count()
    assert kept == 3
    assert tickets.forget_spent(database_now()) == 0
    assert tickets.forget_spent(database_now() + tickets.KEPT_AFTER_EXPIRY) == 0
    later = database_now() + tickets.KEPT_AFTER_EXPIRY + tickets.KEPT_AFTER_EXPIRY
    assert tickets.forget_spent(later) == kept


def test_the_sites_key_may_come_from_a_function(person, run, settings):
    key = settings.VAULT_TICKET_PUBLIC_KEY
    settings.VAULT_TICKET_PUBLIC_KEY = lambda: key
    run(person.set_up())
