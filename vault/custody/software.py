"""Software custody: the epoch keys in one file of mode 0600, in a folder of mode 0700, outside the database.

The file is JSON: {"format": "coffer/v1/epoch-keys", "current": n, "keys": {"n": base64url of 32 bytes}}. It is read
again whenever it changes, and refused whenever anyone but its owner could read or change it. A change writes a whole
new file in its place; the old one is overwritten before it is let go, as far as the file system allows that.
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.wire.encoding import EncodingError, from_text, to_text

from . import private_file
from .base import (
    EPOCH_BYTES,
    NONCE_BYTES,
    EpochCurrent,
    EpochUnknown,
    KeysMissing,
    Operations,
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


class _Held:
    """The keys as the file had them when it was looked at."""

    __slots__ = ("_keys",)

    def __init__(self, keys: dict[int, _EpochKeys]) -> None:
        self._keys = keys

    def __repr__(self) -> str:
        return "_Held(REDACTED)"

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
        keys = self._keys.get(epoch)
        if keys is None:
            raise EpochUnknown(f"epoch {epoch} has no key here")
        return keys


class SoftwareCustody:
    """Custody over the key file in `folder`. One instance serves any number of threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._loaded: tuple[tuple[int, int, int], int, dict[int, _EpochKeys]] | None = None

    def __repr__(self) -> str:
        return "SoftwareCustody(REDACTED)"

    def exists(self) -> bool:
        return self._path.exists()

    def create(self) -> bool:
        """Two at once agree on one."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._path.exists():
            return False
        with _written({1: secrets.token_bytes(KEY_BYTES)}, self._path) as fresh:
            try:
                os.link(fresh, self._path)
            except FileExistsError:
                return False
            finally:
                fresh.unlink()
        return True

    def epochs(self) -> tuple[int, ...]:
        return tuple(sorted(self._keys()[1]))

    def current_epoch(self) -> int:
        return self._keys()[0]

    def create_epoch(self) -> int:
        with self._changing() as keys:
            epoch = max(keys) + 1
            self._replace(keys | {epoch: secrets.token_bytes(KEY_BYTES)})
        return epoch

    def destroy_epoch(self, epoch: int) -> None:
        with self._changing() as keys:
            if epoch == max(keys):
                raise EpochCurrent(f"epoch {epoch} is current")
            if epoch in keys:
                self._replace({number: key for number, key in keys.items() if number != epoch})

    def for_batch(self) -> Operations:
        return _Held(self._keys()[1])

    def seal(self, epoch: int, plaintext: bytes, associated_data: bytes) -> bytes:
        return self.for_batch().seal(epoch, plaintext, associated_data)

    def open(self, sealed: bytes, associated_data: bytes) -> bytes:
        return self.for_batch().open(sealed, associated_data)

    def mac(self, epoch: int, message: bytes) -> bytes:
        return self.for_batch().mac(epoch, message)

    def verify_mac(self, epoch: int, message: bytes, mac: bytes) -> None:
        self.for_batch().verify_mac(epoch, message, mac)

    def _keys(self) -> tuple[int, dict[int, _EpochKeys]]:
        seen = _seen(self._path)
        loaded = self._loaded
        if loaded is None or loaded[0] != seen:
            with self._lock:
                loaded = self._loaded
                if loaded is None or loaded[0] != seen:
                    current, keys = self._read_whole()
                    loaded = (seen, current, {epoch: _EpochKeys(key) for epoch, key in keys.items()})
                    self._loaded = loaded
        return loaded[1], loaded[2]

    def _read_whole(self) -> tuple[int, dict[int, bytes]]:
        """What `_read` gives. Raises KeysMissing.

        A file opened just before another took its place is overwritten under the reader: then the new one is read.
        """
        while True:
            tried = _seen(self._path)
            try:
                return _read(self._path)
            except KeysMissing:
                if _seen(self._path) == tried:
                    raise

    @contextmanager
    def _changing(self) -> Iterator[dict[int, bytes]]:
        """The keys, with every other process and thread that would change them kept out."""
        private_file.guarded(self._path)
        descriptor = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield _read(self._path)[1]
        finally:
            os.close(descriptor)

    def _replace(self, keys: dict[int, bytes]) -> None:
        old = os.open(self._path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            with _written(keys, self._path) as fresh:
                os.replace(fresh, self._path)
            os.pwrite(old, bytes(os.fstat(old).st_size), 0)
            os.fsync(old)
        finally:
            os.close(old)


@contextmanager
def _written(keys: dict[int, bytes], path: Path) -> Iterator[Path]:
    """A new key file beside `path`, on disk; the caller gives it its name, which is on disk when this ends."""
    body = {
        "format": FORMAT,
        "current": max(keys),
        "keys": {str(epoch): to_text(key) for epoch, key in sorted(keys.items())},
    }
    fresh = path.with_name(f".{FILE_NAME}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(json.dumps(body).encode())
            file.flush()
            os.fsync(file.fileno())
        yield fresh
        private_file.sync_folder(path.parent)
    finally:
        fresh.unlink(missing_ok=True)


def _seen(path: Path) -> tuple[int, int, int]:
    """What tells one key file from the next."""
    facts = private_file.guarded(path)
    return facts.st_ino, facts.st_mtime_ns, facts.st_size


def _read(path: Path) -> tuple[int, dict[int, bytes]]:
    """→ (current epoch, epoch → 32 bytes)."""
    try:
        value = json.loads(private_file.read(path))
        if value["format"] != FORMAT:
            raise ValueError("another format")
        keys = {int(epoch): from_text(text, KEY_BYTES) for epoch, text in value["keys"].items()}
        current = value["current"]
        if type(current) is not int or current not in keys or not all(0 < epoch < 2**31 for epoch in keys):
            raise ValueError("no current key")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EncodingError):
        # The cause is dropped: a JSON error would quote the file.
        raise KeysMissing("the epoch keys cannot be read") from None
    return current, keys
