"""ristretto255 and Argon2id of the official libsodium wasm build, behind the ports of vault.opaque."""

from pyodide.ffi import to_js

from vault.opaque import Argon2idKSF, Configuration, InvalidPoint, InvalidScalar

from . import bridge


def _call(name: str, *values: bytes) -> bytes | None:
    result = bridge.js.sodium(name, *(to_js(value) for value in values))
    return None if result is None else result.to_bytes()


class BrowserGroup:
    """vault.opaque.Group over libsodium.js, which itself checks every length."""

    def scalar_reduce(self, wide: bytes, /) -> bytes:
        return _required(_call("crypto_core_ristretto255_scalar_reduce", wide), InvalidScalar)

    def scalar_invert(self, scalar: bytes, /) -> bytes:
        return _required(_call("crypto_core_ristretto255_scalar_invert", scalar), InvalidScalar)

    def scalar_mult(self, scalar: bytes, element: bytes, /) -> bytes:
        return _required(_call("crypto_scalarmult_ristretto255", scalar, element), InvalidPoint)

    def scalar_mult_base(self, scalar: bytes, /) -> bytes:
        return _required(_call("crypto_scalarmult_ristretto255_base", scalar), InvalidScalar)

    def element_from_uniform(self, uniform: bytes, /) -> bytes:
        return _required(_call("crypto_core_ristretto255_from_hash", uniform), InvalidPoint)

    def is_canonical(self, element: bytes, /) -> bool:
        return bridge.js.sodium("crypto_core_ristretto255_is_valid_point", to_js(element)) is True


def _required(value: bytes | None, error: type[Exception]) -> bytes:
    if value is None:
        raise error("libsodium refused the value")
    return value


class BrowserArgon2id:
    """vault.opaque.Argon2idProvider over crypto_pwhash."""

    def argon2id(self, message: bytes, salt: bytes, *, memory_bytes: int, passes: int, output_bytes: int) -> bytes:
        return bridge.js.argon2id(to_js(message), to_js(salt), memory_bytes, passes, output_bytes).to_bytes()


def browser_configuration() -> Configuration:
    """Coffer's OPAQUE configuration over libsodium.js; `bridge.js.loadSodium()` has been awaited."""
    return Configuration(group=BrowserGroup(), ksf=Argon2idKSF(BrowserArgon2id()))
