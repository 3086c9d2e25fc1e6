"""Setting a password: one new record, one new OPRF key, one answer; then the owner fills and activates it.

`answer_once` and `fill` serve replacement.py, too, where the record is staged instead.
"""

import hashlib
import secrets
from collections.abc import Callable

from vault import lockout
from vault.lockout import Granted, GuessRecord, State
from vault.opaque import (
    OpaqueError,
    RegistrationRecord,
    RegistrationRequest,
    check_element,
    check_registration_record,
    create_registration_response,
    generate_oprf_key,
)
from vault.server import crypto, selectors, tickets
from vault.server.clock import database_now
from vault.server.models import Record, Safe
from vault.server.router import ALIAS
from vault.server.sodium import native_configuration
from vault.wire import messages
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.limits import ID_BYTES
from vault.wire.owner_proof import Action
from vault.wire.ticket import AccountTicket

from . import clock_mark, counter, identity, safes, sealing
from .ending import drop_staged, end_spent_record
from .transactions import durable


@sealing.across_rotation
def start(ticket: AccountTicket, request: messages.StartRegistration) -> messages.RegistrationStarted:
    """A password where there is none. Raises VaultError record_active, and what `answer_once` raises."""
    return answer_once(ticket, request, _no_password)


def _no_password(safe: Safe) -> None:
    if selectors.records_of(safe, State.ACTIVE).exists():
        raise VaultError(ErrorCode.RECORD_ACTIVE)


def answer_once(
    ticket: AccountTicket, request: messages.StartRegistration, allowed: Callable[[Safe], None]
) -> messages.RegistrationStarted:
    """A pending record whose fresh key answers this request and no other; an earlier pending one is given up.

    The record is committed before its key evaluates anything. allowed: raises where the safe may not have one now.
    Raises VaultError safe_unknown, clock_stopped, malformed.
    """
    configuration = native_configuration()
    opaque_request = RegistrationRequest(request.registration_request)
    try:
        check_element(configuration.group, opaque_request.blinded_message)
    except OpaqueError as error:
        raise VaultError(ErrorCode.MALFORMED) from error
    keys = identity.opened()
    oprf_key = generate_oprf_key(configuration)
    clock_mark.advance()
    end_spent_record(ticket)
    with durable():
        now = database_now()
        clock_mark.check(now)
        tickets.spend(ticket, now)
        safe = safes.held(ticket, for_update=True)
        allowed(safe)
        selectors.records_of(safe, State.PENDING).delete()
        safe.registrations += 1
        sealing.sign_safe(safe)
        safe.save(using=ALIAS, update_fields=["registrations", "epoch", "mac"])
        record = Record(
            record_id=secrets.token_bytes(ID_BYTES),
            safe=safe,
            version=safe.registrations,
            epoch=sealing.current_epoch(),
            created=now,
        )
        record.sealed_evaluation = sealing.seal_evaluation(record, oprf_key)
        pending, _, event = lockout.decide(GuessRecord(version=record.version), lockout.AnswerRegistration(), now)
        counter.create(record, pending, event, now)
    response = create_registration_response(
        configuration, opaque_request, server_public_key=keys.opaque_public_key, oprf_key=oprf_key
    ).to_bytes()
    message = messages.registration_message(
        ticket.account, ticket.safe, record.record_id, record.version, request.registration_request, response
    )
    return messages.RegistrationStarted(
        record=record.record_id,
        version=record.version,
        registration_response=response,
        signature=crypto.sign(keys.signing_seed, message),
    )


@sealing.across_rotation
def finish(ticket: AccountTicket, request: messages.FinishRegistration) -> messages.RegistrationFinished:
    """Fill and activate the pending record. Repeating it after a lost reply is fine.

    Raises VaultError record_active, what `fill` raises.
    """
    return fill(ticket, request, Action.REGISTER_RECORD, State.ACTIVE)


def fill(
    ticket: AccountTicket, request: messages.FinishRegistration, action: Action, into: State
) -> messages.RegistrationFinished:
    """The pending record becomes active or staged with what its owner made of the answer. An earlier staged one ends.

    Raises VaultError proof_refused, record_gone, record_active (into: active, beside an active one), malformed.
    """
    try:
        check_registration_record(native_configuration(), RegistrationRecord.from_bytes(request.registration_record))
    except OpaqueError as error:
        raise VaultError(ErrorCode.MALFORMED) from error
    content = hashlib.sha256(request.registration_record + request.wrapped_key).digest()
    with durable():
        now = database_now()
        tickets.spend(ticket, now)
        safe = safes.held(ticket, for_update=True)
        record = counter.named(safe, request.record)
        if record is None:
            raise VaultError(ErrorCode.RECORD_GONE)
        safes.check_owner(
            safe.owner_public_key,
            action,
            ticket,
            content,
            request.proof,
            record=record.record_id,
            version=record.version,
        )
        current = counter.read(record)
        if current.state is into and record.content == content:
            return messages.RegistrationFinished(into.value)
        if into is State.ACTIVE:
            _no_password(safe)
        asked = lockout.Activate() if into is State.ACTIVE else lockout.Stage()
        filled, reply, event = lockout.decide(current, asked, now)
        if not isinstance(reply, Granted):
            raise VaultError(ErrorCode.RECORD_GONE)
        drop_staged(safe)
        oprf_key, _ = sealing.open_evaluation(record)
        record.epoch = sealing.current_epoch()
        counter.write(
            record,
            filled,
            event,
            now,
            epoch=record.epoch,
            sealed_evaluation=sealing.seal_evaluation(record, oprf_key, request.registration_record),
            sealed_wrapped_key=sealing.seal_wrapped_key(record, request.wrapped_key),
            content=content,
            activated=now if into is State.ACTIVE else None,
        )
    return messages.RegistrationFinished(into.value)
