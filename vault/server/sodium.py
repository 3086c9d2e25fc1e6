"""ristretto255 from the system's libsodium, and Argon2id from argon2-cffi: the native providers of vault.opaque.

Every value is passed as bytes of a checked length; libsodium's own traps (identity element, scalars above the order)
are refused in vault.opaque.group, before these calls.
"""

import ctypes
import ctypes.util
from functools import cache

from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw

from vault.opaque import Argon2idKSF, Configuration, InvalidPoint, InvalidScalar

_BYTES = 32
_WIDE_BYTES = 64


class SodiumMissing(RuntimeError):
    """The system has no usable libsodium."""

    code = "libsodium_missing"
    message = "The system library libsodium was not found."
    next = "Install it: apt-get install libsodium23 (or your system's package of libsodium 1.0.18 or newer)."

    def __init__(self, reason: str) -> None:
        super().__init__(f"{self.message} {self.next} ({reason})")


@cache
def _library() -> ctypes.CDLL:
    """libsodium, initialised, with every signature declared. Raises SodiumMissing."""
    name = ctypes.util.find_library("sodium")
    if name is None:
        raise SodiumMissing("no library of this name")
    try:
        library = ctypes.CDLL(name)
        sizes = (
            library.crypto_core_ristretto255_bytes(),
            library.crypto_core_ristretto255_scalarbytes(),
            library.crypto_core_ristretto255_hashbytes(),
            library.crypto_core_ristretto255_nonreducedscalarbytes(),
        )
        for function, arguments in (
            ("crypto_core_ristretto255_is_valid_point", 1),
            ("crypto_core_ristretto255_from_hash", 2),
            ("crypto_core_ristretto255_scalar_invert", 2),
            ("crypto_core_ristretto255_scalar_reduce", 2),
            ("crypto_scalarmult_ristretto255_base", 2),
            ("crypto_scalarmult_ristretto255", 3),
        ):
            getattr(library, function).argtypes = [ctypes.c_char_p] * arguments
        library.crypto_core_ristretto255_scalar_reduce.restype = None
    except (OSError, AttributeError) as error:
        raise SodiumMissing(str(error)) from error
    if sizes != (_BYTES, _BYTES, _WIDE_BYTES, _WIDE_BYTES):
        raise SodiumMissing("its ristretto255 has other sizes")
    if library.sodium_init() < 0:
        raise SodiumMissing("it cannot initialise")
    return library


class SodiumGroup:
    """vault.opaque.Group over libsodium. One instance serves any number of threads.

    Raises SodiumMissing when made on a system without the library.
    """

    __slots__ = ("_base", "_from_hash", "_invert", "_mult", "_reduce", "_valid")

    def __init__(self) -> None:
        library = _library()
        self._reduce = library.crypto_core_ristretto255_scalar_reduce
        self._invert = library.crypto_core_ristretto255_scalar_invert
        self._mult = library.crypto_scalarmult_ristretto255
        self._base = library.crypto_scalarmult_ristretto255_base
        self._from_hash = library.crypto_core_ristretto255_from_hash
        self._valid = library.crypto_core_ristretto255_is_valid_point

    def scalar_reduce(self, wide: bytes, /) -> bytes:
        _check(wide, _WIDE_BYTES)
        output = ctypes.create_string_buffer(_BYTES)
        self._reduce(output, wide)
        return output.raw

    def scalar_invert(self, scalar: bytes, /) -> bytes:
        _check(scalar, _BYTES)
        output = ctypes.create_string_buffer(_BYTES)
        if self._invert(output, scalar) != 0:
            raise InvalidScalar("zero has no inverse")
        return output.raw

    def scalar_mult(self, scalar: bytes, element: bytes, /) -> bytes:
        _check(scalar, _BYTES)
        _check(element, _BYTES)
        output = ctypes.create_string_buffer(_BYTES)
        if self._mult(output, scalar, element) != 0:
            raise InvalidPoint("not a canonical ristretto255 encoding, or the product is the identity")
        return output.raw

    def scalar_mult_base(self, scalar: bytes, /) -> bytes:
        _check(scalar, _BYTES)
        output = ctypes.create_string_buffer(_BYTES)
        if self._base(output, scalar) != 0:
            raise InvalidScalar("zero times the generator")
        return output.raw

    def element_from_uniform(self, uniform: bytes, /) -> bytes:
        _check(uniform, _WIDE_BYTES)
        output = ctypes.create_string_buffer(_BYTES)
        if self._from_hash(output, uniform) != 0:
            raise InvalidPoint("no element came out of the hash")
        return output.raw

    def is_canonical(self, element: bytes, /) -> bool:
        _check(element, _BYTES)
        return bool(self._valid(element) == 1)


class NativeArgon2id:
    """vault.opaque.Argon2idProvider over argon2-cffi."""

    __slots__ = ()

    def argon2id(self, message: bytes, salt: bytes, *, memory_bytes: int, passes: int, output_bytes: int) -> bytes:
        """Argon2id 0x13, one lane; memory_bytes is a multiple of 1024."""
        return hash_secret_raw(
            message,
            salt,
            time_cost=passes,
            memory_cost=memory_bytes // 1024,
            parallelism=1,
            hash_len=output_bytes,
            type=Type.ID,
            version=ARGON2_VERSION,
        )


@cache
def native_configuration() -> Configuration:
    """Coffer's OPAQUE configuration over the native providers. Raises SodiumMissing."""
    return Configuration(group=SodiumGroup(), ksf=Argon2idKSF(NativeArgon2id()))


def _check(value: bytes, length: int) -> None:
    # libsodium reads a fixed number of bytes: a shorter value would let it read past the end.
    if not isinstance(value, bytes) or len(value) != length:
        raise ValueError(f"expected {length} bytes")
