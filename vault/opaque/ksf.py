"""Key stretching: Argon2id (RFC 9106) with parameters that Coffer's protocol version fixes.

The parameters are named in the protocol's Context, so that client and vault fail closed where they differ.
"""

from typing import Protocol

SALT = bytes(16)
"""All zero, as RFC 9807 §7 allows: the input is already the output of a keyed function, unique to the record."""
MEMORY_BYTES = 64 * 1024 * 1024
PASSES = 3
LANES = 1
OUTPUT_BYTES = 64
VERSION = 0x13

CONTEXT = (
    b"coffer/v1/vault"
    + f";ksf=argon2id;v={VERSION};m={MEMORY_BYTES // 1024};t={PASSES};p={LANES}"
    f";salt={SALT.hex()};l={OUTPUT_BYTES}".encode("ascii")
)
"""Coffer's Context (RFC 9807 §7): name and version, then Argon2id's version, KiB, passes, lanes, salt, length."""


class KeyStretching(Protocol):
    """RFC 9807's KSF."""

    def stretch(self, message: bytes, /) -> bytes:
        """The OPRF output (64 bytes) → the stretched output."""
        ...


class Argon2idProvider(Protocol):
    """Argon2id, version 0x13, one lane, from a library (libsodium's crypto_pwhash has exactly this shape)."""

    def argon2id(self, message: bytes, salt: bytes, *, memory_bytes: int, passes: int, output_bytes: int) -> bytes: ...


class Argon2idKSF:
    """Coffer's KSF over any provider. Other costs are for talking to other implementations, under another Context:
    CONTEXT names Coffer's."""

    __slots__ = ("_memory_bytes", "_passes", "_provider")

    def __init__(self, provider: Argon2idProvider, *, memory_bytes: int = MEMORY_BYTES, passes: int = PASSES) -> None:
        self._provider = provider
        self._memory_bytes = memory_bytes
        self._passes = passes

    def stretch(self, message: bytes, /) -> bytes:
        """64 bytes in, 64 bytes out; takes 64 MiB and about 0.15 s unless told otherwise."""
        output = self._provider.argon2id(
            message, SALT, memory_bytes=self._memory_bytes, passes=self._passes, output_bytes=OUTPUT_BYTES
        )
        if len(output) != OUTPUT_BYTES:
            raise ValueError("the Argon2id provider returned another length")
        return output


class IdentityKSF:
    """No stretching at all: only for the RFC's test vectors."""

    __slots__ = ()

    def stretch(self, message: bytes, /) -> bytes:
        """The message itself."""
        return message
