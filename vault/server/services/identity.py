"""The vault's own keys: made once in set-up, sealed in the database, recognised by every client."""

from dataclasses import dataclass

from django.db import IntegrityError

from vault.custody import KeysMissing
from vault.opaque import generate_key_pair
from vault.server import crypto
from vault.server.clock import database_now
from vault.server.models import Identity
from vault.server.router import ALIAS
from vault.server.sodium import native_configuration
from vault.wire import messages
from vault.wire.errors import ErrorCode, VaultError

from . import sealing
from .transactions import durable


@dataclass(frozen=True, slots=True, repr=False)
class IdentityKeys:
    """The opened identity. Secret."""

    opaque_private_key: bytes
    opaque_public_key: bytes
    signing_seed: bytes

    def __repr__(self) -> str:
        return "IdentityKeys(REDACTED)"


def set_up() -> bool:
    """Make the epoch keys and the identity unless they are there; → whether anything was made.

    Raises KeysMissing where an identity exists whose epoch keys are gone: fresh ones could open nothing, so they are
    not made; VaultError where the identity does not open.
    """
    identity = _stored()
    custody = sealing.custody()
    if identity is not None and not custody.exists():
        raise KeysMissing("the database was sealed under epoch keys that are not there: restore them")
    made = custody.create()
    if identity is None:
        _make()
        made = True
    opened()
    return made


def _make() -> None:
    opaque_private_key, opaque_public_key = generate_key_pair(native_configuration())
    signing_seed = native_configuration().random(32)
    try:
        with durable():
            identity = Identity(
                opaque_public_key=opaque_public_key,
                signing_public_key=crypto.public_key(signing_seed),
                epoch=sealing.current_epoch(),
                created=database_now(),
            )
            identity.sealed = sealing.seal_identity(identity, opaque_private_key, signing_seed)
            identity.save(using=ALIAS, force_insert=True)
    except IntegrityError:
        pass  # another set-up was first: its identity is the identity


def public() -> messages.Identity:
    """The public halves. Raises VaultError custody_down before the set-up has run."""
    identity = _stored()
    if identity is None:
        raise VaultError(ErrorCode.CUSTODY_DOWN)
    return messages.Identity(identity.opaque_public_key, identity.signing_public_key)


def opened(read: Identity | None = None, *, alive: int | None = None) -> IdentityKeys:
    """The private halves. read: the row, where the caller has read it; alive: an epoch whose key the caller has just
    used: of a row sealed under it, what this process opened before is used again. Raises VaultError."""
    global _opened
    identity = read or _stored()
    if identity is None:
        raise VaultError(ErrorCode.CUSTODY_DOWN)
    row = (identity.epoch, identity.sealed, identity.opaque_public_key, identity.signing_public_key)
    before = _opened
    if identity.epoch == alive and before is not None and before.row == row:
        return before.keys
    opaque_private_key, signing_seed = sealing.open_identity(identity)
    keys = IdentityKeys(opaque_private_key, identity.opaque_public_key, signing_seed)
    _opened = _Opened(row, keys)
    return keys


@dataclass(frozen=True, slots=True, repr=False)
class _Opened:
    """The row, whole, and what it opened to. Secret. Why it may be kept: docs/decisions/0014."""

    row: tuple[int, bytes, bytes, bytes]
    keys: IdentityKeys

    def __repr__(self) -> str:
        return "_Opened(REDACTED)"


_opened: _Opened | None = None


def _stored() -> Identity | None:
    return Identity.objects.using(ALIAS).filter(pk=Identity.ONLY).first()
