"""Guessing paused and resumed: the wish is written down with what caused it; a sweep makes the vault agree."""

import logging

from django.db import transaction
from django.utils import timezone

from vault.wire import messages, routes
from vault.wire.errors import VaultError
from vault.wire.ticket import Purpose
from webapp.server.accounts.models import Account
from webapp.server.vault_link.asking import ask
from webapp.server.vault_link.tickets import own_ticket

from .models import GuessingPause

logger = logging.getLogger("coffer.notices")
_ASKED = {
    GuessingPause.Wanted.PAUSED: (routes.PAUSE, Purpose.PAUSE),
    GuessingPause.Wanted.RESUMED: (routes.RESUME, Purpose.RESUME),
}


def pause(account: Account) -> None:
    """From now on no password is accepted for the account's safes, as soon as the vault hears of it: at once, or with
    the next sweep that reaches it."""
    _want(account, GuessingPause.Wanted.PAUSED)


def resume(account: Account) -> bool:
    """The account has signed in again; → whether there was a pause to end."""
    paused = GuessingPause.objects.filter(account=account, wanted=GuessingPause.Wanted.PAUSED)
    if not paused.update(wanted=GuessingPause.Wanted.RESUMED, since=timezone.now(), settled=False):
        return False
    transaction.on_commit(lambda: _settle_of(account), robust=True)
    return True


def is_paused(account: Account) -> bool:
    """Whether a pause is wanted."""
    return GuessingPause.objects.filter(account=account, wanted=GuessingPause.Wanted.PAUSED).exists()


def _want(account: Account, wanted: GuessingPause.Wanted) -> None:
    GuessingPause.objects.update_or_create(
        account=account, defaults={"wanted": wanted, "since": timezone.now(), "settled": False}
    )
    transaction.on_commit(lambda: _settle_of(account), robust=True)


def settle() -> int:
    """Tell the vault what it does not know yet; → how many wishes it has taken. Telling it twice is fine."""
    return sum(map(_settle, GuessingPause.objects.filter(settled=False).select_related("account")))


def _settle_of(account: Account) -> None:
    for row in GuessingPause.objects.filter(account=account, settled=False).select_related("account"):
        _settle(row)


def _settle(row: GuessingPause) -> bool:
    route, purpose = _ASKED[GuessingPause.Wanted(row.wanted)]
    try:
        ask(route, own_ticket(purpose, bytes(row.account.public_id)), messages.Empty())
    except VaultError as error:
        logger.warning("the vault was not told that guessing is %s (%s)", row.wanted, error.code.value)
        return False
    # Only if nobody has wished otherwise meanwhile.
    same = GuessingPause.objects.filter(pk=row.pk, wanted=row.wanted, since=row.since)
    if row.wanted == GuessingPause.Wanted.RESUMED:
        same.delete()
    else:
        same.update(settled=True)
    return True
