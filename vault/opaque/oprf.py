"""The oblivious pseudorandom function of RFC 9497, mode OPRF (0x00), suite ristretto255-SHA512.

The client blinds its password, the server evaluates without seeing it, the client finalizes.
"""

from collections.abc import Callable

from .errors import DeriveKeyPairError, InvalidInput
from .group import IDENTITY, WIDE_BYTES, Group, invert, multiply, multiply_base
from .hashing import expand_message_xmd, i2osp, length_prefixed, sha512

RandomBytes = Callable[[int], bytes]
"""length → that many bytes nobody can predict."""

SEED_BYTES = 32
CONTEXT_STRING = b"OPRFV1-\x00-ristretto255-SHA512"
_HASH_TO_GROUP = b"HashToGroup-" + CONTEXT_STRING
_DERIVE_KEY_PAIR = b"DeriveKeyPair" + CONTEXT_STRING


def random_scalar(group: Group, random: RandomBytes) -> bytes:
    """A uniform scalar that is not zero: 64 random bytes reduced modulo the order."""
    while True:
        scalar = group.scalar_reduce(random(WIDE_BYTES))
        if any(scalar):
            return scalar


def hash_to_group(group: Group, message: bytes) -> bytes:
    """HashToGroup (RFC 9497 §4.1)."""
    return group.element_from_uniform(expand_message_xmd(message, _HASH_TO_GROUP, WIDE_BYTES))


def derive_key_pair(group: Group, seed: bytes, info: bytes) -> tuple[bytes, bytes]:
    """DeriveKeyPair (RFC 9497 §3.2.1): seed (32 bytes), info → (private scalar, public element).

    Raises DeriveKeyPairError.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError("a seed is 32 bytes")
    derive_input = seed + length_prefixed(info)
    for counter in range(256):
        message = derive_input + i2osp(counter, 1)
        private = group.scalar_reduce(expand_message_xmd(message, _DERIVE_KEY_PAIR, WIDE_BYTES))
        if any(private):
            return private, multiply_base(group, private)
    raise DeriveKeyPairError("no key pair in 256 attempts")


def blind(group: Group, private_input: bytes, random: RandomBytes) -> tuple[bytes, bytes]:
    """Client. Blind (RFC 9497 §3.3.1): input (≤ 65,535 bytes) → (blind scalar, blinded element).

    Raises InvalidInput.
    """
    length_prefixed(private_input)
    factor = random_scalar(group, random)
    input_element = hash_to_group(group, private_input)
    if input_element == IDENTITY:
        raise InvalidInput("the input maps to the identity element")
    return factor, multiply(group, factor, input_element)


def blind_evaluate(group: Group, oprf_key: bytes, blinded_element: bytes) -> bytes:
    """Server. BlindEvaluate (RFC 9497 §3.3.1). Raises InvalidScalar, InvalidPoint."""
    return multiply(group, oprf_key, blinded_element)


def finalize(group: Group, private_input: bytes, blind_factor: bytes, evaluated_element: bytes) -> bytes:
    """Client. Finalize (RFC 9497 §3.3.1): the 64-byte output. Raises InvalidScalar, InvalidPoint."""
    unblinded = multiply(group, invert(group, blind_factor), evaluated_element)
    return _output(private_input, unblinded)


def evaluate(group: Group, oprf_key: bytes, private_input: bytes) -> bytes:
    """Evaluate (RFC 9497 §3.3.1): the same output from key and input. Raises InvalidInput, InvalidScalar."""
    input_element = hash_to_group(group, private_input)
    if input_element == IDENTITY:
        raise InvalidInput("the input maps to the identity element")
    return _output(private_input, multiply(group, oprf_key, input_element))


def _output(private_input: bytes, issued_element: bytes) -> bytes:
    return sha512(length_prefixed(private_input) + length_prefixed(issued_element) + b"Finalize")
