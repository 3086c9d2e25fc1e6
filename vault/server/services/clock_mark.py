"""The high-water mark of the database's clock: where the clock goes back, the vault stops evaluating.

Waits are measured by that clock. One that was too far ahead has let them end early; when it is put right it goes back,
and nobody can tell which waits were real. So nothing is evaluated until the operator has begun them all again.
A proof (KE3) still counts: it evaluates nothing.
"""

import logging
from datetime import datetime, timedelta

from vault import lockout
from vault.server import selectors
from vault.server.clock import database_now
from vault.server.models import ClockMark
from vault.server.router import ALIAS
from vault.wire.errors import ErrorCode, VaultError

from . import sealing, upkeep
from .transactions import durable

log = logging.getLogger("vault.server")

# Time services nudge a clock by less; the shortest wait is a minute.
TOLERANCE = timedelta(seconds=5)
# The mark is written at most once in so long, or every guess would wait for the same row.
STEP = timedelta(seconds=1)


def advance() -> None:
    """Move the mark up to the database's time, or stop the vault where that time is behind it. Commits by itself.

    Raises VaultError clock_stopped, record_closed (the mark was edited), custody_down.
    """
    mark = _stored()
    if mark is not None:
        sealing.check_clock_mark(mark)
        now = database_now()
        if mark.stopped is not None:
            raise VaultError(ErrorCode.CLOCK_STOPPED)
        if fresh(mark, now):
            return
    with durable():
        # Held against other writers, and read again: another request may have been first.
        mark = ClockMark.objects.using(ALIAS).select_for_update().filter(pk=ClockMark.ONLY).first()
        now = database_now()
        if mark is None:
            mark = ClockMark(latest=now)
            sealing.sign_clock_mark(mark)
            ClockMark.objects.using(ALIAS).bulk_create([mark], ignore_conflicts=True)
            return
        sealing.check_clock_mark(mark)
        if mark.stopped is None and now < mark.latest - TOLERANCE:
            mark.stopped = now
        mark.latest = max(mark.latest, now)
        sealing.sign_clock_mark(mark)
        mark.save(using=ALIAS)
    if mark.stopped is not None:
        log.error("the vault's clock went backwards: nothing is evaluated until vault_rearm has run")
        raise VaultError(ErrorCode.CLOCK_STOPPED)


def fresh(mark: ClockMark | None, now: datetime) -> bool:
    """Whether this mark, as it was read, lets a guess be evaluated now; else `advance` says why not, or moves it.
    Its MAC is not looked at (`check_read`)."""
    return mark is not None and mark.stopped is None and mark.latest - TOLERANCE <= now < mark.latest + STEP


def check(now: datetime) -> None:
    """In the transaction that evaluates: the clock is not behind its mark. Raises VaultError clock_stopped,
    record_closed, custody_down."""
    check_read(_stored(), now)


def check_read(mark: ClockMark | None, now: datetime, *, alive: int | None = None) -> None:
    """The same of a mark that the transaction has read. alive: see `sealing.verify_mac`. Raises VaultError
    clock_stopped, record_closed, custody_down."""
    if mark is None:
        raise VaultError(ErrorCode.CLOCK_STOPPED)
    sealing.check_clock_mark(mark, alive=alive)
    if mark.stopped is not None or now < mark.latest - TOLERANCE:
        raise VaultError(ErrorCode.CLOCK_STOPPED)


def rearm() -> int:
    """The operator's word that the clock is right now: every wait begins again in full, then the vault goes on.

    → how many records wait. Running it again after a crash is fine. Raises VaultError custody_down.
    """
    failed = selectors.answering().filter(failures__gt=0)
    waiting, _ = upkeep.each(upkeep.keys(failed), lambda pk: upkeep.ask_alone(pk, lockout.RearmWait()))
    with durable():
        mark = ClockMark(latest=database_now())
        sealing.sign_clock_mark(mark)
        ClockMark.objects.using(ALIAS).all().delete()
        mark.save(using=ALIAS, force_insert=True)
    return waiting


def _stored() -> ClockMark | None:
    return ClockMark.objects.using(ALIAS).filter(pk=ClockMark.ONLY).first()
