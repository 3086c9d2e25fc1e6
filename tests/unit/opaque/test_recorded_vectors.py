"""Coffer's own full vector, and what was recorded against opaque-ke, the implementation by one of the RFC's authors."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.opaque import coffer_vector
from tests.unit.opaque.enrolment import ScriptedRandom
from vault.opaque import (
    KE1,
    KE2,
    KE3,
    Argon2idProvider,
    ClientLogin,
    ClientRegistration,
    Configuration,
    Group,
    RegistrationRecord,
    RegistrationRequest,
    RegistrationResponse,
    create_registration_response,
    generate_ke2,
    server_finish,
)
from vault.server.sodium import NativeArgon2id, native_configuration


def test_coffers_registration_and_login_give_the_pinned_bytes(read_vectors: Callable[[str], Any]) -> None:
    vector = read_vectors("coffer_opaque.json")
    assert vector["inputs"] == coffer_vector.INPUTS
    assert coffer_vector.play(native_configuration()) == vector["values"]


class RecordedKSF:
    """opaque-ke's default Argon2id parameters."""

    def __init__(self, provider: Argon2idProvider, parameters: dict[str, Any]) -> None:
        self._provider = provider
        self._parameters = parameters

    def stretch(self, message: bytes, /) -> bytes:
        return self._provider.argon2id(
            message,
            bytes.fromhex(self._parameters["salt"]),
            memory_bytes=self._parameters["memory_kib"] * 1024,
            passes=self._parameters["passes"],
            output_bytes=self._parameters["output_bytes"],
        )


@pytest.fixture(scope="module")
def recorded(read_vectors: Callable[[str], Any]) -> Any:
    return read_vectors("opaque_ke.json")


@pytest.fixture(scope="module")
def configured(recorded: Any, group: Group) -> Callable[[list[str]], Configuration]:
    def configuration(random: list[str]) -> Configuration:
        return Configuration(
            group=group,
            ksf=RecordedKSF(NativeArgon2id(), recorded["ksf"]),
            context=bytes.fromhex(recorded["context"]),
            random=ScriptedRandom([bytes.fromhex(value) for value in random]),
        )

    return configuration


def values(section: dict[str, Any]) -> dict[str, bytes]:
    return {name: bytes.fromhex(value) for name, value in section.items() if isinstance(value, str)}


def test_our_client_registers_and_logs_in_at_an_opaque_ke_server(
    recorded: Any, configured: Callable[[list[str]], Configuration]
) -> None:
    section = recorded["coffer_is_the_client"]
    value = values(section)
    password = bytes.fromhex(recorded["password"])
    registration, request = ClientRegistration.create_request(configured(section["registration_random"]), password)
    assert request.to_bytes() == value["registration_request"]
    record, export_key = registration.finalize(RegistrationResponse.from_bytes(value["registration_response"]))
    assert record.to_bytes() == value["registration_record"]
    login, ke1 = ClientLogin.generate_ke1(configured(section["login_random"]), password)
    assert ke1.to_bytes() == value["ke1"]
    result = login.generate_ke3(KE2.from_bytes(value["ke2"]))
    assert result.ke3.to_bytes() == value["ke3"]
    assert result.session_key == value["session_key"]
    assert result.export_key == export_key == value["export_key"]


def test_an_opaque_ke_client_registers_and_logs_in_at_our_server(
    recorded: Any, configured: Callable[[list[str]], Configuration]
) -> None:
    section = recorded["coffer_is_the_server"]
    value = values(section)
    response = create_registration_response(
        configured([]),
        RegistrationRequest.from_bytes(value["registration_request"]),
        server_public_key=value["server_public_key"],
        oprf_key=value["oprf_key"],
    )
    assert response.to_bytes() == value["registration_response"]
    ke2, state = generate_ke2(
        configured(section["login_random"]),
        KE1.from_bytes(value["ke1"]),
        record=RegistrationRecord.from_bytes(value["registration_record"]),
        oprf_key=value["oprf_key"],
        server_private_key=value["server_private_key"],
        server_public_key=value["server_public_key"],
    )
    assert ke2.to_bytes() == value["ke2"]
    assert server_finish(state, KE3.from_bytes(value["ke3"])) == value["session_key"]
