"""Our two halves against the two halves of other implementations, live: registration, login, right and wrong password.

What cannot be tried, and why: Coffer's own Context, since neither library lets one set it (both compile it empty); and
Coffer's identities (16 and 32 raw bytes), since opaque-ke-py has none and the npm package takes strings only. The
RFC's vectors cover both. Coffer's Argon2id settings are tried with the npm package; opaque-ke-py's are fixed.
"""

import secrets
from collections.abc import Iterator

import pytest

from tests.unit.opaque.others import MIB, OpaqueKe, Other, Refused, Serenity, WrongPassword
from vault.opaque import (
    KE1,
    KE2,
    KE3,
    ClientAuthenticationError,
    ClientLogin,
    ClientRegistration,
    EnvelopeRecoveryError,
    RegistrationRecord,
    RegistrationRequest,
    RegistrationResponse,
    ServerAuthenticationError,
    create_registration_response,
    generate_ke2,
    generate_key_pair,
    generate_oprf_key,
    server_finish,
)
from vault.opaque.ksf import MEMORY_BYTES, PASSES

PASSWORD = "correct horse, größer als die Batterie"
WRONG = "correct horse, grosser als die Batterie"
NAMES = {"client": "somebody's account", "server": "the vault of an example"}
KINDS = {
    "opaque-ke-py": OpaqueKe,
    "serenity, Coffer's Argon2id": lambda: Serenity(MEMORY_BYTES, PASSES),
    "serenity, little memory": lambda: Serenity(8 * MIB, 1),
    "serenity, with identities": lambda: Serenity(8 * MIB, 1, NAMES),
}


@pytest.fixture(scope="module", params=KINDS.values(), ids=KINDS)
def other(request: pytest.FixtureRequest) -> Iterator[Other]:
    made = request.param()
    yield made
    if isinstance(made, Serenity):
        made.close()


class OurServer:
    """One record at our half."""

    def __init__(self, other: Other) -> None:
        self.other = other
        self.private, self.public = generate_key_pair(other.ours)
        self.oprf_key = generate_oprf_key(other.ours)

    def register(self, password: str) -> bytes:
        """→ the export key that their client found."""
        state, request = self.other.client_register(password)
        response = create_registration_response(
            self.other.ours,
            RegistrationRequest.from_bytes(request),
            server_public_key=self.public,
            oprf_key=self.oprf_key,
        )
        record, export_key = self.other.client_finish_registration(state, password, response.to_bytes())
        self.record = RegistrationRecord.from_bytes(record)
        return export_key

    def answer(self, ke1: bytes):
        return generate_ke2(
            self.other.ours,
            KE1.from_bytes(ke1),
            record=self.record,
            oprf_key=self.oprf_key,
            server_private_key=self.private,
            server_public_key=self.public,
            **self.other.identities,
        )


def test_their_client_registers_and_logs_in_at_our_server(other: Other) -> None:
    server = OurServer(other)
    registered = server.register(PASSWORD)
    state, ke1 = other.client_login(PASSWORD)
    ke2, login = server.answer(ke1)
    ke3, session_key, export_key = other.client_finish_login(state, PASSWORD, ke2.to_bytes())
    assert server_finish(login, KE3.from_bytes(ke3)) == session_key
    assert export_key == registered


def test_their_client_with_a_wrong_password_gets_nothing_from_our_server(other: Other) -> None:
    server = OurServer(other)
    server.register(PASSWORD)
    state, ke1 = other.client_login(WRONG)
    ke2, login = server.answer(ke1)
    with pytest.raises(WrongPassword):
        other.client_finish_login(state, WRONG, ke2.to_bytes())
    with pytest.raises(ClientAuthenticationError):
        server_finish(login, KE3.from_bytes(secrets.token_bytes(64)))


def registered_there(other: Other, password: str) -> tuple[bytes, bytes]:
    """Our client's registration at their server → (record, export key)."""
    registration, request = ClientRegistration.create_request(other.ours, password.encode())
    response = RegistrationResponse.from_bytes(other.server_register(request.to_bytes()))
    record, export_key = registration.finalize(response, **other.identities)
    return record.to_bytes(), export_key


def test_our_client_registers_and_logs_in_at_their_server(other: Other) -> None:
    record, registered = registered_there(other, PASSWORD)
    login, ke1 = ClientLogin.generate_ke1(other.ours, PASSWORD.encode())
    state, ke2 = other.server_login(record, ke1.to_bytes())
    result = login.generate_ke3(KE2.from_bytes(ke2), **other.identities)
    assert other.server_finish(state, result.ke3.to_bytes()) == result.session_key
    assert result.export_key == registered


def test_our_client_with_a_wrong_password_gets_nothing_from_their_server(other: Other) -> None:
    record, _ = registered_there(other, PASSWORD)
    login, ke1 = ClientLogin.generate_ke1(other.ours, WRONG.encode())
    state, ke2 = other.server_login(record, ke1.to_bytes())
    with pytest.raises(EnvelopeRecoveryError):
        login.generate_ke3(KE2.from_bytes(ke2), **other.identities)
    with pytest.raises(Refused):
        other.server_finish(state, secrets.token_bytes(64))


def test_our_client_does_not_finish_with_an_altered_answer_of_theirs(other: Other) -> None:
    record, _ = registered_there(other, PASSWORD)
    login, ke1 = ClientLogin.generate_ke1(other.ours, PASSWORD.encode())
    _, ke2 = other.server_login(record, ke1.to_bytes())
    altered = ke2[:-1] + bytes([ke2[-1] ^ 1])
    with pytest.raises(ServerAuthenticationError):
        login.generate_ke3(KE2.from_bytes(altered), **other.identities)
