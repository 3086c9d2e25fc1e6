"""Safes: the owner's public key, set once, and the head that only the owner moves."""

import hashlib

from vault.server import crypto, tickets
from vault.server.clock import database_now
from vault.server.models import Safe
from vault.server.router import ALIAS
from vault.wire import messages
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.owner_proof import NO_RECORD, Action, Audience, OwnerProof
from vault.wire.ticket import AccountTicket

from . import identity, sealing
from .transactions import durable

NOTHING = hashlib.sha256(b"").digest()


def check_owner(
    owner_public_key: bytes,
    action: Action,
    ticket: AccountTicket,
    content: bytes,
    signature: bytes,
    *,
    record: bytes = NO_RECORD,
    version: int = 0,
) -> None:
    """The holder of K signed exactly this change; the nonce is the ticket's id. Raises VaultError proof_refused."""
    proof = OwnerProof(
        audience=Audience.VAULT,
        action=action,
        account=ticket.account,
        safe=ticket.safe,
        content=content,
        nonce=ticket.ticket_id,
        record=record,
        version=version,
    )
    try:
        crypto.verify(owner_public_key, proof.message(), signature)
    except crypto.SignatureInvalid as error:
        raise VaultError(ErrorCode.PROOF_REFUSED) from error


def held(ticket: AccountTicket, *, for_update: bool = False) -> Safe:
    """The ticket's safe, its custody MAC verified. Raises VaultError safe_unknown, record_closed, custody_down."""
    rows = Safe.objects.using(ALIAS)
    found = (rows.select_for_update() if for_update else rows).filter(account_id=ticket.account, safe_id=ticket.safe)
    safe = found.first()
    if safe is None:
        raise VaultError(ErrorCode.SAFE_UNKNOWN)
    sealing.check_safe(safe)
    return safe


@sealing.across_rotation
def open_safe(ticket: AccountTicket, request: messages.OpenSafe) -> bool:
    """Make the safe known; → whether it is new. Repeating it is fine. Raises VaultError proof_refused, safe_exists."""
    content = hashlib.sha256(request.owner_public_key).digest()
    check_owner(request.owner_public_key, Action.CREATE_SAFE, ticket, content, request.proof)
    with durable():
        now = database_now()
        tickets.spend(ticket, now)
        known = Safe.objects.using(ALIAS).filter(safe_id=ticket.safe).first()
        if known is not None:
            sealing.check_safe(known)
            if (known.account_id, known.owner_public_key) != (ticket.account, request.owner_public_key):
                raise VaultError(ErrorCode.SAFE_EXISTS)
            return False
        safe = Safe(
            account_id=ticket.account,
            safe_id=ticket.safe,
            owner_public_key=request.owner_public_key,
            created=now,
        )
        sealing.sign_safe(safe)
        safe.save(using=ALIAS, force_insert=True)
    return True


@sealing.across_rotation
def set_head(ticket: AccountTicket, request: messages.SetHead) -> None:
    """The owner states the safe's newest snapshot head. Raises VaultError."""
    with durable():
        tickets.spend(ticket, database_now())
        safe = held(ticket, for_update=True)
        check_owner(safe.owner_public_key, Action.SET_HEAD, ticket, request.head, request.proof)
        safe.head = request.head
        sealing.sign_safe(safe)
        safe.save(using=ALIAS, update_fields=["head", "epoch", "mac"])


@sealing.across_rotation
def read_head(ticket: AccountTicket, request: messages.ReadHead) -> messages.Head:
    """The head for whoever holds K, signed together with the ticket's id so that no older answer passes."""
    with durable():
        tickets.spend(ticket, database_now())
        safe = held(ticket)
        check_owner(safe.owner_public_key, Action.READ_HEAD, ticket, NOTHING, request.proof)
    message = messages.head_message(ticket.account, ticket.safe, ticket.ticket_id, safe.head)
    return messages.Head(safe.head, crypto.sign(identity.opened().signing_seed, message))
