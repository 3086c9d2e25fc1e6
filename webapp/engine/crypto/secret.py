"""A secret is a type: it prints REDACTED, compares in constant time, and opens only by an explicit call."""

import hmac
from typing import NoReturn


class Secret:
    """Bytes that must never be printed, logged, pickled or copied by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = bytes(value)

    def expose(self) -> bytes:
        """The bytes themselves; every caller of this is a place to review."""
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __repr__(self) -> str:
        return "Secret(REDACTED)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    def __hash__(self) -> NoReturn:
        raise TypeError("a secret is not a dictionary key")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")
