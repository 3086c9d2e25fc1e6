"""The custody port: sealing and vouching under epoch keys that cannot be read out.

A sealed value is epoch (4 bytes, big endian) ‖ nonce (12) ‖ AES-256-GCM ciphertext ‖ tag (16); the epoch is part of
the associated data. Every method fails closed: a caller that gets an exception has no plaintext and evaluates nothing.
Epochs are numbered upwards and no number is used twice; the highest one is current.
"""

from typing import Protocol

EPOCH_BYTES = 4
NONCE_BYTES = 12
TAG_BYTES = 16
MAC_BYTES = 32
OVERHEAD_BYTES = EPOCH_BYTES + NONCE_BYTES + TAG_BYTES


class CustodyError(Exception):
    """Custody cannot do what was asked. The text names the reason and never a key."""

    code = "custody_down"


class KeysMissing(CustodyError):
    """There are no epoch keys yet, or they cannot be read."""


class KeysExposed(CustodyError):
    """Others on this machine can read or change the epoch keys, or the PIN to them: they are not used."""


class EpochUnknown(CustodyError):
    """The epoch's key was never here, or was destroyed."""


class EpochCurrent(CustodyError):
    """The current epoch's key is not destroyed: everything is sealed under it."""


class SealInvalid(CustodyError):
    """A tag or MAC does not verify: other bytes, another place, or another key."""


class Operations(Protocol):
    """What custody does with its keys."""

    def seal(self, epoch: int, plaintext: bytes, associated_data: bytes) -> bytes:
        """Sealed under that epoch, so that what belongs together shares one. Raises EpochUnknown."""
        ...

    def open(self, sealed: bytes, associated_data: bytes) -> bytes:
        """Raises EpochUnknown, SealInvalid."""
        ...

    def mac(self, epoch: int, message: bytes) -> bytes:
        """32 bytes that only custody can make. Raises EpochUnknown."""
        ...

    def verify_mac(self, epoch: int, message: bytes, mac: bytes) -> None:
        """Raises EpochUnknown, SealInvalid."""
        ...


class Custody(Operations, Protocol):
    """Implemented by a key file (software.py) and by any HSM that speaks PKCS#11 (pkcs11.py)."""

    def exists(self) -> bool:
        """Whether there are epoch keys. Raises CustodyError where that cannot be told."""
        ...

    def create(self) -> bool:
        """Make epoch 1 unless there are keys; → whether it was made."""
        ...

    def epochs(self) -> tuple[int, ...]:
        """Every epoch that has a key, upwards; the last is current. Raises KeysMissing where there is none."""
        ...

    def current_epoch(self) -> int:
        """The epoch that new values are sealed under."""
        ...

    def create_epoch(self) -> int:
        """Make the next epoch's key; it is current when this returns. Raises KeysMissing before `create`."""
        ...

    def destroy_epoch(self, epoch: int) -> None:
        """Erase an epoch's key for good; nothing to do where it is gone. Raises EpochCurrent."""
        ...

    def for_batch(self) -> Operations:
        """The same keys for many operations in a row, looked at once where custody would look at every one. For one
        batch: keys that come or go later are not seen. Raises CustodyError."""
        ...


def epoch_of(sealed: bytes) -> int:
    """The epoch a sealed value claims. Raises SealInvalid where it is too short."""
    if len(sealed) < OVERHEAD_BYTES:
        raise SealInvalid("a sealed value is too short")
    return int.from_bytes(sealed[:EPOCH_BYTES], "big")
