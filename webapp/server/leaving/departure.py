"""The end of an account: asked for, two weeks of grace that a sign-in ends, then swept away.

Asking puts the account's safes into the trash. The sweep marks what is due (from then on nothing brings it back), has
the vault refuse further guesses, leaves the safes to the sweep of deleted safes, and deletes the account when they are
gone. Each step may be repeated; whatever dies on the way, the next sweep goes on with it.
"""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from webapp.server.accounts.models import Account, Departure
from webapp.server.accounts.sessions import end_every_session
from webapp.server.backups.models import Safe
from webapp.server.holdings.tables import mails_of
from webapp.server.notices import pauses
from webapp.server.notices.events import mail_account
from webapp.server.notices.models import GuessingPause, Mail, VaultEvent

GRACE = timedelta(days=14)
# The safes' own sweep must not be first: the account's marks them.
_AFTER_THE_ACCOUNT = timedelta(days=1)


class StaffStays(Exception):
    """An account that may open the admin is not deleted by itself."""


def begin(account: Account) -> Departure:
    """Asked for from now on: safes into the trash, everybody signed out, told by mail. Doing it again changes nothing.

    Raises StaffStays.
    """
    if account.is_staff or account.is_superuser:
        raise StaffStays
    now = timezone.now()
    with transaction.atomic():
        departure, made = Departure.objects.get_or_create(account=account, defaults={"asked": now, "due": now + GRACE})
        if not made:
            return departure
        safes = Safe.objects.filter(account=account)
        facts = safes.aggregate(size=Sum("stored_bytes"))
        count = safes.count()
        safes.filter(trashed=None, purge_after=None).update(trashed=now, purge_after=now + GRACE + _AFTER_THE_ACCOUNT)
        end_every_session(account)
        size = filesizeformat(facts["size"] or 0).replace("\xa0", " ")
        mail_account(account, "account_leaving", {"due": departure.due, "safes": count, "size": size})
    return departure


def undo(account: Account) -> bool:
    """The account has signed in: everything stays; → whether its deletion had been asked for."""
    with transaction.atomic():
        departure = Departure.objects.select_for_update().filter(account=account, ending=False).first()
        if departure is None:
            return False
        Safe.objects.filter(account=account, trashed=departure.asked).update(trashed=None, purge_after=None)
        departure.delete()
        mail_account(account, "account_kept", {})
    return True


def sweep(now: datetime) -> dict[str, int]:
    """Mark what is due, delete what has nothing left; → how many of each."""
    marked = sum(map(_mark, Departure.objects.filter(ending=False, due__lte=now).select_related("account")))
    deleted = sum(map(_delete, Departure.objects.filter(ending=True).select_related("account")))
    return {"marked": marked, "deleted": deleted}


def _mark(departure: Departure) -> bool:
    account, now = departure.account, timezone.now()
    with transaction.atomic():
        if not Departure.objects.filter(pk=departure.pk, ending=False).update(ending=True):
            return False
        Account.objects.filter(pk=account.pk).update(is_active=False)
        end_every_session(account)
        # Nobody signs in any more to resume it.
        pauses.pause(account)
        Safe.objects.filter(account=account).exclude(purge_after__lte=now).update(trashed=now, purge_after=now)
    return True


def _delete(departure: Departure) -> bool:
    account = departure.account
    with transaction.atomic():
        vault_knows = GuessingPause.objects.filter(account=account, settled=True).exists()
        if not vault_knows or Safe.objects.filter(account=account).exists():
            return False
        mails_of(account, Mail.objects.all()).delete()
        mail_account(account, "account_deleted", {})
        VaultEvent.objects.filter(account_id=bytes(account.public_id)).delete()
        keys = account.usersession_set.values_list("session_key", flat=True)
        Session.objects.filter(session_key__in=list(keys)).delete()
        account.delete()
    return True
