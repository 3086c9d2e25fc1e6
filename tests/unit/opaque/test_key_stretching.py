"""Argon2id with Coffer's parameters: two implementations that agree, pinned values, and the Context that names them."""

import ctypes
import ctypes.util
from collections.abc import Callable
from typing import Any

import argon2.low_level as argon2
import pytest

from vault.opaque import CONTEXT, Argon2idKSF, Argon2idProvider, IdentityKSF, ksf
from vault.server.sodium import NativeArgon2id


class SodiumArgon2id:
    """libsodium's crypto_pwhash, which is Argon2id 0x13 with one lane, as the second opinion."""

    def argon2id(self, message: bytes, salt: bytes, *, memory_bytes: int, passes: int, output_bytes: int) -> bytes:
        library = ctypes.CDLL(ctypes.util.find_library("sodium"))
        assert library.sodium_init() >= 0
        output = ctypes.create_string_buffer(output_bytes)
        failed = library.crypto_pwhash(
            output,
            ctypes.c_ulonglong(output_bytes),
            message,
            ctypes.c_ulonglong(len(message)),
            salt,
            ctypes.c_ulonglong(passes),
            ctypes.c_size_t(memory_bytes),
            library.crypto_pwhash_alg_argon2id13(),
        )
        assert failed == 0
        return output.raw


@pytest.mark.parametrize("provider", [NativeArgon2id(), SodiumArgon2id()], ids=["argon2-cffi", "libsodium"])
def test_both_implementations_give_the_pinned_values(
    read_vectors: Callable[[str], Any], provider: Argon2idProvider
) -> None:
    for vector in read_vectors("coffer_ksf.json")["vectors"]:
        output = Argon2idKSF(provider).stretch(bytes.fromhex(vector["message"]))
        assert output.hex() == vector["output"]


def test_the_library_gives_the_tag_of_rfc_9106() -> None:
    """RFC 9106 §5.3: 32 KiB, 3 passes, 4 lanes, with secret and associated data, through the library's core."""
    ffi = argon2.ffi
    output = ffi.new("uint8_t[]", 32)
    message, salt = ffi.new("uint8_t[]", b"\x01" * 32), ffi.new("uint8_t[]", b"\x02" * 16)
    secret, associated = ffi.new("uint8_t[]", b"\x03" * 8), ffi.new("uint8_t[]", b"\x04" * 12)
    context = ffi.new(
        "argon2_context *",
        {
            "out": output,
            "outlen": 32,
            "pwd": message,
            "pwdlen": 32,
            "salt": salt,
            "saltlen": 16,
            "secret": secret,
            "secretlen": 8,
            "ad": associated,
            "adlen": 12,
            "t_cost": 3,
            "m_cost": 32,
            "lanes": 4,
            "threads": 1,
            "version": 0x13,
            "allocate_cbk": ffi.NULL,
            "free_cbk": ffi.NULL,
            "flags": 0,
        },
    )
    assert argon2.core(context, argon2.Type.ID.value) == 0
    tag = bytes(ffi.buffer(output, 32)).hex()
    assert tag == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_the_context_names_version_and_every_parameter(read_vectors: Callable[[str], Any]) -> None:
    document = read_vectors("coffer_ksf.json")
    assert CONTEXT.hex() == document["context"]
    parameters = document["parameters"]
    assert parameters == {
        "version": ksf.VERSION,
        "memory_bytes": ksf.MEMORY_BYTES,
        "passes": ksf.PASSES,
        "lanes": ksf.LANES,
        "salt": ksf.SALT.hex(),
        "output_bytes": ksf.OUTPUT_BYTES,
    }
    assert CONTEXT.startswith(b"coffer/v1/vault")
    for part in (b"v=19", b"m=65536", b"t=3", b"p=1", b"salt=" + b"00" * 16, b"l=64"):
        assert part in CONTEXT.split(b";")


def test_a_provider_that_returns_another_length_is_refused() -> None:
    class Short:
        def argon2id(self, message: bytes, salt: bytes, **_: int) -> bytes:
            return bytes(32)

    with pytest.raises(ValueError, match="length"):
        Argon2idKSF(Short()).stretch(bytes(64))


def test_identity_stretching_returns_its_input() -> None:
    assert IdentityKSF().stretch(b"output") == b"output"
