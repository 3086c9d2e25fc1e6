"""A guess's life: charged and committed, then evaluated, then proved by KE3 or ended without proof.

start    one transaction: spend the ticket, charge the guess, write the login state     → on disk
         then KE2 is computed and sealed into the login state                           → reply
finish   KE3 is checked; one transaction: consume the login state, refill the record    → sealed reply
"""

import hashlib
import hmac
import secrets
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
from vault.server import configuration, crypto, selectors, tickets
from vault.server.clock import database_now
from vault.server.models import LoginState, Record, Safe
from vault.server.router import ALIAS
from vault.server.sodium import native_configuration
from vault.wire import messages
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.limits import ID_BYTES, LOGIN_SECONDS
from vault.wire.session_reply import SessionReply, reply_binding, reply_key
from vault.wire.ticket import AccountTicket

from . import clock_mark, counter, identity, safes, sealing
from .ending import end_login_states, end_spent_record
from .transactions import durable


@sealing.across_rotation
def start(ticket: AccountTicket, request: messages.StartLogin) -> messages.LoginStarted:
    """KE1 → KE2, charged exactly once for each ticket, request id and KE1.

    Raises VaultError record_missing, record_destroyed, guesses_used, record_locked, record_closed, custody_down,
    clock_stopped, malformed, and what `tickets.spend` raises.
    """
    ke1 = _checked(request.ke1)
    clock_mark.advance()
    end_spent_record(ticket)
    login = _charged(ticket, request)
    record = login.record
    if login.sealed is None:
        login = _evaluated(ticket, login, record, ke1)
    ke2, _ = sealing.open_login(login, record)
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


def _known(ticket: AccountTicket, request: messages.StartLogin) -> LoginState | None:
    """The live login state of this very request. Raises VaultError ticket_spent where the ticket served another."""
    known = LoginState.objects.using(ALIAS).filter(ticket_id=ticket.ticket_id).select_related("record").first()
    if known is None:
        return None
    same = hmac.compare_digest(known.ke1_digest, _digest(request)) and known.request_id == request.request_id
    if not same or database_now() >= known.expires:
        raise VaultError(ErrorCode.TICKET_SPENT)
    # Without this, a row edited in SQL could pass for another charged KE1.
    sealing.check_login(known, known.record)
    return known


def _digest(request: messages.StartLogin) -> bytes:
    return hashlib.sha256(request.ke1).digest()


def _charged(ticket: AccountTicket, request: messages.StartLogin) -> LoginState:
    """The login state of this very request, charged now or earlier; committed when this returns."""
    known = _known(ticket, request)
    if known is not None:
        return known
    try:
        return _charge(ticket, request)
    except VaultError as error:
        # The same request may have been charged a moment ago by a copy of itself.
        known = _known(ticket, request) if error.code is ErrorCode.TICKET_SPENT else None
        if known is None:
            raise
        return known


def _charge(ticket: AccountTicket, request: messages.StartLogin) -> LoginState:
    with durable():
        now = database_now()
        clock_mark.check(now)
        tickets.spend(ticket, now)
        record = _answering(safes.held(ticket))
        # All that custody must be able to do is tried before the charge: a custody that is down costs no guess.
        sealing.open_evaluation(record)
        identity.opened()
        charged, reply, event = lockout.decide(counter.read(record), lockout.Charge(), now, configuration.back_off())
        if not isinstance(reply, Granted):
            raise _refused(reply, now)
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
        login.save(using=ALIAS, force_insert=True)
    return login


def _evaluated(ticket: AccountTicket, login: LoginState, record: Record, ke1: KE1) -> LoginState:
    """Compute KE2 for a committed charge and keep it. Of two computations for one charge the first stored counts."""
    keys = identity.opened()
    oprf_key, registration_record = sealing.open_evaluation(record)
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
    with durable():
        # Held and read again: a rotation may have moved the row to another epoch.
        stored = LoginState.objects.using(ALIAS).select_for_update().filter(pk=login.pk).first()
        if stored is None:
            raise VaultError(ErrorCode.LOGIN_GONE)
        if stored.sealed is None:
            sealing.check_login(stored, record)
            stored.sealed = sealing.seal_login(stored, record, ke2.to_bytes(), state.to_bytes())
            stored.save(using=ALIAS, update_fields=["sealed"])
    return stored


@sealing.across_rotation
def finish(ticket: AccountTicket, request: messages.FinishLogin) -> messages.LoginFinished:
    """KE3 → wrapped key and head under the session key; the record has its ten guesses again.

    Raises VaultError login_gone, ke3_wrong, record_destroyed, record_closed, custody_down.
    """
    end_spent_record(ticket)
    login = _of_ticket(ticket, request.login)
    record = login.record
    _, state = sealing.open_login(login, record)
    try:
        session_key = server_finish(ServerLoginState.from_bytes(state), KE3.from_bytes(request.ke3))
    except ClientAuthenticationError as error:
        end_login_states(record.pk, failed_login_pk=login.pk)
        raise VaultError(ErrorCode.KE3_WRONG, guesses_left=login.guesses_left) from error
    with durable():
        safe = safes.held(ticket)
        proved_record = counter.locked(record.pk)
        now = database_now()
        consumed, _ = LoginState.objects.using(ALIAS).filter(pk=login.pk, expires__gt=now).delete()
        if consumed != 1 or proved_record is None:
            raise VaultError(ErrorCode.LOGIN_GONE)
        request_to_rule = lockout.Prove(charge=login.charge, version=login.version)
        proved, reply, event = lockout.decide(counter.read(proved_record), request_to_rule, now)
        if not isinstance(reply, Granted):
            raise _refused(reply, now)
        wrapped_key = sealing.open_wrapped_key(proved_record)
        counter.write(proved_record, proved, event, now, last_proof=now)
    return messages.LoginFinished(
        _sealed_reply(
            ticket,
            login,
            session_key,
            SessionReply(wrapped_key, safe.head, login.guesses_left + 1, reply.failures or 0),
        )
    )


def _sealed_reply(ticket: AccountTicket, login: LoginState, session_key: bytes, reply: SessionReply) -> bytes:
    binding = reply_binding(ticket.account, ticket.safe, login.record.record_id, login.version, login.login_id)
    return crypto.seal(reply_key(session_key, login.login_id), reply.to_plaintext(), binding)


def _of_ticket(ticket: AccountTicket, login_id: bytes) -> LoginState:
    """The login state that this very ticket was spent on, whatever its age. Raises VaultError login_gone."""
    login = (
        LoginState.objects.using(ALIAS)
        .filter(
            login_id=login_id,
            ticket_id=ticket.ticket_id,
            record__safe__account_id=ticket.account,
            record__safe__safe_id=ticket.safe,
            sealed__isnull=False,
        )
        .select_related("record")
        .first()
    )
    if login is None:
        raise VaultError(ErrorCode.LOGIN_GONE)
    return login


def _answering(safe: Safe) -> Record:
    """The safe's active record, locked. Raises VaultError record_missing, record_destroyed."""
    found = selectors.records_of(safe, State.ACTIVE).first()
    record = None if found is None else counter.locked(found.pk)
    if record is not None:
        return record
    if selectors.records_of(safe, State.DESTROYED).exists():
        raise VaultError(ErrorCode.RECORD_DESTROYED, guesses_left=0)
    raise VaultError(ErrorCode.RECORD_MISSING)


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
        case _:
            return VaultError(ErrorCode.LOGIN_GONE)
