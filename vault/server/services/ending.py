"""How records and login states end: by their owner, by their last unproven guess, by time."""

from dataclasses import dataclass

from vault import lockout
from vault.lockout import ANSWERING, Granted, State
from vault.server import selectors, tickets
from vault.server.clock import database_now
from vault.server.models import LoginState, Record, Safe
from vault.server.router import ALIAS
from vault.wire import messages
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.owner_proof import Action
from vault.wire.ticket import AccountTicket

from . import counter, safes, sealing, upkeep
from .transactions import durable


def end_login_states(record_pk: int, *, failed_login_pk: int | None = None) -> bool:
    """End this record's expired login states, and the one whose KE3 was wrong; → whether the record was destroyed.

    With no guess left and no live login state of the last charge (ended now, earlier, or lost in a crash before it was
    written) the record is destroyed. Raises VaultError record_closed, custody_down.
    """
    with durable():
        record = counter.locked(record_pk)
        if record is None:
            return False
        now = database_now()
        states = LoginState.objects.using(ALIAS).filter(record_id=record.pk)
        states.filter(expires__lte=now).delete()
        if failed_login_pk is not None:
            states.filter(pk=failed_login_pk).delete()
        if record.state not in ANSWERING:
            return False
        current = counter.read(record)
        if current.guesses_left > 0 or states.filter(charge=current.charges).exists():
            return False
        ended, reply, event = lockout.decide(
            current, lockout.EndUnproven(charge=current.charges, version=current.version), now
        )
        if not isinstance(reply, Granted) or ended.state is not State.DESTROYED:
            return False
        counter.write(record, ended, event, now)
    return True


def end_spent_record(ticket: AccountTicket) -> None:
    """Before a request looks at a safe: if its record's last guess has ended unproven, destroy it now, whatever the
    worker does. Raises VaultError record_closed, custody_down."""
    used_up = selectors.answering().filter(guesses_left=0)
    own = used_up.filter(safe__account_id=ticket.account, safe__safe_id=ticket.safe)
    for record_pk in list(own.values_list("pk", flat=True)):
        end_login_states(record_pk)


@sealing.across_rotation
def destroy(ticket: AccountTicket, request: messages.Destroy) -> None:
    """The owner removes the password, and with an active record the one that waits to replace it. Repeating it is fine.

    Raises VaultError record_missing, proof_refused.
    """
    with durable():
        now = database_now()
        tickets.spend(ticket, now)
        safe = safes.held(ticket, for_update=True)
        record = counter.named(safe, request.record)
        if record is None:
            raise VaultError(ErrorCode.RECORD_MISSING)
        safes.check_owner(
            safe.owner_public_key,
            Action.DESTROY_RECORD,
            ticket,
            safes.NOTHING,
            request.proof,
            record=record.record_id,
            version=record.version,
        )
        if record.state == State.DESTROYED.value:
            return
        if record.state == State.ACTIVE.value:
            drop_staged(safe)
        ended, reply, event = lockout.decide(counter.read(record), lockout.Destroy(), now)
        if isinstance(reply, Granted):
            counter.write(record, ended, event, now)


def drop_staged(safe: Safe) -> None:
    """In a transaction that holds the safe: its staged record, if there is one, has no more use. Raises VaultError."""
    for staged in list(selectors.records_of(safe, State.STAGED)):
        upkeep.ask(staged.pk, lockout.Drop(superseded=True))


def drop_overdue(limit: int = 1000) -> tuple[int, int]:
    """End staged records that were not promoted in their time; → how many, and how many would not say.

    Only tidying: whether a staged record may answer or be promoted is asked of the clock at each request.
    """
    overdue = Record.objects.using(ALIAS).filter(state=State.STAGED.value, pending_until__lte=database_now())
    due = list(overdue.values_list("pk", flat=True)[:limit])
    return upkeep.each(due, lambda pk: upkeep.ask_alone(pk, lockout.Drop()))


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did; closed: records left alone because their counter does not match its MAC."""

    destroyed: int
    login_states: int
    pending: int
    tickets: int
    closed: int
    locks: int = 0
    staged: int = 0


def sweep(limit: int = 1000) -> Swept:
    """End what time has ended, at most `limit` records a run. Safe to run twice, late, or beside requests."""
    now = database_now()
    expired = LoginState.objects.using(ALIAS).filter(expires__lte=now)
    due = set(expired.values_list("record_id", flat=True)[:limit])
    due |= set(selectors.answering().filter(guesses_left=0).values_list("pk", flat=True)[:limit])
    before = expired.count()
    destroyed, closed = upkeep.each(sorted(due), end_login_states)
    locks, unreadable = lift_locks(limit)
    staged, unsaid = drop_overdue(limit)
    closed += unreadable + unsaid
    with durable():
        abandoned = Record.objects.using(ALIAS).filter(state=State.PENDING.value, pending_until__lte=now)
        pending = abandoned.delete()[1].get("vault.Record", 0)
        spent = tickets.forget_spent(now)
    return Swept(
        destroyed=destroyed,
        login_states=max(0, before - expired.count()),
        pending=pending,
        tickets=spent,
        closed=closed,
        locks=locks,
        staged=staged,
    )


def lift_locks(limit: int = 1000) -> tuple[int, int]:
    """Clear the marks of locks whose time is over; → how many, and how many records would not say.

    Only the mark: whether a guess is allowed is asked of the clock at each request, so that a worker that is late, dead
    or doubled neither opens nor prolongs a lock.
    """
    over = selectors.answering().filter(locked_until__lte=database_now()).order_by("locked_until")
    due = list(over.values_list("pk", flat=True)[:limit])
    return upkeep.each(due, lambda pk: upkeep.ask_alone(pk, lockout.LiftLock()))
