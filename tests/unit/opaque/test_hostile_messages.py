"""What an attacker on the wire may send: altered bytes at every position, wrong lengths, bad points and scalars."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.opaque.enrolment import PASSWORD, Enrolled
from vault.opaque import (
    KE1,
    KE2,
    KE3,
    AuthRequest,
    AuthResponse,
    ClientAuthenticationError,
    ClientLogin,
    ClientRegistration,
    Configuration,
    CredentialRequest,
    CredentialResponse,
    Envelope,
    EnvelopeRecoveryError,
    InvalidMessage,
    InvalidPoint,
    InvalidScalar,
    RegistrationRecord,
    RegistrationRequest,
    RegistrationResponse,
    ServerAuthenticationError,
    ServerLoginState,
    check_registration_record,
    create_registration_response,
    generate_ke2,
    generate_key_pair,
    generate_oprf_key,
    server_finish,
)
from vault.opaque.group import ORDER

MESSAGES = {
    RegistrationRequest: 32,
    RegistrationResponse: 64,
    RegistrationRecord: 192,
    Envelope: 96,
    CredentialRequest: 32,
    CredentialResponse: 192,
    AuthRequest: 64,
    AuthResponse: 128,
    KE1: 96,
    KE2: 320,
    KE3: 64,
    ServerLoginState: 128,
}
BAD_POINTS = {
    "the identity": bytes(32),
    "a field element above p": bytes.fromhex("ed" + "ff" * 30 + "7f"),
    "a negative field element": bytes([1]) + bytes(31),
    "s = -1": bytes.fromhex("ec" + "ff" * 30 + "7f"),
    "all ones": b"\xff" * 32,
}
bad_points = pytest.mark.parametrize("point", BAD_POINTS.values(), ids=BAD_POINTS)
messages = pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)


def altered(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The data with the lowest, then the highest bit of each byte flipped, one byte at a time."""
    for position in range(len(data)):
        for bit in (0x01, 0x80):
            yield position, data[:position] + bytes([data[position] ^ bit]) + data[position + 1 :]


@messages
def test_a_message_has_the_rfcs_length_and_survives_its_own_encoding(message: Any) -> None:
    data = bytes(index % 251 for index in range(MESSAGES[message]))
    assert message.from_bytes(data).to_bytes() == data


@messages
def test_every_other_length_is_refused(message: Any) -> None:
    length = MESSAGES[message]
    for wrong in (*range(length), length + 1, length + 32, 2 * length):
        with pytest.raises(InvalidMessage):
            message.from_bytes(bytes(wrong))


def test_a_message_cannot_be_built_from_parts_of_another_length() -> None:
    with pytest.raises(InvalidMessage):
        KE3(bytes(63))
    with pytest.raises(InvalidMessage):
        Envelope(bytes(32), bytes(65))
    with pytest.raises(InvalidMessage):
        RegistrationResponse(bytes(32), bytes(33))


def test_ke1_altered_at_any_byte_never_completes_a_login(enrolled: Enrolled) -> None:
    configuration = enrolled.configuration
    client, ke1 = ClientLogin.generate_ke1(configuration, PASSWORD)
    for position, data in altered(ke1.to_bytes()):
        expected = (InvalidPoint, EnvelopeRecoveryError if position < 32 else ServerAuthenticationError)
        with pytest.raises(expected):
            client.generate_ke3(
                generate_ke2(configuration, KE1.from_bytes(data), **enrolled.server)[0], **enrolled.identities
            )


def test_ke2_altered_at_any_byte_is_refused_by_the_client(enrolled: Enrolled) -> None:
    client, ke1 = ClientLogin.generate_ke1(enrolled.configuration, PASSWORD)
    ke2, _ = generate_ke2(enrolled.configuration, ke1, **enrolled.server)
    for position, data in altered(ke2.to_bytes()):
        expected = EnvelopeRecoveryError if position < 192 else ServerAuthenticationError
        with pytest.raises((InvalidPoint, expected)):
            client.generate_ke3(KE2.from_bytes(data), **enrolled.identities)


def test_ke3_altered_at_any_byte_is_refused_by_the_server(enrolled: Enrolled) -> None:
    client, ke1 = ClientLogin.generate_ke1(enrolled.configuration, PASSWORD)
    ke2, state = generate_ke2(enrolled.configuration, ke1, **enrolled.server)
    ke3 = client.generate_ke3(ke2, **enrolled.identities).ke3
    for _, data in altered(ke3.to_bytes()):
        with pytest.raises(ClientAuthenticationError):
            server_finish(state, KE3.from_bytes(data))


def test_a_record_altered_at_any_byte_never_completes_a_login(enrolled: Enrolled) -> None:
    configuration = enrolled.configuration
    client, ke1 = ClientLogin.generate_ke1(configuration, PASSWORD)
    for position, data in altered(enrolled.record.to_bytes()):
        server = {**enrolled.server, "record": RegistrationRecord.from_bytes(data)}
        expected = ServerAuthenticationError if position < 32 else EnvelopeRecoveryError
        with pytest.raises((InvalidPoint, expected)):
            client.generate_ke3(generate_ke2(configuration, ke1, **server)[0], **enrolled.identities)


def registration_fails_to_open(
    quick: Configuration,
    alter_request: Callable[[bytes], bytes],
    alter_response: Callable[[bytes], bytes],
    oprf_key: bytes,
    keys: tuple[bytes, bytes],
) -> None:
    private, public = keys
    registration, request = ClientRegistration.create_request(quick, PASSWORD)
    response = create_registration_response(
        quick,
        RegistrationRequest.from_bytes(alter_request(request.to_bytes())),
        server_public_key=public,
        oprf_key=oprf_key,
    )
    record, _ = registration.finalize(
        RegistrationResponse.from_bytes(alter_response(response.to_bytes())), pinned_server_public_key=public
    )
    client, ke1 = ClientLogin.generate_ke1(quick, PASSWORD)
    ke2, _ = generate_ke2(
        quick, ke1, record=record, oprf_key=oprf_key, server_private_key=private, server_public_key=public
    )
    client.generate_ke3(ke2)


@pytest.mark.parametrize("position", range(32))
def test_a_registration_request_altered_on_its_way_gives_no_record_the_password_opens(
    quick: Configuration, position: int
) -> None:
    def alter(data: bytes) -> bytes:
        return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]

    with pytest.raises((InvalidPoint, EnvelopeRecoveryError)):
        registration_fails_to_open(quick, alter, lambda data: data, generate_oprf_key(quick), generate_key_pair(quick))


@pytest.mark.parametrize("position", range(64))
def test_a_registration_response_altered_on_its_way_is_refused_or_gives_no_record_the_password_opens(
    quick: Configuration, position: int
) -> None:
    def alter(data: bytes) -> bytes:
        return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]

    expected = EnvelopeRecoveryError if position < 32 else ServerAuthenticationError
    with pytest.raises((InvalidPoint, expected)):
        registration_fails_to_open(quick, lambda data: data, alter, generate_oprf_key(quick), generate_key_pair(quick))


@bad_points
def test_the_server_refuses_a_bad_point_in_a_registration_request(enrolled: Enrolled, point: bytes) -> None:
    with pytest.raises(InvalidPoint):
        create_registration_response(
            enrolled.configuration,
            RegistrationRequest(point),
            server_public_key=enrolled.server_public_key,
            oprf_key=enrolled.oprf_key,
        )


@bad_points
def test_the_server_refuses_a_bad_point_in_ke1(enrolled: Enrolled, point: bytes) -> None:
    _, ke1 = ClientLogin.generate_ke1(enrolled.configuration, PASSWORD)
    blinded = replace(ke1, credential_request=CredentialRequest(point))
    keyshare = replace(ke1, auth_request=replace(ke1.auth_request, client_public_keyshare=point))
    for bad in (blinded, keyshare):
        with pytest.raises(InvalidPoint):
            generate_ke2(enrolled.configuration, bad, **enrolled.server)


@bad_points
def test_the_server_refuses_a_record_with_a_bad_public_key_when_it_arrives(enrolled: Enrolled, point: bytes) -> None:
    check_registration_record(enrolled.configuration, enrolled.record)
    with pytest.raises(InvalidPoint):
        check_registration_record(enrolled.configuration, replace(enrolled.record, client_public_key=point))


@bad_points
def test_the_client_refuses_a_bad_point_in_a_registration_response(
    quick: Configuration, enrolled: Enrolled, point: bytes
) -> None:
    registration, _ = ClientRegistration.create_request(quick, PASSWORD)
    for bad in (
        RegistrationResponse(point, enrolled.server_public_key),
        RegistrationResponse(enrolled.server_public_key, point),
    ):
        with pytest.raises(InvalidPoint):
            registration.finalize(bad)


@bad_points
def test_the_client_refuses_a_bad_point_in_ke2(enrolled: Enrolled, point: bytes) -> None:
    client, ke1 = ClientLogin.generate_ke1(enrolled.configuration, PASSWORD)
    ke2, _ = generate_ke2(enrolled.configuration, ke1, **enrolled.server)
    evaluated = replace(ke2, credential_response=replace(ke2.credential_response, evaluated_message=point))
    keyshare = replace(ke2, auth_response=replace(ke2.auth_response, server_public_keyshare=point))
    for bad in (evaluated, keyshare):
        with pytest.raises(InvalidPoint):
            client.generate_ke3(bad, **enrolled.identities)


@pytest.mark.parametrize("name", ["oprf_key", "server_private_key"])
@pytest.mark.parametrize("value", [0, ORDER, ORDER + 1, 2**256 - 1])
def test_the_server_refuses_to_use_a_key_outside_the_range(enrolled: Enrolled, name: str, value: int) -> None:
    _, ke1 = ClientLogin.generate_ke1(enrolled.configuration, PASSWORD)
    server = {**enrolled.server, name: value.to_bytes(32, "little")}
    with pytest.raises(InvalidScalar):
        generate_ke2(enrolled.configuration, ke1, **server)
