"""From the vault's feed into the outbox: each event is kept once, by its head, and told once, with the mail it becomes.

Both halves are sweeps: run twice, late, or killed in between, they tell nothing twice and forget nothing.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from vault.wire import messages, routes
from vault.wire.ticket import Purpose
from webapp.server.accounts.models import Account
from webapp.server.vault_link.asking import ask
from webapp.server.vault_link.tickets import own_ticket

from . import owner_mails, telling
from .models import VaultEvent

PAGES = 50
KEPT = timedelta(days=400)
_BATCH = 500


def take() -> int:
    """Write down what the feed hands out, and only then say that it was taken; → how many are new.

    Raises VaultError.
    """
    new = 0
    taken: tuple[messages.Taken, ...] = ()
    for _ in range(PAGES):
        reply: messages.Feed = ask(routes.FEED, own_ticket(Purpose.FEED), messages.ReadFeed(taken))
        if not reply.events:
            break
        new += _keep(reply.events)
        taken = tuple(messages.Taken(event.entry, event.head) for event in reply.events)
    return new


def _keep(events: Iterable[messages.FeedEvent]) -> int:
    now = timezone.now()
    rows = [
        VaultEvent(
            head=event.head,
            account_id=event.account,
            safe_id=event.safe,
            record_id=event.record,
            number=event.number,
            kind=event.kind,
            at=datetime.fromisoformat(event.at),
            guesses_left=event.guesses_left,
            locked_until=None if event.locked_until is None else datetime.fromtimestamp(event.locked_until, UTC),
            received=now,
        )
        for event in events
    ]
    with transaction.atomic():
        known = {bytes(head) for head in _known(rows)}
        VaultEvent.objects.bulk_create([row for row in rows if row.head not in known], ignore_conflicts=True)
    return len(rows) - len(known)


def _known(rows: list[VaultEvent]) -> Iterable[bytes]:
    return VaultEvent.objects.filter(head__in=[row.head for row in rows]).values_list("head", flat=True)


def tell(now: datetime | None = None, limit: int = 1000) -> int:
    """Decide over everything that waits; → how many mails are owed now."""
    now = now or timezone.now()
    waiting = VaultEvent.objects.filter(state=VaultEvent.State.WAITING)
    records = waiting.values_list("record_id", flat=True).distinct()[:limit]
    return sum(_tell_record(bytes(record_id), now) for record_id in list(records))


def _tell_record(record_id: bytes, now: datetime) -> int:
    """One record's events and mails change together, or not at all."""
    with transaction.atomic():
        rows = list(VaultEvent.objects.select_for_update().filter(record_id=record_id).order_by("number", "id"))
        decision = telling.decide([_entry(row) for row in rows], now)
        settled = [row for row in rows if row.state == row.State.WAITING and row.number in decision.settled]
        account = Account.objects.filter(public_id=bytes(rows[0].account_id), is_active=True).first() if rows else None
        letters = decision.letters if account is not None else ()
        told = {letter.number for letter in letters}
        for row in settled:
            row.state = row.State.TOLD if row.number in told else row.State.QUIET
        VaultEvent.objects.bulk_update(settled, ["state"], batch_size=_BATCH)
        for letter in letters:
            owner_mails.owe(account, bytes(rows[0].safe_id), letter)
    return len(letters)


def _entry(row: VaultEvent) -> telling.Entry:
    return telling.Entry(
        number=row.number,
        kind=row.kind,
        at=row.at,
        guesses_left=row.guesses_left,
        locked_until=row.locked_until,
        waiting=row.state == VaultEvent.State.WAITING,
        told=row.state == VaultEvent.State.TOLD,
    )


def forget(now: datetime | None = None) -> int:
    """Drop what was settled long ago, or is about an account that is gone; → how many. The vault keeps the history."""
    settled = VaultEvent.objects.exclude(state=VaultEvent.State.WAITING)
    old = Q(received__lt=(now or timezone.now()) - KEPT)
    deleted, _ = settled.filter(old | ~Q(account_id__in=Account.objects.values("public_id"))).delete()
    return deleted
