"""The lockout rule, pure: (record, request, now) → (record, reply, event). It counts guesses and nothing else.

Charging comes before evaluating: a caller that gets `Granted` stores the new record durably, and only then evaluates.
One OPRF key answers one registration request and at most `budget` charged guesses between two proofs of its record;
when the last guess of a budget ends without proof, the record is destroyed. Nothing else gives a guess back.
After the third failure each next guess waits; a proof of an earlier one counts while it does. A paused record
charges nothing; pausing changes neither guesses nor waits. A record that is to replace another waits as staged, with a
budget of its own, until it was proved.
Source: docs/vault-protocol.md, rules 1 to 4 and 6.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from vault.wire.limits import GUESSES, GUESSES_AFTER_RESTORE, PENDING_SECONDS, STAGED_SECONDS

from .lockout_types import (
    ANSWERING,
    Activate,
    AnswerRegistration,
    Charge,
    CutBudget,
    Destroy,
    Drop,
    EndUnproven,
    Event,
    GiveWay,
    Granted,
    GuessRecord,
    LiftLock,
    Outcome,
    Pause,
    Promote,
    Prove,
    RearmWait,
    Refusal,
    Refused,
    Request,
    Resume,
    Stage,
    State,
)

__all__ = [
    "ANSWERING",
    "BACK_OFF",
    "NO_WAITS",
    "Activate",
    "AnswerRegistration",
    "BackOff",
    "Charge",
    "CutBudget",
    "Destroy",
    "Drop",
    "EndUnproven",
    "Event",
    "GiveWay",
    "Granted",
    "GuessRecord",
    "LiftLock",
    "Outcome",
    "Pause",
    "Promote",
    "Prove",
    "RearmWait",
    "Refusal",
    "Refused",
    "Request",
    "Resume",
    "Stage",
    "State",
    "decide",
    "is_proved",
]

# Failure number → how long the next guess waits. Empty: the budget alone limits.
BackOff = Mapping[int, timedelta]
NO_WAITS: BackOff = {}
BACK_OFF: BackOff = {
    3: timedelta(minutes=1),
    4: timedelta(minutes=5),
    5: timedelta(minutes=15),
    6: timedelta(hours=1),
    7: timedelta(hours=4),
    8: timedelta(hours=24),
    9: timedelta(hours=24),
}


def decide(record: GuessRecord, request: Request, now: datetime, back_off: BackOff = BACK_OFF) -> Outcome:
    """The whole rule. now: the database's clock, with its zone. Raises nothing: what is not allowed is Refused."""
    match request:
        case AnswerRegistration():
            return _answer(record, now)
        case Activate():
            return _leave_pending(record, now, State.ACTIVE)
        case Stage():
            return _leave_pending(record, now, State.STAGED)
        case Promote():
            return _promote(record, now)
        case GiveWay():
            return _give_way(record)
        case Drop():
            return _drop(record, request, now)
        case Charge():
            return _charge(record, now, back_off)
        case Prove():
            return _prove(record, request)
        case EndUnproven():
            return _end_unproven(record, request)
        case Destroy():
            return _destroy(record)
        case LiftLock():
            return _lift_lock(record, now)
        case RearmWait():
            return _rearm_wait(record, now, back_off)
        case CutBudget():
            return _cut_budget(record)
        case Pause():
            return _pause(record)
        case Resume():
            return _resume(record)


def _answer(record: GuessRecord, now: datetime) -> Outcome:
    if record.state is not State.NEW:
        return record, Refused(Refusal.ANSWERED), None
    until = now + timedelta(seconds=PENDING_SECONDS)
    return replace(record, state=State.PENDING, pending_until=until), Granted(), Event.ANSWERED


def _leave_pending(record: GuessRecord, now: datetime, into: State) -> Outcome:
    if record.state is not State.PENDING:
        return record, Refused(Refusal.NOT_PENDING), None
    if _is_over(record, now):
        return record, Refused(Refusal.EXPIRED), None
    if into is State.STAGED:
        until = now + timedelta(seconds=STAGED_SECONDS)
        return replace(record, state=into, pending_until=until), Granted(), Event.STAGED
    return replace(record, state=into, pending_until=None), Granted(), Event.REGISTERED


def _promote(record: GuessRecord, now: datetime) -> Outcome:
    if record.state is not State.STAGED:
        return record, Refused(Refusal.NOT_STAGED), None
    if _is_over(record, now):
        return record, Refused(Refusal.EXPIRED), None
    if not is_proved(record):
        return record, Refused(Refusal.UNPROVED), None
    return replace(record, state=State.ACTIVE, pending_until=None), Granted(), Event.PROMOTED


def is_proved(record: GuessRecord) -> bool:
    """Whether the last guess charged to it was proved: only a proof takes the failures back to none."""
    return record.charges > 0 and record.failures == 0


def _give_way(record: GuessRecord) -> Outcome:
    if record.state is not State.ACTIVE:
        return record, Refused(Refusal.NOT_ACTIVE), None
    return _gone(record), Granted(), Event.REPLACED


def _drop(record: GuessRecord, request: Drop, now: datetime) -> Outcome:
    if record.state is not State.STAGED:
        return record, Refused(Refusal.NOT_STAGED), None
    if not request.superseded and not _is_over(record, now):
        return record, Refused(Refusal.NO_CHANGE), None
    return _gone(record), Granted(), Event.DROPPED


def _is_over(record: GuessRecord, now: datetime) -> bool:
    return record.pending_until is None or now >= record.pending_until


def _charge(record: GuessRecord, now: datetime, back_off: BackOff) -> Outcome:
    if record.state not in ANSWERING:
        return record, Refused(Refusal.NOT_ACTIVE), None
    if record.state is State.STAGED and _is_over(record, now):
        return record, Refused(Refusal.EXPIRED), None
    if record.guesses_left <= 0:
        return record, Refused(Refusal.NO_GUESSES), None
    if record.paused:
        return record, Refused(Refusal.PAUSED), None
    if record.locked_until is not None and now < record.locked_until:
        wait = -(-(record.locked_until - now) // timedelta(seconds=1))
        return record, Refused(Refusal.LOCKED, retry_after=max(1, wait)), None
    failures = record.failures + 1
    wait_after = back_off.get(failures)
    charged = replace(
        record,
        guesses_left=record.guesses_left - 1,
        failures=failures,
        charges=record.charges + 1,
        locked_until=None if wait_after is None else now + wait_after,
    )
    event = Event.GUESS_CHARGED if wait_after is None else Event.LOCKED
    return charged, Granted(charge=charged.charges), event


def _prove(record: GuessRecord, request: Prove) -> Outcome:
    refusal = _unknown(record, request)
    if refusal is not None:
        return record, Refused(refusal), None
    proved = replace(record, guesses_left=GUESSES, failures=0, locked_until=None)
    return proved, Granted(charge=request.charge, failures=max(0, record.failures - 1)), Event.RECOVERED


def _end_unproven(record: GuessRecord, request: EndUnproven) -> Outcome:
    refusal = _unknown(record, request)
    if refusal is not None:
        return record, Refused(refusal), None
    # Only the latest charge can be the last of its budget: with no guess left nothing was charged after it.
    if record.guesses_left == 0 and request.charge == record.charges:
        return _gone(record), Granted(charge=request.charge), Event.DESTROYED
    return record, Granted(charge=request.charge), None


def _destroy(record: GuessRecord) -> Outcome:
    if record.state in (State.NEW, State.DESTROYED):
        return record, Refused(Refusal.NOT_ACTIVE), None
    return _gone(record), Granted(), Event.DESTROYED


def _lift_lock(record: GuessRecord, now: datetime) -> Outcome:
    if record.state not in ANSWERING or record.locked_until is None or now < record.locked_until:
        return record, Refused(Refusal.NO_CHANGE), None
    return replace(record, locked_until=None), Granted(), Event.LOCK_LIFTED


def _rearm_wait(record: GuessRecord, now: datetime, back_off: BackOff) -> Outcome:
    wait = back_off.get(record.failures)
    if record.state not in ANSWERING or wait is None:
        return record, Refused(Refusal.NO_CHANGE), None
    return replace(record, locked_until=now + wait), Granted(), Event.LOCKED


def _cut_budget(record: GuessRecord) -> Outcome:
    if record.state not in ANSWERING:
        return record, Refused(Refusal.NOT_ACTIVE), None
    cut = min(record.guesses_left, GUESSES_AFTER_RESTORE)
    return replace(record, guesses_left=cut), Granted(), Event.RESTORED


def _pause(record: GuessRecord) -> Outcome:
    if record.state not in ANSWERING or record.paused:
        return record, Refused(Refusal.NO_CHANGE), None
    return replace(record, paused=True), Granted(), Event.PAUSED


def _resume(record: GuessRecord) -> Outcome:
    if record.state not in ANSWERING or not record.paused:
        return record, Refused(Refusal.NO_CHANGE), None
    return replace(record, paused=False), Granted(), Event.RESUMED


def _gone(record: GuessRecord) -> GuessRecord:
    return replace(record, state=State.DESTROYED, guesses_left=0, locked_until=None, pending_until=None, paused=False)


def _unknown(record: GuessRecord, request: Prove | EndUnproven) -> Refusal | None:
    if record.state not in ANSWERING:
        return Refusal.NOT_ACTIVE
    if request.version != record.version:
        return Refusal.OTHER_VERSION
    if not 0 < request.charge <= record.charges:
        return Refusal.UNKNOWN_CHARGE
    return None
