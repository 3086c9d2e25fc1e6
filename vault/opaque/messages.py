"""The messages of RFC 9807, each of one exact length: too short, too long or trailing bytes are refused.

Their repr shows no content. Elements inside are checked where they are used, not where they are parsed.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from .errors import InvalidMessage
from .group import ELEMENT_BYTES
from .hashing import HASH_BYTES
from .redacted import Redacted

NONCE_BYTES = 32
MAC_BYTES = 64


class Message(Redacted):
    """A concatenation of parts of fixed lengths: bytes, or messages again."""

    __slots__ = ()
    LENGTH: ClassVar[int]
    LAYOUT: ClassVar[tuple[tuple[str, "int | type[Message]"], ...]]

    def __init_subclass__(cls) -> None:
        if "LAYOUT" in cls.__dict__:
            cls.LENGTH = sum(part if isinstance(part, int) else part.LENGTH for _, part in cls.LAYOUT)

    def __post_init__(self) -> None:
        for name, part in self.LAYOUT:
            if isinstance(part, int) and len(getattr(self, name)) != part:
                raise InvalidMessage(f"{type(self).__name__}: {name} is not {part} bytes")

    def to_bytes(self) -> bytes:
        """The wire form, exactly LENGTH bytes."""
        return b"".join(
            getattr(self, name) if isinstance(part, int) else getattr(self, name).to_bytes()
            for name, part in self.LAYOUT
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The wire form → the message. Raises InvalidMessage for any other length than LENGTH."""
        if len(data) != cls.LENGTH:
            raise InvalidMessage(f"{cls.__name__} is {cls.LENGTH} bytes, got {len(data)}")
        data = bytes(data)
        values: list[object] = []
        start = 0
        for _, part in cls.LAYOUT:
            if isinstance(part, int):
                end = start + part
                values.append(data[start:end])
            else:
                end = start + part.LENGTH
                values.append(part.from_bytes(data[start:end]))
            start = end
        return cls(*values)


@dataclass(frozen=True, slots=True, repr=False)
class RegistrationRequest(Message):
    """Client → server, first step of registration (§5.1)."""

    LAYOUT = (("blinded_message", ELEMENT_BYTES),)

    blinded_message: bytes


@dataclass(frozen=True, slots=True, repr=False)
class RegistrationResponse(Message):
    """Server → client, second step of registration (§5.1)."""

    LAYOUT = (("evaluated_message", ELEMENT_BYTES), ("server_public_key", ELEMENT_BYTES))

    evaluated_message: bytes
    server_public_key: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Envelope(Message):
    """What lets the client rebuild its private key from the password (§4.1.1)."""

    LAYOUT = (("nonce", NONCE_BYTES), ("auth_tag", MAC_BYTES))

    nonce: bytes
    auth_tag: bytes


@dataclass(frozen=True, slots=True, repr=False)
class RegistrationRecord(Message):
    """Client → server, last step of registration; the server stores it (§5.1).

    Secret: whoever holds it with the OPRF key can test passwords.
    """

    LAYOUT = (("client_public_key", ELEMENT_BYTES), ("masking_key", HASH_BYTES), ("envelope", Envelope))

    client_public_key: bytes
    masking_key: bytes
    envelope: Envelope


@dataclass(frozen=True, slots=True, repr=False)
class CredentialRequest(Message):
    """The OPRF part of KE1 (§6.3.1)."""

    LAYOUT = (("blinded_message", ELEMENT_BYTES),)

    blinded_message: bytes


@dataclass(frozen=True, slots=True, repr=False)
class CredentialResponse(Message):
    """The OPRF part of KE2 (§6.3.1): the server's public key and the envelope are masked."""

    LAYOUT = (
        ("evaluated_message", ELEMENT_BYTES),
        ("masking_nonce", NONCE_BYTES),
        ("masked_response", ELEMENT_BYTES + Envelope.LENGTH),
    )

    evaluated_message: bytes
    masking_nonce: bytes
    masked_response: bytes


@dataclass(frozen=True, slots=True, repr=False)
class AuthRequest(Message):
    """The key-exchange part of KE1 (§6.1)."""

    LAYOUT = (("client_nonce", NONCE_BYTES), ("client_public_keyshare", ELEMENT_BYTES))

    client_nonce: bytes
    client_public_keyshare: bytes


@dataclass(frozen=True, slots=True, repr=False)
class AuthResponse(Message):
    """The key-exchange part of KE2 (§6.1)."""

    LAYOUT = (("server_nonce", NONCE_BYTES), ("server_public_keyshare", ELEMENT_BYTES), ("server_mac", MAC_BYTES))

    server_nonce: bytes
    server_public_keyshare: bytes
    server_mac: bytes


@dataclass(frozen=True, slots=True, repr=False)
class KE1(Message):
    """Client → server, first step of login (§6.1)."""

    LAYOUT = (("credential_request", CredentialRequest), ("auth_request", AuthRequest))

    credential_request: CredentialRequest
    auth_request: AuthRequest


@dataclass(frozen=True, slots=True, repr=False)
class KE2(Message):
    """Server → client, second step of login (§6.1)."""

    LAYOUT = (("credential_response", CredentialResponse), ("auth_response", AuthResponse))

    credential_response: CredentialResponse
    auth_response: AuthResponse


@dataclass(frozen=True, slots=True, repr=False)
class KE3(Message):
    """Client → server, last step of login (§6.1)."""

    LAYOUT = (("client_mac", MAC_BYTES),)

    client_mac: bytes
