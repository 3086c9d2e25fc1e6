"""A guess's life: charged and committed, then evaluated, then proved by KE3 or ended without proof.

start    one transaction: spend the ticket, charge the guess, write the login state     → on disk
         then KE2 is computed and sealed into the login state                           → reply
finish   KE3 is checked; one transaction: consume the login state, refill the record    → sealed reply
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from vault import lockout
from vault.lockout import Granted, Refusal, State
from vault.opaque import (
    KE1,
    KE3,
    ClientAuthenticationError,
    OpaqueError,
    RegistrationRecord,
    ServerLoginState,
    check_element,
    generate_ke2,
    server_finish,
)
from vault.server import configuration, crypto, rows, selectors, tickets
from vault.server.clock import database_now
from vault.server.models import LoginState, Record
from vault.server.router import ALIAS
from vault.server.sodium import native_configuration
from vault.wire import messages
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.limits import ID_BYTES, LOGIN_SECONDS
from vault.wire.session_reply import SessionReply, reply_binding, reply_key
from vault.wire.ticket import AccountTicket

from . import clock_mark, counter, identity, login_rows, safes, sealing
from .ending import end_login_states, end_spent_record
from .transactions import durable


@dataclass(frozen=True, slots=True, repr=False)
class _Charged:
    """A guess that is paid for, and what its evaluation needs, opened before it was. Secret."""

    login: LoginState
    record: Record
    evaluation: tuple[bytes, bytes]
    keys: identity.IdentityKeys

    def __repr__(self) -> str:
        return "_Charged(REDACTED)"


class _WrongProof(Exception):
    """KE3 does not belong to this login state."""

    def __init__(self, login: LoginState) -> None:
        super().__init__("the proof is wrong")
        self.login = login


@sealing.across_rotation
def start(ticket: AccountTicket, request: messages.StartLogin, state: State = State.ACTIVE) -> messages.LoginStarted:
    """KE1 → KE2 by the safe's record of this state, charged exactly once for each ticket, request id and KE1.

    Raises VaultError record_missing, record_destroyed, guesses_used, record_locked, record_closed, custody_down,
    clock_stopped, malformed, and what `tickets.spend` raises.
    """
    ke1 = _checked(request.ke1)
    charged = _charged(ticket, request, state)
    login, record = charged.login, charged.record
    ke2 = _evaluated(ticket, charged, ke1) if login.sealed is None else sealing.open_login(login, record)[0]
    return messages.LoginStarted(
        login=login.login_id,
        record=record.record_id,
        version=record.version,
        ke2=ke2,
        guesses_left=login.guesses_left,
    )


def _checked(ke1_bytes: bytes) -> KE1:
    """Refuse what cannot be evaluated before it costs a guess."""
    group = native_configuration().group
    try:
        ke1 = KE1.from_bytes(ke1_bytes)
        check_element(group, ke1.credential_request.blinded_message)
        check_element(group, ke1.auth_request.client_public_keyshare)
    except OpaqueError as error:
        raise VaultError(ErrorCode.MALFORMED) from error
    return ke1


def _charged(ticket: AccountTicket, request: messages.StartLogin, state: State) -> _Charged:
    """The login state of this very request, charged now or earlier; committed when this returns."""
    try:
        return _settled(ticket, request, state)
    except VaultError as error:
        if error.code is not ErrorCode.TICKET_SPENT:
            raise
    # The same request may have been charged a moment ago by a copy of itself.
    return _settled(ticket, request, state)


def _settled(ticket: AccountTicket, request: messages.StartLogin, state: State) -> _Charged:
    """Once the clock's mark is up to date and a record whose last guess ended unproven is destroyed, both of which
    commit by themselves. Looked at first, because hardly any request finds something to do."""
    for settled in (False, True):
        with durable():
            asked = login_rows.asked(ticket, state)
            now = database_now()
            if asked is None:
                if settled:
                    raise _no_record(ticket, state, now)
            elif settled or (clock_mark.fresh(asked.mark, now) and asked.record.guesses_left > 0):
                return _charge(ticket, request, asked, now)
        clock_mark.advance()
        end_spent_record(ticket)
    raise VaultError(ErrorCode.BUSY)


def _charge(ticket: AccountTicket, request: messages.StartLogin, asked: login_rows.Asked, now: datetime) -> _Charged:
    safe, record = asked.safe, asked.record
    if asked.login is not None:
        _check_same(request, asked.login, record, now)
    else:
        tickets.check(ticket, now, spent=asked.spent)
    # All that custody must be able to do is tried before the charge: a custody that is down costs no guess.
    evaluation, keys = sealing.open_evaluation(record), identity.opened(asked.identity, alive=record.epoch)
    clock_mark.check_read(asked.mark, now, alive=record.epoch)
    sealing.check_safe(safe, alive=record.epoch)
    if asked.login is not None:
        return _Charged(asked.login, record, evaluation, keys)
    current = counter.read(record, alive=record.epoch)
    charged, reply, event = lockout.decide(current, lockout.Charge(), now, configuration.back_off())
    if not isinstance(reply, Granted):
        raise _refused(reply, now)
    tickets.store_spent(ticket)
    counter.write(record, charged, event, now)
    login = LoginState(
        login_id=secrets.token_bytes(ID_BYTES),
        ticket_id=ticket.ticket_id,
        request_id=request.request_id,
        ke1_digest=_digest(request),
        record=record,
        version=record.version,
        charge=charged.charges,
        guesses_left=charged.guesses_left,
        expires=now + timedelta(seconds=LOGIN_SECONDS),
    )
    sealing.sign_login(login, record)
    rows.table(LoginState).insert(login)
    return _Charged(login, record, evaluation, keys)


def _check_same(request: messages.StartLogin, login: LoginState, record: Record, now: datetime) -> None:
    """The ticket was spent on this very request, a moment ago. Raises VaultError ticket_spent, record_closed."""
    same = hmac.compare_digest(login.ke1_digest, _digest(request)) and login.request_id == request.request_id
    if not same or now >= login.expires or login.record_id != record.pk:
        raise VaultError(ErrorCode.TICKET_SPENT)
    # Without this, a row edited in SQL could pass for another charged KE1.
    sealing.check_login(login, record)


def _digest(request: messages.StartLogin) -> bytes:
    return hashlib.sha256(request.ke1).digest()


def _evaluated(ticket: AccountTicket, charged: _Charged, ke1: KE1) -> bytes:
    """Compute KE2 for a committed charge and keep it. Of two computations for one charge the first stored counts."""
    login, record, keys = charged.login, charged.record, charged.keys
    oprf_key, registration_record = charged.evaluation
    ke2, state = generate_ke2(
        native_configuration(),
        ke1,
        record=RegistrationRecord.from_bytes(registration_record),
        oprf_key=oprf_key,
        server_private_key=keys.opaque_private_key,
        server_public_key=keys.opaque_public_key,
        client_identity=ticket.account,
        server_identity=keys.opaque_public_key,
    )
    computed = ke2.to_bytes()
    sealed = sealing.seal_login(login, record, computed, state.to_bytes())
    if login_rows.keep(login, sealed):
        return computed
    with durable():
        stored = LoginState.objects.using(ALIAS).select_for_update().filter(login_id=login.login_id).first()
        if stored is None:
            raise VaultError(ErrorCode.LOGIN_GONE)
        if stored.sealed is None:
            sealing.check_login(stored, record)
            stored.sealed = sealing.seal_login(stored, record, computed, state.to_bytes())
            stored.save(using=ALIAS, update_fields=["sealed"])
    return sealing.open_login(stored, record)[0]


@sealing.across_rotation
def finish(ticket: AccountTicket, request: messages.FinishLogin) -> messages.LoginFinished:
    """KE3 → wrapped key and head under the session key; the record has its ten guesses again.

    Raises VaultError login_gone, ke3_wrong, record_destroyed, record_closed, custody_down.
    """
    try:
        return _finished(ticket, request)
    except _WrongProof as wrong:
        login = wrong.login
        end_login_states(login.record_id, failed_login_pk=login.pk)
        raise VaultError(ErrorCode.KE3_WRONG, guesses_left=login.guesses_left) from wrong


def _finished(ticket: AccountTicket, request: messages.FinishLogin) -> messages.LoginFinished:
    for settled in (False, True):
        with durable():
            proving = login_rows.proving(ticket, request.login)
            if proving is None:
                raise VaultError(ErrorCode.LOGIN_GONE)
            if proving.record.guesses_left > 0 or settled:
                return _proved(ticket, request, proving, database_now())
        end_spent_record(ticket)
    raise VaultError(ErrorCode.BUSY)


def _proved(
    ticket: AccountTicket, request: messages.FinishLogin, proving: login_rows.Proving, now: datetime
) -> messages.LoginFinished:
    login, record, safe = proving.login, proving.record, proving.safe
    _, state = sealing.open_login(login, record)
    try:
        session_key = server_finish(ServerLoginState.from_bytes(state), KE3.from_bytes(request.ke3))
    except ClientAuthenticationError as error:
        raise _WrongProof(login) from error
    if now >= login.expires or not login_rows.consume(login):
        raise VaultError(ErrorCode.LOGIN_GONE)
    wrapped_key = sealing.open_wrapped_key(record)
    sealing.check_safe(safe, alive=record.epoch)
    request_to_rule = lockout.Prove(charge=login.charge, version=login.version)
    proved, reply, event = lockout.decide(counter.read(record, alive=record.epoch), request_to_rule, now)
    if not isinstance(reply, Granted):
        raise _refused(reply, now)
    counter.write(record, proved, event, now, last_proof=now)
    answer = SessionReply(wrapped_key, safe.head, login.guesses_left + 1, reply.failures or 0)
    return messages.LoginFinished(_sealed_reply(ticket, login, record, session_key, answer))


def _sealed_reply(
    ticket: AccountTicket, login: LoginState, record: Record, session_key: bytes, reply: SessionReply
) -> bytes:
    binding = reply_binding(ticket.account, ticket.safe, record.record_id, login.version, login.login_id)
    return crypto.seal(reply_key(session_key, login.login_id), reply.to_plaintext(), binding)


def _no_record(ticket: AccountTicket, state: State, now: datetime) -> VaultError:
    """Why there is no record of this state to evaluate. Raises VaultError for what comes first."""
    tickets.check(ticket, now)
    safe = safes.held(ticket)
    if state is State.STAGED:
        return VaultError(ErrorCode.RECORD_GONE)
    if selectors.records_of(safe, State.DESTROYED).exists():
        return VaultError(ErrorCode.RECORD_DESTROYED, guesses_left=0)
    return VaultError(ErrorCode.RECORD_MISSING)


def _refused(reply: lockout.Refused | lockout.Granted, now: datetime) -> VaultError:
    match reply:
        case lockout.Refused(reason=Refusal.LOCKED, retry_after=int(seconds)):
            # Rounded up to the second, so that whoever waits for it is not refused once more.
            until = (now + timedelta(seconds=seconds + 1, microseconds=-1)).strftime("%Y-%m-%dT%H:%M:%SZ")
            return VaultError(ErrorCode.LOCKED, retry_after=seconds, until=until)
        case lockout.Refused(reason=Refusal.PAUSED):
            return VaultError(ErrorCode.GUESSING_PAUSED)
        case lockout.Refused(reason=Refusal.NO_GUESSES):
            return VaultError(ErrorCode.GUESSES_USED, guesses_left=0)
        case lockout.Refused(reason=Refusal.NOT_ACTIVE):
            return VaultError(ErrorCode.RECORD_DESTROYED, guesses_left=0)
        case lockout.Refused(reason=Refusal.EXPIRED):
            return VaultError(ErrorCode.RECORD_GONE)
        case _:
            return VaultError(ErrorCode.LOGIN_GONE)
