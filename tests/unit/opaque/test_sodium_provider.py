"""The native provider: what it says where libsodium is missing, and that it never reads past a value's end."""

import ctypes.util
from collections.abc import Iterator

import pytest

from vault.opaque import CONTEXT, InvalidPoint, InvalidScalar
from vault.server import sodium
from vault.server.sodium import SodiumGroup, SodiumMissing, native_configuration


@pytest.fixture
def forgotten_library() -> Iterator[None]:
    sodium._library.cache_clear()
    yield
    sodium._library.cache_clear()


@pytest.mark.usefixtures("forgotten_library")
def test_a_missing_library_names_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: None)
    with pytest.raises(SodiumMissing, match="apt-get install libsodium23"):
        SodiumGroup()


@pytest.mark.usefixtures("forgotten_library")
@pytest.mark.parametrize("other", ["libm.so.6", "libnosuch.so.1"])
def test_a_library_without_ristretto255_is_refused(monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: other)
    with pytest.raises(SodiumMissing):
        SodiumGroup()


@pytest.mark.parametrize("length", [0, 31, 33, 63, 65])
def test_every_operation_refuses_values_of_another_length(length: int) -> None:
    group, value, scalar = SodiumGroup(), bytes(length), bytes([1]) + bytes(31)
    for operation in (
        group.scalar_reduce,
        group.scalar_invert,
        group.scalar_mult_base,
        group.element_from_uniform,
        group.is_canonical,
        lambda wrong: group.scalar_mult(wrong, scalar),
        lambda wrong: group.scalar_mult(scalar, wrong),
    ):
        with pytest.raises(ValueError, match="bytes"):
            operation(value)


def test_the_operations_that_have_no_result_raise() -> None:
    group = SodiumGroup()
    generator = group.scalar_mult_base(bytes([1]) + bytes(31))
    with pytest.raises(InvalidScalar):
        group.scalar_invert(bytes(32))
    with pytest.raises(InvalidScalar):
        group.scalar_mult_base(bytes(32))
    with pytest.raises(InvalidPoint):
        group.scalar_mult(bytes(32), generator)


def test_zero_bytes_inside_a_value_do_not_cut_it_short() -> None:
    """C strings end at a zero byte; these values must not."""
    group = SodiumGroup()
    assert group.scalar_reduce(b"\x05" + bytes(62) + b"\x01") != group.scalar_reduce(b"\x05" + bytes(63))


def test_the_native_configuration_is_coffers() -> None:
    assert native_configuration().context == CONTEXT
    assert native_configuration() is native_configuration()
