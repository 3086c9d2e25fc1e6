"""The prime-order group ristretto255 (RFC 9496): the port a provider implements, and the checks no provider makes.

The port is bytes in, bytes out, so that libsodium serves it natively (vault/server/sodium.py) and in the browser.
libsodium accepts the identity element, scalars above the order and, up to 1.0.18, encodings with the top bit set (one
element would have two spellings, only one of them in the transcript); the functions below refuse all three.
"""

from typing import Protocol

from .errors import InvalidPoint, InvalidScalar

ELEMENT_BYTES = 32
SCALAR_BYTES = 32
WIDE_BYTES = 64
ORDER = 2**252 + 27742317777372353535851937790883648493
FIELD = 2**255 - 19
IDENTITY = bytes(ELEMENT_BYTES)


class Group(Protocol):
    """ristretto255 from a library. Scalars: 32 bytes, little endian. Elements: 32 bytes, canonical encoding.

    A provider may rely on the lengths: they are checked before it is called.
    """

    def scalar_reduce(self, wide: bytes, /) -> bytes:
        """64 bytes, little endian → the scalar modulo the order."""
        ...

    def scalar_invert(self, scalar: bytes, /) -> bytes:
        """The inverse modulo the order of a scalar that is not zero."""
        ...

    def scalar_mult(self, scalar: bytes, element: bytes, /) -> bytes:
        """scalar · element. Raises InvalidPoint for a non-canonical `element` or a product that is the identity."""
        ...

    def scalar_mult_base(self, scalar: bytes, /) -> bytes:
        """scalar · generator, for a scalar that is not zero."""
        ...

    def element_from_uniform(self, uniform: bytes, /) -> bytes:
        """64 uniform bytes → element (the one-way map of RFC 9496 §4.3.4)."""
        ...

    def is_canonical(self, element: bytes, /) -> bool:
        """Whether the 32 bytes encode an element canonically (the identity does)."""
        ...


def check_scalar(scalar: bytes) -> bytes:
    """The scalar itself, if it is 32 bytes and 0 < scalar < order. Raises InvalidScalar.

    Comparing integers looks at low digits only where the high ones equal the order's, which no random scalar shows.
    """
    if len(scalar) != SCALAR_BYTES:
        raise InvalidScalar("a scalar is 32 bytes")
    if not 0 < int.from_bytes(scalar, "little") < ORDER:
        raise InvalidScalar("a scalar is above 0 and below the order")
    return scalar


def check_element(group: Group, element: bytes) -> bytes:
    """The element itself, if it is a canonical encoding and not the identity. Raises InvalidPoint."""
    _check_shape(element)
    if not group.is_canonical(element):
        raise InvalidPoint("not a canonical ristretto255 encoding")
    return element


def multiply(group: Group, scalar: bytes, element: bytes) -> bytes:
    """scalar · element, both checked; the multiplication itself refuses what decodes to no element.

    Raises InvalidScalar, InvalidPoint.
    """
    check_scalar(scalar)
    _check_shape(element)
    return group.scalar_mult(scalar, element)


def multiply_base(group: Group, scalar: bytes) -> bytes:
    """scalar · generator. Raises InvalidScalar."""
    return group.scalar_mult_base(check_scalar(scalar))


def invert(group: Group, scalar: bytes) -> bytes:
    """The scalar's inverse. Raises InvalidScalar."""
    return group.scalar_invert(check_scalar(scalar))


def _check_shape(element: bytes) -> None:
    if len(element) != ELEMENT_BYTES:
        raise InvalidPoint("an element is 32 bytes")
    value = int.from_bytes(element, "little")
    if value == 0:
        raise InvalidPoint("the identity element is never a valid peer value")
    if value >= FIELD or value & 1:
        raise InvalidPoint("not the canonical encoding of a non-negative field element")
