"""Changing a password: a staged record beside the active one, proved by a full login, then put in its place.

start, finish        a new record with a fresh key; it waits as staged, with ten guesses of its own    owner's proof
start_login, KE3     a full login addressed to the staged record                                       charged like any
promote              the old record is destroyed and the new one active, in one transaction            owner's proof

Until the last step the old password works, whatever happens; after it, only the new one.
"""

from vault import lockout
from vault.lockout import Granted, Refusal, State
from vault.server import selectors, tickets
from vault.server.clock import database_now
from vault.server.models import Record, Safe
from vault.wire import messages
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.owner_proof import Action
from vault.wire.ticket import AccountTicket

from . import counter, login, registration, safes, sealing
from .ending import end_spent_record
from .transactions import durable


@sealing.across_rotation
def start(ticket: AccountTicket, request: messages.StartRegistration) -> messages.RegistrationStarted:
    """The one answer of the new record's key.

    Raises VaultError record_missing, record_destroyed where there is no password to replace, and what
    `registration.answer_once` raises.
    """
    return registration.answer_once(ticket, request, _has_password)


def _has_password(safe: Safe) -> None:
    if selectors.records_of(safe, State.ACTIVE).exists():
        return
    if selectors.records_of(safe, State.DESTROYED).exists():
        raise VaultError(ErrorCode.RECORD_DESTROYED, guesses_left=0)
    raise VaultError(ErrorCode.RECORD_MISSING)


@sealing.across_rotation
def finish(ticket: AccountTicket, request: messages.FinishRegistration) -> messages.RegistrationFinished:
    """The new record is staged; one staged before it ends. Repeating is fine. Raises what `registration.fill` does."""
    return registration.fill(ticket, request, Action.STAGE_RECORD, State.STAGED)


def start_login(ticket: AccountTicket, request: messages.StartLogin) -> messages.LoginStarted:
    """KE1 → KE2 by the staged record. Raises VaultError record_gone where there is none; what `login.start` does."""
    return login.start(ticket, request, State.STAGED)


@sealing.across_rotation
def promote(ticket: AccountTicket, request: messages.Promote) -> None:
    """The staged record takes the old one's place. Repeating it is fine.

    The old record may have been destroyed by its last guess meanwhile: then the safe has a password again.
    Raises VaultError proof_refused, record_gone, record_unproved, record_replaced (another one is active).
    """
    end_spent_record(ticket)
    with durable():
        now = database_now()
        tickets.spend(ticket, now)
        safe = safes.held(ticket, for_update=True)
        staged, replaced = _named(safe, request.record), _named(safe, request.replaced)
        safes.check_owner(
            safe.owner_public_key,
            Action.REPLACE_RECORD,
            ticket,
            messages.replaced_content(replaced.record_id, replaced.version),
            request.proof,
            record=staged.record_id,
            version=staged.version,
        )
        if counter.read(staged).state is State.ACTIVE:
            return
        active = selectors.records_of(safe, State.ACTIVE).first()
        if active is not None and active.pk != replaced.pk:
            raise VaultError(ErrorCode.RECORD_REPLACED)
        promoted, reply, event = lockout.decide(counter.read(staged), lockout.Promote(), now)
        if not isinstance(reply, Granted):
            unproved = reply.reason is Refusal.UNPROVED
            raise VaultError(ErrorCode.RECORD_UNPROVED if unproved else ErrorCode.RECORD_GONE)
        # The order is the unique index's: never two active; the transaction's: never none.
        ended, reply, ending = lockout.decide(counter.read(replaced), lockout.GiveWay(), now)
        if isinstance(reply, Granted):
            counter.write(replaced, ended, ending, now)
        counter.write(staged, promoted, event, now, activated=now)


def _named(safe: Safe, record: bytes) -> Record:
    """The safe's record of that id, held. Raises VaultError record_gone."""
    held = counter.named(safe, record)
    if held is None:
        raise VaultError(ErrorCode.RECORD_GONE)
    return held
