"""Custody: the epoch keys that seal records and vouch for counters. They never leave this package, or its HSM."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .base import (
    Custody,
    CustodyError,
    EpochCurrent,
    EpochUnknown,
    KeysExposed,
    KeysMissing,
    Operations,
    SealInvalid,
    epoch_of,
)
from .software import SoftwareCustody

__all__ = [
    "Custody",
    "CustodyError",
    "EpochCurrent",
    "EpochUnknown",
    "KeysExposed",
    "KeysMissing",
    "Operations",
    "SealInvalid",
    "custody_from",
    "epoch_of",
]


@cache
def _software(path: Path) -> Custody:
    return SoftwareCustody(path)


@cache
def _pkcs11(module: str, token: str, pin_file: Path) -> Custody:
    # Loaded only where an HSM is used: its library is native code.
    from .pkcs11 import Pkcs11Custody

    return Pkcs11Custody(module, token, pin_file)


def custody_from(config: Mapping[str, object]) -> Custody:
    """The setting VAULT_CUSTODY → custody. Raises CustodyError for any other than

    {"kind": "software", "path": folder} or {"kind": "pkcs11", "module": library, "token": label, "pin_file": path}.
    """
    try:
        if config["kind"] == "software":
            return _software(Path(str(config["path"])))
        if config["kind"] == "pkcs11":
            return _pkcs11(str(config["module"]), str(config["token"]), Path(str(config["pin_file"])))
    except KeyError as error:
        raise CustodyError(f"VAULT_CUSTODY lacks {error}") from None
    raise CustodyError("VAULT_CUSTODY names a kind of custody that is not built in")
