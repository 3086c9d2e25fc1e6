"""The group: RFC 9496's vectors, and every element or scalar that must be refused."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.opaque.enrolment import ScriptedRandom, scalar_source
from vault.opaque import DeriveKeyPairError, Group, InvalidInput, InvalidPoint, InvalidScalar, oprf
from vault.opaque.group import IDENTITY, ORDER, check_element, check_scalar, invert, multiply, multiply_base
from vault.server.sodium import SodiumGroup

TWO = (2).to_bytes(32, "little")
BAD_SCALARS = {
    "zero": bytes(32),
    "the order": ORDER.to_bytes(32, "little"),
    "one above the order": (ORDER + 1).to_bytes(32, "little"),
    "twice the order": (2 * ORDER).to_bytes(32, "little"),
    "the largest value": b"\xff" * 32,
    "too short": bytes([1]) + bytes(30),
    "too long": bytes([1]) + bytes(32),
    "empty": b"",
}
bad_scalars = pytest.mark.parametrize("scalar", BAD_SCALARS.values(), ids=BAD_SCALARS)


def a_point(group: Group) -> bytes:
    return multiply_base(group, TWO)


def invalid_encodings(read_vectors: Callable[[str], Any]) -> list[bytes]:
    groups = read_vectors("rfc9496.json")["invalid_encodings"]
    return [bytes.fromhex(text) for texts in groups.values() for text in texts]


def test_multiples_of_the_generator_are_the_rfcs(group: Group, read_vectors: Callable[[str], Any]) -> None:
    multiples = [bytes.fromhex(text) for text in read_vectors("rfc9496.json")["multiples_of_the_generator"]]
    generator = multiples[1]
    for number, expected in enumerate(multiples[1:], start=1):
        scalar = number.to_bytes(32, "little")
        assert multiply_base(group, scalar) == expected
        assert multiply(group, scalar, generator) == expected
        assert check_element(group, expected) == expected


def test_every_invalid_encoding_of_the_rfc_is_refused(group: Group, read_vectors: Callable[[str], Any]) -> None:
    encodings = invalid_encodings(read_vectors)
    assert len(encodings) == 29
    for encoding in encodings:
        with pytest.raises(InvalidPoint):
            check_element(group, encoding)
        with pytest.raises(InvalidPoint):
            multiply(group, TWO, encoding)


def test_a_set_top_bit_is_refused(group: Group) -> None:
    point = a_point(group)
    with pytest.raises(InvalidPoint):
        check_element(group, point[:31] + bytes([point[31] | 0x80]))


def test_the_identity_is_refused(group: Group) -> None:
    with pytest.raises(InvalidPoint):
        check_element(group, IDENTITY)
    with pytest.raises(InvalidPoint):
        multiply(group, TWO, IDENTITY)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_an_element_of_another_length_is_refused(group: Group, length: int) -> None:
    with pytest.raises(InvalidPoint):
        check_element(group, b"\x02" * length)
    with pytest.raises(InvalidPoint):
        multiply(group, TWO, b"\x02" * length)


@bad_scalars
def test_a_scalar_outside_the_range_is_refused_wherever_one_is_taken(group: Group, scalar: bytes) -> None:
    with pytest.raises(InvalidScalar):
        check_scalar(scalar)
    with pytest.raises(InvalidScalar):
        multiply(group, scalar, a_point(group))
    with pytest.raises(InvalidScalar):
        multiply_base(group, scalar)
    with pytest.raises(InvalidScalar):
        invert(group, scalar)
    with pytest.raises(InvalidScalar):
        oprf.blind_evaluate(group, scalar, a_point(group))


def test_the_largest_and_the_smallest_scalar_are_accepted(group: Group) -> None:
    one, largest = (1).to_bytes(32, "little"), (ORDER - 1).to_bytes(32, "little")
    point = a_point(group)
    assert multiply(group, one, point) == point
    assert multiply(group, largest, multiply(group, largest, point)) == point


def test_inverting_undoes_a_multiplication(group: Group) -> None:
    scalar = group.scalar_reduce(bytes(range(64)))
    point = a_point(group)
    assert multiply(group, invert(group, scalar), multiply(group, scalar, point)) == point


def test_reduction_is_modulo_the_order(group: Group) -> None:
    for wide in (ORDER, ORDER + 5, 2**512 - 1, 7 * ORDER - 1):
        expected = (wide % ORDER).to_bytes(32, "little")
        assert group.scalar_reduce(wide.to_bytes(64, "little")) == expected


def test_the_library_alone_accepts_what_our_checks_refuse(group: Group) -> None:
    """Why the checks exist: should libsodium begin to refuse these, this test says so."""
    assert group.is_canonical(IDENTITY)
    above = (ORDER + 2).to_bytes(32, "little")
    assert group.scalar_mult(above, a_point(group)) == multiply(group, TWO, a_point(group))


def test_a_random_scalar_of_zero_is_drawn_again(group: Group) -> None:
    random = ScriptedRandom([bytes(64), ORDER.to_bytes(64, "little"), scalar_source(TWO)])
    assert oprf.random_scalar(group, random) == TWO
    random.assert_spent()


class UnluckyGroup(SodiumGroup):
    """The events of negligible probability, made certain."""

    def scalar_reduce(self, wide: bytes, /) -> bytes:
        return bytes(32)

    def element_from_uniform(self, uniform: bytes, /) -> bytes:
        return IDENTITY


def test_a_seed_that_never_gives_a_key_pair_is_reported() -> None:
    with pytest.raises(DeriveKeyPairError):
        oprf.derive_key_pair(UnluckyGroup(), bytes(32), b"info")


def test_an_input_that_maps_to_the_identity_is_refused() -> None:
    class IdentityHash(SodiumGroup):
        element_from_uniform = UnluckyGroup.element_from_uniform

    with pytest.raises(InvalidInput):
        oprf.blind(IdentityHash(), b"password", ScriptedRandom([scalar_source(TWO)]))
    with pytest.raises(InvalidInput):
        oprf.evaluate(IdentityHash(), TWO, b"password")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_of_another_length_is_refused(group: Group, length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        oprf.derive_key_pair(group, bytes(length), b"info")
