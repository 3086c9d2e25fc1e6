"""Custody: the epoch keys that seal records and vouch for counters. They never leave this package."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .base import Custody, CustodyError, EpochUnknown, KeysExposed, KeysMissing, SealInvalid
from .software import SoftwareCustody

__all__ = [
    "Custody",
    "CustodyError",
    "EpochUnknown",
    "KeysExposed",
    "KeysMissing",
    "SealInvalid",
    "custody_from",
]


@cache
def _software(path: Path) -> SoftwareCustody:
    return SoftwareCustody(path)


def custody_from(config: Mapping[str, object]) -> Custody:
    """The setting VAULT_CUSTODY, {"kind": "software", "path": folder} → custody. Raises CustodyError otherwise."""
    if config.get("kind") != "software":
        raise CustodyError("VAULT_CUSTODY names a kind of custody that is not built in")
    return _software(Path(str(config["path"])))
