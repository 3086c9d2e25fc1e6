"""Software custody: the epoch keys in one file of mode 0600, in a folder of mode 0700, outside the database.

The file is JSON: {"format": "coffer/v1/epoch-keys", "current": n, "keys": {"n": base64url of 32 bytes}}. It is read
again whenever it changes, and refused whenever anyone but its owner could read or change it.
"""

import hashlib
import hmac
import json
import os
import secrets
import stat
import threading
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.wire.encoding import EncodingError, from_text, to_text

from .base import (
    EPOCH_BYTES,
    NONCE_BYTES,
    EpochUnknown,
    KeysExposed,
    KeysMissing,
    SealInvalid,
    epoch_of,
)

FILE_NAME = "epoch-keys.json"
FORMAT = "coffer/v1/epoch-keys"
KEY_BYTES = 32


class _EpochKeys:
    """One epoch's two keys, derived from its 32 bytes so that sealing and vouching share none."""

    __slots__ = ("cipher", "mac_key")

    def __init__(self, key: bytes) -> None:
        self.cipher = AESGCM(hmac.digest(key, b"coffer/v1/custody/seal", "sha256"))
        self.mac_key = hmac.digest(key, b"coffer/v1/custody/mac", "sha256")

    def __repr__(self) -> str:
        return "_EpochKeys(REDACTED)"


class SoftwareCustody:
    """Custody over the key file in `folder`. One instance serves any number of threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._loaded: tuple[tuple[int, int, int], int, dict[int, _EpochKeys]] | None = None

    def __repr__(self) -> str:
        return "SoftwareCustody(REDACTED)"

    def exists(self) -> bool:
        """Whether there is a key file."""
        return self._path.exists()

    def create(self) -> bool:
        """Make the key file with epoch 1 unless it is there; → whether it was made. Two at once agree on one."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._path.exists():
            return False
        key = to_text(secrets.token_bytes(KEY_BYTES))
        body = json.dumps({"format": FORMAT, "current": 1, "keys": {"1": key}}).encode()
        fresh = self._path.with_name(f".{FILE_NAME}.{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(fresh, self._path)
            except FileExistsError:
                return False
            _sync_folder(self._path.parent)
        finally:
            fresh.unlink()
        return True

    def current_epoch(self) -> int:
        return self._keys()[0]

    def seal(self, epoch: int, plaintext: bytes, associated_data: bytes) -> bytes:
        keys = self._epoch(epoch)
        prefix = epoch.to_bytes(EPOCH_BYTES, "big")
        nonce = secrets.token_bytes(NONCE_BYTES)
        return prefix + nonce + keys.cipher.encrypt(nonce, plaintext, prefix + associated_data)

    def open(self, sealed: bytes, associated_data: bytes) -> bytes:
        keys = self._epoch(epoch_of(sealed))
        epoch, nonce = sealed[:EPOCH_BYTES], sealed[EPOCH_BYTES : EPOCH_BYTES + NONCE_BYTES]
        try:
            return keys.cipher.decrypt(nonce, sealed[EPOCH_BYTES + NONCE_BYTES :], epoch + associated_data)
        except InvalidTag as error:
            raise SealInvalid("a sealed value does not open") from error

    def mac(self, epoch: int, message: bytes) -> bytes:
        return hmac.digest(self._epoch(epoch).mac_key, epoch.to_bytes(EPOCH_BYTES, "big") + message, hashlib.sha256)

    def verify_mac(self, epoch: int, message: bytes, mac: bytes) -> None:
        if not hmac.compare_digest(self.mac(epoch, message), mac):
            raise SealInvalid("a custody MAC does not verify")

    def _epoch(self, epoch: int) -> _EpochKeys:
        keys = self._keys()[1].get(epoch)
        if keys is None:
            raise EpochUnknown(f"epoch {epoch} has no key here")
        return keys

    def _keys(self) -> tuple[int, dict[int, _EpochKeys]]:
        facts = _guarded(self._path)
        seen = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
        loaded = self._loaded
        if loaded is None or loaded[0] != seen:
            with self._lock:
                loaded = self._loaded
                if loaded is None or loaded[0] != seen:
                    loaded = (seen, *_read(self._path))
                    self._loaded = loaded
        return loaded[1], loaded[2]


def _guarded(path: Path) -> os.stat_result:
    """The file's facts, if nobody but this process's user can read or change it. Raises KeysExposed, KeysMissing."""
    try:
        facts = os.lstat(path)
    except OSError as error:
        raise KeysMissing("the epoch keys are not there, or cannot be reached: run the set-up") from error
    _check(facts)
    return facts


def _check(facts: os.stat_result) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise KeysExposed("the epoch keys are not a plain file")
    if facts.st_uid != os.geteuid():
        raise KeysExposed("the epoch keys belong to another user")
    if stat.S_IMODE(facts.st_mode) & 0o077:
        raise KeysExposed("others can read or change the epoch keys: set their mode to 0600")


def _read(path: Path) -> tuple[int, dict[int, _EpochKeys]]:
    try:
        # The very file that is read is checked, not one that may have taken its place.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            _check(os.fstat(file.fileno()))
            value = json.loads(file.read())
        if value["format"] != FORMAT:
            raise ValueError("another format")
        keys = {int(epoch): _EpochKeys(from_text(text, KEY_BYTES)) for epoch, text in value["keys"].items()}
        current = value["current"]
        if type(current) is not int or current not in keys or not all(0 < epoch < 2**31 for epoch in keys):
            raise ValueError("no current key")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EncodingError):
        # The cause is dropped: a JSON error would quote the file.
        raise KeysMissing("the epoch keys cannot be read") from None
    return current, keys


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
