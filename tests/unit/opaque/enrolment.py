"""What the OPAQUE tests share: randomness that is told what to give, and a finished registration."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vault.opaque import (
    ClientRegistration,
    Configuration,
    RegistrationRecord,
    create_registration_response,
    generate_key_pair,
    generate_oprf_key,
)

PASSWORD = b"correct horse battery staple"
ACCOUNT = bytes(range(16))


class ScriptedRandom:
    """Gives the listed values in order, each exactly once, and fails for any other length or count."""

    def __init__(self, values: Iterable[bytes]) -> None:
        self._values = list(values)

    def __call__(self, length: int) -> bytes:
        value = self._values.pop(0)
        assert len(value) == length, f"asked for {length} bytes, the script has {len(value)}"
        return value

    def assert_spent(self) -> None:
        assert not self._values, "randomness was left over"


def scalar_source(scalar: bytes) -> bytes:
    """The 64 random bytes that reduce to this scalar."""
    return scalar + bytes(32)


@dataclass(frozen=True)
class Enrolled:
    """A person with a record at a server."""

    configuration: Configuration
    password: bytes
    record: RegistrationRecord
    export_key: bytes
    oprf_key: bytes
    server_private_key: bytes
    server_public_key: bytes

    @property
    def identities(self) -> dict[str, Any]:
        return {"client_identity": ACCOUNT, "server_identity": self.server_public_key}

    @property
    def server(self) -> dict[str, Any]:
        return {
            "record": self.record,
            "oprf_key": self.oprf_key,
            "server_private_key": self.server_private_key,
            "server_public_key": self.server_public_key,
            **self.identities,
        }


def enroll(configuration: Configuration, password: bytes = PASSWORD) -> Enrolled:
    private, public = generate_key_pair(configuration)
    oprf_key = generate_oprf_key(configuration)
    registration, request = ClientRegistration.create_request(configuration, password)
    response = create_registration_response(configuration, request, server_public_key=public, oprf_key=oprf_key)
    record, export_key = registration.finalize(
        response, client_identity=ACCOUNT, server_identity=public, pinned_server_public_key=public
    )
    return Enrolled(configuration, password, record, export_key, oprf_key, private, public)
