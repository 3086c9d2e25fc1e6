"""What the owner reads of a safe's history, signed, and what the site takes from the feed."""

import pytest

from tests.flows.vault.world import PASSWORD, WRONG, Guess, post, sql
from vault.lockout import Event as Kind
from vault.opaque import ClientRegistration
from vault.server import crypto
from vault.server.models import Event
from vault.server.services import ending, events, rotation
from vault.wire import messages
from vault.wire.event_chain import ChainEnd, event_head
from vault.wire.ticket import NOBODY, Purpose, decode

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True),
]


def ask(person, version=0, after=0):
    """→ the page, its signature verified."""
    ticket = person.site.ticket(person.account, person.safe, Purpose.EVENTS)
    page = post("events", messages.ReadEvents(version, after), ticket).read(messages.EventsPage)
    end = ChainEnd(
        decode(ticket)[0].ticket_id,
        person.account,
        person.safe,
        version,
        page.record,
        page.version,
        page.state,
        page.count,
        page.head,
        page.next_version,
    )
    crypto.verify(person.pins.signing_public_key, end.message(), page.signature)
    return page


def follow(page):
    """The head that the page's events lead to."""
    before = b""
    for event in page.events:
        before = event_head(page.record, before, event.number, event.kind, event.at, event.guesses_left)
        assert before == event.head
    return before


def take(person, *taken):
    """→ what the feed hands out."""
    reply = post("feed", messages.ReadFeed(taken), person.site.ticket(NOBODY, NOBODY, Purpose.FEED))
    return reply.read(messages.Feed)


def as_taken(event):
    return messages.Taken(event.entry, event.head)


def destroyed_and_set_again(person, run):
    first = run(person.set_up())
    Guess(person, WRONG).start()
    run(person.login())
    run(person.client.destroy(person.safe, person.key, first, 1))
    second = run(person.client.register_password(person.safe, person.key, PASSWORD))
    return first, second.record


def test_the_owner_reads_every_event_of_every_record(person, run):
    first, second = destroyed_and_set_again(person, run)
    old = ask(person)
    assert [event.kind for event in old.events] == [
        "answered", "registered", "guess_charged", "guess_charged", "recovered", "destroyed",
    ]  # fmt: skip
    assert [event.number for event in old.events] == [1, 2, 3, 4, 5, 6]
    assert [event.guesses_left for event in old.events] == [10, 10, 9, 8, 10, 0]
    assert (old.record, old.state, old.count, follow(old)) == (first, "destroyed", 6, old.head)
    new = ask(person, version=old.next_version)
    assert (new.record, new.state, new.next_version, follow(new)) == (second, "active", None, new.head)


def test_a_page_is_capped_and_the_next_one_goes_on(person, run, monkeypatch):
    from vault.server.services import activity

    monkeypatch.setattr(activity, "EVENTS_PAGE", 2)
    run(person.set_up())
    Guess(person, WRONG).start()
    first, second = ask(person), ask(person, after=2)
    assert [[event.number for event in page.events] for page in (first, second)] == [[1, 2], [3]]
    assert (first.count, first.head) == (second.count, second.head)
    assert ask(person, after=3).events == ()


def test_a_safe_without_a_password_has_a_signed_nothing(person, run):
    run(person.client.open_safe(person.safe, person.key))
    page = ask(person)
    assert (page.record, page.state, page.count, page.events) == (None, "none", 0, ())


def test_an_unfinished_registration_is_not_listed(person, run):
    run(person.client.open_safe(person.safe, person.key))
    _, request = ClientRegistration.create_request(Guess(person, PASSWORD).configuration, PASSWORD.expose())
    ticket = person.site.ticket(person.account, person.safe, Purpose.REGISTER)
    assert post("registrations", messages.StartRegistration(request.to_bytes()), ticket).status == 201
    assert ask(person).record is None


def test_another_account_reads_nothing(person, run):
    run(person.set_up())
    ticket = person.site.ticket(b"o" * 16, person.safe, Purpose.EVENTS)
    assert post("events", messages.ReadEvents(0, 0), ticket).code == "safe_unknown"


@pytest.mark.parametrize("purpose", [Purpose.STATUS, Purpose.LOGIN, Purpose.FEED])
def test_events_want_a_ticket_of_their_own(person, run, purpose):
    run(person.set_up())
    ticket = person.site.ticket(person.account, person.safe, purpose)
    assert post("events", messages.ReadEvents(0, 0), ticket).code == "ticket_refused"


def test_the_vault_signs_the_head_of_its_record_not_what_stands_in_the_table(person, run):
    run(person.set_up())
    Guess(person, WRONG).start()
    sql("DELETE FROM vault_event WHERE number = 3")
    page = ask(person)
    assert (page.count, len(page.events)) == (3, 2)
    assert follow(page) != page.head


def test_an_edited_head_is_not_signed(person, run):
    run(person.set_up())
    sql("UPDATE vault_record SET event_count = 1")
    ticket = person.site.ticket(person.account, person.safe, Purpose.EVENTS)
    assert post("events", messages.ReadEvents(0, 0), ticket).code == "record_closed"


def test_a_destroyed_records_events_are_read_after_a_rotation(person, run):
    run(person.set_up())
    run(person.client.destroy(person.safe, person.key, person.record().record_id, 1))
    rotation.rotate()
    page = ask(person)
    assert (page.state, follow(page)) == ("destroyed", page.head)


def test_no_reply_of_the_events_or_the_feed_names_more_than_it_says(person, run):
    run(person.set_up())
    assert set(take(person).events[0].to_json()) == {
        "entry", "account", "safe", "record", "number", "kind", "at", "guesses_left", "locked_until", "head",
    }  # fmt: skip
    assert set(ask(person).events[0].to_json()) == {"number", "kind", "at", "guesses_left", "head"}


def test_every_kind_fits_the_wire(database):
    for kind in Kind:
        messages.Event.from_json(
            {
                "number": 1,
                "kind": kind.value,
                "at": "2026-11-24T08:00:00.000001+00:00",
                "guesses_left": 1,
                "head": "00" * 32,
            }
        )


def test_an_event_is_handed_out_until_it_was_taken(person, run):
    run(person.set_up())
    first = take(person)
    assert [event.kind for event in first.events] == ["answered", "registered"]
    assert take(person).events == first.events
    rest = take(person, as_taken(first.events[0]))
    assert rest.events == first.events[1:]
    assert take(person, *map(as_taken, rest.events)).events == ()
    Guess(person, WRONG).start()
    assert [event.kind for event in take(person).events] == ["guess_charged"]


def test_an_event_committed_late_under_a_smaller_number_is_not_passed_over(person, run):
    run(person.set_up())
    late = Event.objects.using("vault").order_by("id").first()
    Event.objects.using("vault").filter(pk=late.pk).update(published=True)  # as if its commit were still to come
    take(person, *map(as_taken, take(person).events))
    Event.objects.using("vault").filter(pk=late.pk).update(published=False)
    assert [event.entry for event in take(person).events] == [late.pk]


def test_a_place_that_holds_another_event_is_not_taken(person, run):
    run(person.set_up())
    event = take(person).events[0]
    assert event in take(person, messages.Taken(event.entry, bytes(32))).events


def test_the_feed_is_capped_and_says_that_more_waits(person, run, monkeypatch):
    from vault.server.services import feed

    monkeypatch.setattr(feed, "FEED_PAGE", 1)
    run(person.set_up())
    first = take(person)
    assert (len(first.events), first.more) == (1, True)
    assert not take(person, as_taken(first.events[0])).more


def test_a_lock_is_told_with_its_end(person, run):
    run(person.set_up())
    for _ in range(3):
        Guess(person, WRONG).start()
    locked = take(person).events[-1]
    assert (locked.kind, locked.guesses_left) == ("locked", 7)
    assert locked.locked_until == int(person.record().locked_until.timestamp())


@pytest.mark.parametrize("purpose", [Purpose.STATUS, Purpose.EVENTS, Purpose.PAUSE])
def test_the_feed_wants_the_sites_own_ticket(person, purpose):
    ticket = person.site.ticket(NOBODY, NOBODY, purpose)
    assert post("feed", messages.ReadFeed(()), ticket).code == "ticket_refused"


def test_the_sweep_run_twice_tells_nothing_twice(person, run, clock):
    run(person.set_up())
    for _ in range(3):
        Guess(person, WRONG).start()
    clock.move(seconds=61)
    ending.sweep()
    ending.sweep()
    told = [event.kind for event in take(person).events]
    assert told == ["answered", "registered", "guess_charged", "guess_charged", "locked", "lock_lifted"]
    assert events.chain_holds(person.record())
