"""Custody in an HSM, through PKCS#11: the epoch keys are made inside and never leave.

Two keys an epoch, labelled and numbered by CKA_ID: AES-256 for sealing, a generic secret for HMAC-SHA256. Both are
token objects, sensitive and not extractable. One session a process, opened after any fork; one lock around it, because
a PKCS#11 session carries one operation at a time.
Source: OASIS PKCS#11 v2.40, sections 2.12.5 (AES-GCM) and 2.20.4 (SHA256-HMAC).
"""

import hmac
import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import PyKCS11 as p11

from . import private_file
from .base import (
    EPOCH_BYTES,
    MAC_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    CustodyError,
    EpochCurrent,
    EpochUnknown,
    KeysMissing,
    Operations,
    SealInvalid,
    epoch_of,
)

KEY_BYTES = 32
LABEL = "coffer-vault"

# A tag that does not verify; SoftHSM says GENERAL_ERROR, which may mean anything (see `open`).
_TAG_WRONG = {p11.CKR_ENCRYPTED_DATA_INVALID, p11.CKR_ENCRYPTED_DATA_LEN_RANGE, p11.CKR_DATA_INVALID}
# The handles are stale: another process destroyed a key, or the session was lost.
_HANDLES_STALE = {p11.CKR_KEY_HANDLE_INVALID, p11.CKR_OBJECT_HANDLE_INVALID}
_SESSION_LOST = {
    p11.CKR_SESSION_HANDLE_INVALID,
    p11.CKR_SESSION_CLOSED,
    p11.CKR_USER_NOT_LOGGED_IN,
    p11.CKR_DEVICE_ERROR,
    p11.CKR_DEVICE_REMOVED,
    p11.CKR_TOKEN_NOT_PRESENT,
    p11.CKR_CRYPTOKI_NOT_INITIALIZED,
}

type _Keys = dict[int, tuple[Any, Any]]


class Pkcs11Custody:
    """Custody over the token named `token` of the PKCS#11 library `module`; its user PIN stands in `pin_file`.

    One instance serves any number of threads, and forked children open sessions of their own.
    """

    def __init__(self, module: str, token: str, pin_file: Path, label: str = LABEL) -> None:
        self._module, self._token, self._pin_file, self._label = module, token, pin_file, label
        self._library: Any = None
        self._refused_pin: tuple[int, int] | None = None
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def __repr__(self) -> str:
        return "Pkcs11Custody(REDACTED)"

    def _forget(self) -> None:
        """No session, no handles. In a forked child the lock is new, too: its holder may live in the parent only."""
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._session: Any = None
        self._keys: _Keys = {}
        self._handles: list[Any] = []

    def close(self) -> None:
        """End the session and let go of the library."""
        with self._lock:
            library, self._library = self._library, None
            self._forget()
            if library is not None:
                library.unload()

    def exists(self) -> bool:
        return self._do(lambda: bool(self._known()))

    def create(self) -> bool:
        with self._lock:
            if self.exists():
                return False
            self._do(lambda: self._generate(1))
            return True

    def epochs(self) -> tuple[int, ...]:
        known = self._do(self._known)
        if not known:
            raise KeysMissing("the token holds no epoch keys: run the set-up")
        return tuple(sorted(known))

    def current_epoch(self) -> int:
        return self.epochs()[-1]

    def create_epoch(self) -> int:
        with self._lock:
            # A half that a crash left behind has used up its number.
            epoch = max((*self.epochs(), *self._do(self._halves))) + 1
            self._do(lambda: self._generate(epoch))
            return epoch

    def destroy_epoch(self, epoch: int) -> None:
        with self._lock:
            if epoch == self.current_epoch():
                raise EpochCurrent(f"epoch {epoch} is current")
            self._do(lambda: self._destroy(epoch))

    def for_batch(self) -> Operations:
        """The token looks at each operation itself."""
        return self

    def seal(self, epoch: int, plaintext: bytes, associated_data: bytes) -> bytes:
        prefix = epoch.to_bytes(EPOCH_BYTES, "big")
        nonce = secrets.token_bytes(NONCE_BYTES)
        mechanism = p11.AES_GCM_Mechanism(nonce, prefix + associated_data, TAG_BYTES * 8)
        sealed = self._do(lambda: bytes(self._session.encrypt(self._epoch(epoch)[0], plaintext, mechanism)))
        if len(sealed) != len(plaintext) + TAG_BYTES:
            raise CustodyError("the token sealed something of another length")
        return prefix + nonce + sealed

    def open(self, sealed: bytes, associated_data: bytes) -> bytes:
        epoch = epoch_of(sealed)
        prefix, nonce = sealed[:EPOCH_BYTES], sealed[EPOCH_BYTES : EPOCH_BYTES + NONCE_BYTES]
        mechanism = p11.AES_GCM_Mechanism(nonce, prefix + associated_data, TAG_BYTES * 8)
        ciphertext = sealed[EPOCH_BYTES + NONCE_BYTES :]

        def decrypt() -> bytes:
            key = self._epoch(epoch)[0]
            try:
                return bytes(self._session.decrypt(key, ciphertext, mechanism))
            except p11.PyKCS11Error as error:
                if error.value in _TAG_WRONG or (error.value == p11.CKR_GENERAL_ERROR and self._well(epoch)):
                    raise SealInvalid("a sealed value does not open") from None
                raise

        return self._do(decrypt)

    def mac(self, epoch: int, message: bytes) -> bytes:
        vouched = epoch.to_bytes(EPOCH_BYTES, "big") + message
        mechanism = p11.Mechanism(p11.CKM_SHA256_HMAC, None)
        made = self._do(lambda: bytes(self._session.sign(self._epoch(epoch)[1], vouched, mechanism)))
        if len(made) != MAC_BYTES:
            raise CustodyError("the token made a MAC of another length")
        return made

    def verify_mac(self, epoch: int, message: bytes, mac: bytes) -> None:
        if not hmac.compare_digest(self.mac(epoch, message), mac):
            raise SealInvalid("a custody MAC does not verify")

    # --- inside the lock ----------------------------------------------------------------------------------------------

    def _do[T](self, action: Callable[[], T]) -> T:
        """Run it alone in a session; again with fresh handles, then a fresh session, where those were stale."""
        with self._lock:
            for attempts_left in (2, 1, 0):
                try:
                    self._open_session()
                    return action()
                except p11.PyKCS11Error as error:
                    if error.value in _SESSION_LOST and attempts_left:
                        self._session = None
                        self._keys, self._handles = {}, []
                    elif error.value in _HANDLES_STALE and attempts_left:
                        self._keys, self._handles = {}, []
                    else:
                        raise CustodyError(f"the token refused: {error}") from None
        raise CustodyError("the token does not answer")

    def _open_session(self) -> None:
        if self._pid != os.getpid():
            self._forget()
        if self._session is not None:
            return
        pin = self._pin()
        self._load_library()
        try:
            slots = self._library.getSlotList(tokenPresent=True)
            (slot,) = [s for s in slots if self._library.getTokenInfo(s).label.strip(" \0") == self._token]
        except ValueError:
            raise KeysMissing(f"there is not exactly one token named {self._token!r}") from None
        session = self._library.openSession(slot, p11.CKF_SERIAL_SESSION | p11.CKF_RW_SESSION)
        try:
            session.login(pin)
        except p11.PyKCS11Error as error:
            if error.value in {p11.CKR_PIN_INCORRECT, p11.CKR_PIN_LOCKED, p11.CKR_PIN_LEN_RANGE}:
                # Tokens lock after a few wrong PINs: the same file is not tried again.
                self._refused_pin = self._pin_seen()
                raise KeysMissing("the token does not accept the PIN") from None
            if error.value != p11.CKR_USER_ALREADY_LOGGED_IN:
                raise
        self._session = session

    def _load_library(self) -> None:
        if self._library is None:
            self._library = p11.PyKCS11Lib().load(self._module)
            self._library_pid = os.getpid()
        elif self._library_pid != os.getpid():
            # What the library remembers from before the fork belongs to the parent.
            if self._library.lib.C_Initialize() == p11.CKR_CRYPTOKI_ALREADY_INITIALIZED:
                self._library.lib.C_Finalize()
                self._library.lib.C_Initialize()
            self._library_pid = os.getpid()

    def _pin_seen(self) -> tuple[int, int]:
        facts = private_file.guarded(self._pin_file)
        return facts.st_ino, facts.st_mtime_ns

    def _pin(self) -> str:
        if self._refused_pin == self._pin_seen():
            raise KeysMissing("the token did not accept the PIN; it is tried again when its file changes")
        try:
            return private_file.read(self._pin_file).decode().strip()
        except (OSError, UnicodeDecodeError):
            raise KeysMissing("the PIN cannot be read") from None

    def _find(self, kind: str) -> list[Any]:
        label = f"{self._label}/{kind}"
        return list(self._session.findObjects([(p11.CKA_CLASS, p11.CKO_SECRET_KEY), (p11.CKA_LABEL, label)]))

    def _numbered(self, handles: list[Any]) -> dict[int, Any]:
        ids = {handle: bytes(self._session.getAttributeValue(handle, [p11.CKA_ID])[0]) for handle in handles}
        return {int.from_bytes(value, "big"): handle for handle, value in ids.items() if len(value) == EPOCH_BYTES}

    def _known(self) -> _Keys:
        """Every epoch that has both keys. The token is asked each time: another process may have changed them."""
        handles = self._find("seal")
        if not handles and self._session.getSessionInfo().state != p11.CKS_RW_USER_FUNCTIONS:
            # Logged out behind our back, private keys only seem to be gone.
            raise p11.PyKCS11Error(p11.CKR_USER_NOT_LOGGED_IN)
        if not self._keys or list(map(_handle, handles)) != list(map(_handle, self._handles)):
            seals, macs = self._numbered(handles), self._numbered(self._find("mac"))
            self._keys = {epoch: (seals[epoch], macs[epoch]) for epoch in seals.keys() & macs.keys()}
            self._handles = handles
        return self._keys

    def _halves(self) -> list[int]:
        return [0, *self._numbered(self._find("mac")), *self._numbered(self._find("seal"))]

    def _epoch(self, epoch: int) -> tuple[Any, Any]:
        found = self._keys.get(epoch) or self._known().get(epoch)
        if found is None:
            raise EpochUnknown(f"epoch {epoch} has no key here")
        return found

    def _well(self, epoch: int) -> bool:
        """Whether the token still works, so that its general error meant the tag."""
        try:
            self._session.sign(self._epoch(epoch)[1], b"well?", p11.Mechanism(p11.CKM_SHA256_HMAC, None))
        except p11.PyKCS11Error:
            return False
        return True

    def _generate(self, epoch: int) -> None:
        """The MAC key first: an epoch counts once its sealing key is there, too."""
        common = [
            (p11.CKA_CLASS, p11.CKO_SECRET_KEY),
            (p11.CKA_ID, epoch.to_bytes(EPOCH_BYTES, "big")),
            (p11.CKA_VALUE_LEN, KEY_BYTES),
            (p11.CKA_TOKEN, p11.CK_TRUE),
            (p11.CKA_PRIVATE, p11.CK_TRUE),
            (p11.CKA_SENSITIVE, p11.CK_TRUE),
            (p11.CKA_EXTRACTABLE, p11.CK_FALSE),
        ]
        mac = [
            (p11.CKA_KEY_TYPE, p11.CKK_GENERIC_SECRET),
            (p11.CKA_LABEL, f"{self._label}/mac"),
            (p11.CKA_SIGN, p11.CK_TRUE),
            (p11.CKA_VERIFY, p11.CK_TRUE),
        ]
        seal = [
            (p11.CKA_KEY_TYPE, p11.CKK_AES),
            (p11.CKA_LABEL, f"{self._label}/seal"),
            (p11.CKA_ENCRYPT, p11.CK_TRUE),
            (p11.CKA_DECRYPT, p11.CK_TRUE),
        ]
        self._session.generateKey(common + mac, mecha=p11.Mechanism(p11.CKM_GENERIC_SECRET_KEY_GEN, None))
        self._session.generateKey(common + seal, mecha=p11.MechanismAESGENERATEKEY)

    def _destroy(self, epoch: int) -> None:
        """The sealing key first: what is left after a crash opens nothing."""
        self._keys, self._handles = {}, []
        for kind in ("seal", "mac"):
            handle = self._numbered(self._find(kind)).get(epoch)
            if handle is not None:
                self._session.destroyObject(handle)


def _handle(key: Any) -> int:
    return int(key.value())
