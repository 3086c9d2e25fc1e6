"""The settings that the vault needs, read at the moment of use (apps.py lists them)."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from django.conf import settings

from vault.lockout import BACK_OFF, BackOff

_SETTINGS = cast(Any, settings)


def ticket_public_key() -> bytes:
    """VAULT_TICKET_PUBLIC_KEY: 32 bytes, or a callable that returns them."""
    configured = _SETTINGS.VAULT_TICKET_PUBLIC_KEY
    return bytes(configured() if callable(configured) else configured)


def custody() -> Mapping[str, object]:
    """VAULT_CUSTODY."""
    return cast(Mapping[str, object], _SETTINGS.VAULT_CUSTODY)


def back_off() -> BackOff:
    """VAULT_BACKOFF: pairs of failure number and seconds. Unset: the protocol's table; empty: no waits."""
    configured = getattr(_SETTINGS, "VAULT_BACKOFF", None)
    if configured is None:
        return BACK_OFF
    return {int(failures): timedelta(seconds=seconds) for failures, seconds in configured}


def rotate_days() -> int:
    """VAULT_ROTATE_DAYS: 30 unless set; 0: only the command rotates."""
    return int(getattr(_SETTINGS, "VAULT_ROTATE_DAYS", 30))


def dumps() -> Path:
    """VAULT_DUMPS: where rotations keep their verified dump."""
    return Path(_SETTINGS.VAULT_DUMPS)


def database() -> dict[str, Any] | None:
    """DATABASES["vault"]."""
    return cast("dict[str, Any] | None", _SETTINGS.DATABASES.get("vault"))
