"""The feed from which the site tells owners: events that it has not taken yet, until it says that it has.

No cursor: on PostgreSQL a smaller number can be committed after a larger one was read. An event is handed out until the
site acknowledges it, so it arrives at least once; its head names it, so the site keeps it once.
"""

from vault.server import selectors, tickets
from vault.server.clock import database_now
from vault.server.models import Event
from vault.server.router import ALIAS
from vault.wire import messages
from vault.wire.limits import FEED_PAGE
from vault.wire.ticket import AccountTicket

from . import events
from .transactions import durable


def read(ticket: AccountTicket, request: messages.ReadFeed) -> messages.Feed:
    """Mark what was taken, → what was not, oldest first, at most FEED_PAGE. Repeating it is fine."""
    taken = {item.entry: item.head for item in request.taken}
    with durable():
        tickets.spend(ticket, database_now())
        rows = Event.objects.using(ALIAS)
        # By place and head: after a database restore a place may hold another event.
        named = rows.filter(pk__in=taken, published=False).values_list("pk", "head")
        rows.filter(pk__in=[pk for pk, head in named if taken[pk] == head]).update(published=True)
        waiting = rows.filter(published=False).select_related("record__safe").order_by("id")
        found = list(waiting[: FEED_PAGE + 1])
    return messages.Feed(tuple(map(_told, found[:FEED_PAGE])), more=len(found) > FEED_PAGE)


def _told(event: Event) -> messages.FeedEvent:
    record = event.record
    return messages.FeedEvent(
        entry=event.pk,
        account=record.safe.account_id,
        safe=record.safe.safe_id,
        record=record.record_id,
        number=event.number,
        kind=event.kind,
        at=events.time_of(event),
        guesses_left=event.guesses_left,
        locked_until=selectors.seconds(record.locked_until),
        head=event.head,
    )
