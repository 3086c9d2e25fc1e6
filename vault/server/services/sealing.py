"""The door to custody: what is sealed under which associated data, and how custody's failures become typed errors."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from vault.custody import Custody, CustodyError, EpochUnknown, Operations, SealInvalid, custody_from, epoch_of
from vault.server import configuration
from vault.server.models import ClockMark, Identity, LoginState, Record, Safe
from vault.wire.encoding import field
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.limits import KE2_BYTES, REGISTRATION_RECORD_BYTES

from . import recognised

_EVALUATION = b"coffer/v1/vault/evaluation"
_WRAPPED_KEY = b"coffer/v1/vault/wrapped-key"
_LOGIN = b"coffer/v1/vault/login-state"
_IDENTITY = b"coffer/v1/vault/identity"
_SAFE = b"coffer/v1/vault/safe"
_CLOCK = b"coffer/v1/vault/clock-mark"
OPRF_KEY_BYTES = 32
_LOGIN_STATE_BYTES = 128


class failing_closed:
    """Custody's exceptions become VaultError: record_closed where bytes do not match, custody_down for the rest.

    A class, because a rotation enters it six million times.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SealInvalid):
            raise VaultError(ErrorCode.RECORD_CLOSED) from error
        if isinstance(error, CustodyError):
            raise VaultError(ErrorCode.CUSTODY_DOWN) from error


def across_rotation[**P, T](service: Callable[P, T]) -> Callable[P, T]:
    """Once more where an epoch's key was gone: a row read just before a rotation's end is read again, under its new
    epoch. Only for services that a client may repeat, too."""

    @functools.wraps(service)
    def served(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return service(*args, **kwargs)
        except VaultError as error:
            if not isinstance(error.__cause__, EpochUnknown):
                raise
            return service(*args, **kwargs)

    return served


def custody() -> Custody:
    """The custody that the settings name. Raises CustodyError."""
    global _custody
    named = configuration.custody()
    if _custody is None or _custody[0] != named:
        _custody = dict(named), custody_from(named)
    return _custody[1]


_custody: tuple[dict[str, object], Custody] | None = None


@contextmanager
def in_batch() -> Iterator[None]:
    """Custody's keys are looked at once for all that this context seals, opens and vouches for. Not for requests:
    keys that come or go meanwhile are not seen. Raises VaultError custody_down."""
    with failing_closed():
        held = custody().for_batch()
    before = _held.set(held)
    try:
        yield
    finally:
        _held.reset(before)


_held: ContextVar[Operations | None] = ContextVar("held", default=None)


def _operations() -> Operations:
    return _held.get() or custody()


def current_epoch() -> int:
    """The epoch for what is sealed now. Raises VaultError."""
    with failing_closed():
        return custody().current_epoch()


def mac(epoch: int, message: bytes) -> bytes:
    """Custody's MAC, 32 bytes. Raises VaultError."""
    with failing_closed():
        made = _operations().mac(epoch, message)
    if _held.get() is None:
        recognised.add(epoch, message, made)
    return made


def verify_mac(epoch: int, message: bytes, value: bytes, *, alive: int | None = None) -> None:
    """alive: an epoch whose key the caller has just used. What custody has vouched for before, in this process and
    under that epoch, is then recognised instead of asked again: the same bytes cannot have become wrong.

    Raises VaultError record_closed, custody_down.
    """
    if epoch == alive and recognised.knows(epoch, message, value):
        return
    with failing_closed():
        _operations().verify_mac(epoch, message, value)
    if _held.get() is None:
        recognised.add(epoch, message, value)


def _seal(epoch: int, plaintext: bytes, binding: bytes) -> bytes:
    with failing_closed():
        return _operations().seal(epoch, plaintext, binding)


def _open(sealed: bytes | None, binding: bytes, *lengths: int) -> bytes:
    if sealed is None:
        raise VaultError(ErrorCode.RECORD_CLOSED)
    with failing_closed():
        plaintext: bytes = _operations().open(sealed, binding)
    if lengths and len(plaintext) not in lengths:
        raise VaultError(ErrorCode.RECORD_CLOSED)
    return plaintext


def _of_record(label: bytes, record: Record) -> bytes:
    return b"".join((field(label), record.record_id, record.version.to_bytes(4, "big")))


def seal_evaluation(record: Record, oprf_key: bytes, registration_record: bytes = b"") -> bytes:
    """What an evaluation needs, under the record's own id, version and epoch."""
    return _seal(record.epoch, oprf_key + registration_record, _of_record(_EVALUATION, record))


def open_evaluation(record: Record) -> tuple[bytes, bytes]:
    """→ (OPRF key, registration record; empty while pending). When it returns, the key of the epoch that the record
    names has just been used. Raises VaultError."""
    lengths = OPRF_KEY_BYTES, OPRF_KEY_BYTES + REGISTRATION_RECORD_BYTES
    plaintext = _open_of(record, record.sealed_evaluation, _EVALUATION, *lengths)
    return plaintext[:OPRF_KEY_BYTES], plaintext[OPRF_KEY_BYTES:]


def seal_wrapped_key(record: Record, wrapped_key: bytes) -> bytes:
    """The owner's wrapped K, once more under custody."""
    return _seal(record.epoch, wrapped_key, _of_record(_WRAPPED_KEY, record))


def open_wrapped_key(record: Record) -> bytes:
    """Only for a login that has proved itself. As of `open_evaluation`, the record's epoch is in use then. Raises
    VaultError."""
    return _open_of(record, record.sealed_wrapped_key, _WRAPPED_KEY)


def _open_of(record: Record, sealed: bytes | None, label: bytes, *lengths: int) -> bytes:
    plaintext = _open(sealed, _of_record(label, record), *lengths)
    # The seal says its epoch under its tag; the column is only a column, and `alive` goes by it.
    if sealed is None or epoch_of(sealed) != record.epoch:
        raise VaultError(ErrorCode.RECORD_CLOSED)
    return plaintext


def _of_login(login: LoginState, record: Record) -> bytes:
    return b"".join(
        (
            _of_record(_LOGIN, record),
            login.login_id,
            login.ticket_id,
            login.request_id,
            login.ke1_digest,
            login.charge.to_bytes(8, "big"),
            bytes([login.guesses_left]),
            login.expires.isoformat().encode("ascii"),
        )
    )


def sign_login(login: LoginState, record: Record) -> None:
    """Set the login state's epoch and custody MAC (not saved): which charged KE1 it stands for. Raises VaultError.

    Its epoch is its record's, which holds still while the record is: a rotation seals records anew before login
    states, so that none is written behind its back.
    """
    login.epoch = record.epoch
    vouch_login(login, record)


def vouch_login(login: LoginState, record: Record) -> None:
    """The MAC under the epoch the row names (not saved). Raises VaultError."""
    login.mac = mac(login.epoch, _of_login(login, record))


def check_login(login: LoginState, record: Record) -> None:
    """Raises VaultError record_closed where the row was edited, custody_down."""
    verify_mac(login.epoch, _of_login(login, record), login.mac)


def seal_login(login: LoginState, record: Record, ke2: bytes, state: bytes) -> bytes:
    """KE2 and what the vault keeps until KE3."""
    return _seal(login.epoch, ke2 + state, _of_login(login, record))


def open_login(login: LoginState, record: Record) -> tuple[bytes, bytes]:
    """→ (KE2, the OPAQUE login state). Raises VaultError."""
    plaintext = _open(login.sealed, _of_login(login, record), KE2_BYTES + _LOGIN_STATE_BYTES)
    return plaintext[:KE2_BYTES], plaintext[KE2_BYTES:]


def seal_identity(identity: Identity, opaque_private_key: bytes, signing_seed: bytes) -> bytes:
    """The vault's own private keys, bound to the public halves beside them."""
    return _seal(identity.epoch, opaque_private_key + signing_seed, _of_identity(identity))


def open_identity(identity: Identity) -> tuple[bytes, bytes]:
    """→ (OPAQUE private key, Ed25519 seed). Raises VaultError."""
    plaintext = _open(identity.sealed, _of_identity(identity), 64)
    return plaintext[:32], plaintext[32:]


def _of_identity(identity: Identity) -> bytes:
    return b"".join((field(_IDENTITY), identity.opaque_public_key, identity.signing_public_key))


def sign_safe(safe: Safe) -> None:
    """Set the safe's custody MAC to its present values (not saved). Raises VaultError."""
    safe.epoch = current_epoch()
    vouch_safe(safe)


def vouch_safe(safe: Safe) -> None:
    """The MAC under the epoch the row names (not saved). Raises VaultError."""
    safe.mac = mac(safe.epoch, _of_safe(safe))


def check_safe(safe: Safe, *, alive: int | None = None) -> None:
    """alive: see `verify_mac`. Raises VaultError record_closed where the row was edited, custody_down."""
    verify_mac(safe.epoch, _of_safe(safe), safe.mac, alive=alive)


def _of_safe(safe: Safe) -> bytes:
    parts = (_SAFE, safe.account_id, safe.safe_id, safe.owner_public_key, safe.head or b"")
    return b"".join(map(field, parts)) + safe.registrations.to_bytes(4, "big")


def sign_clock_mark(mark: ClockMark) -> None:
    """Set the mark's custody MAC to its present values (not saved). Raises VaultError."""
    mark.epoch = current_epoch()
    vouch_clock_mark(mark)


def vouch_clock_mark(mark: ClockMark) -> None:
    """The MAC under the epoch the row names (not saved). Raises VaultError."""
    mark.mac = mac(mark.epoch, _of_clock_mark(mark))


def check_clock_mark(mark: ClockMark, *, alive: int | None = None) -> None:
    """alive: see `verify_mac`. Raises VaultError record_closed where the row was edited, custody_down."""
    verify_mac(mark.epoch, _of_clock_mark(mark), mark.mac, alive=alive)


def _of_clock_mark(mark: ClockMark) -> bytes:
    stopped = "" if mark.stopped is None else mark.stopped.isoformat()
    return b"".join(map(field, (_CLOCK, mark.latest.isoformat().encode(), stopped.encode())))
