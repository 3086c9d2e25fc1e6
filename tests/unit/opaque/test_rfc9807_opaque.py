"""RFC 9807, Appendix C: every vector whose OPRF is ristretto255-SHA512.

C.1.1, C.1.2 and C.2.1 are our configuration and are checked whole. C.1.3 and C.2.2 exchange keys over curve25519, which
Coffer does not have: of those, everything up to the key exchange is checked.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.opaque.enrolment import ScriptedRandom, scalar_source
from vault.opaque import (
    KE1,
    KE2,
    ClientLogin,
    ClientRegistration,
    Configuration,
    Envelope,
    Group,
    IdentityKSF,
    RegistrationRecord,
    RegistrationRequest,
    ake,
    create_registration_response,
    credentials,
    derive_oprf_key,
    envelope,
    generate_ke2,
    oprf,
    server_finish,
)
from vault.opaque.group import multiply_base
from vault.opaque.server import create_credential_response


class Vector:
    """One section of the appendix; `vector("name")` gives the bytes."""

    def __init__(self, section: dict[str, Any], context: bytes, group: Group) -> None:
        self._values = {**section["inputs"], **section.get("intermediates", {}), **section["outputs"]}
        self._context = context
        self._group = group

    def __call__(self, name: str) -> bytes:
        return bytes.fromhex(self._values[name])

    @property
    def identities(self) -> dict[str, Any]:
        names = ("client_identity", "server_identity")
        return {name: self(name) if name in self._values else None for name in names}

    def configuration(self, *random: bytes) -> Configuration:
        return Configuration(group=self._group, ksf=IdentityKSF(), context=self._context, random=ScriptedRandom(random))


@pytest.fixture
def vector(request: pytest.FixtureRequest, read_vectors: Callable[[str], Any], group: Group) -> Vector:
    document = read_vectors("rfc9807.json")
    (section,) = (part for part in document["vectors"] if part["section"] == request.param)
    return Vector(section, bytes.fromhex(document["context"]), group)


def sections(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", names, indirect=True)


def register(vector: Vector) -> tuple[RegistrationRequest, Any, RegistrationRecord, bytes]:
    configuration = vector.configuration(scalar_source(vector("blind_registration")), vector("envelope_nonce"))
    registration, request = ClientRegistration.create_request(configuration, vector("password"))
    oprf_key = derive_oprf_key(configuration, vector("oprf_seed"), vector("credential_identifier"))
    response = create_registration_response(
        configuration, request, server_public_key=vector("server_public_key"), oprf_key=oprf_key
    )
    record, export_key = registration.finalize(response, **vector.identities)
    return request, response, record, export_key


def randomized_password(vector: Vector, group: Group) -> bytes:
    output = oprf.evaluate(group, vector("oprf_key"), vector("password"))
    return envelope.randomize_password(output, output)


@sections("C.1.1", "C.1.2")
def test_every_message_of_a_registration_is_the_rfcs(vector: Vector) -> None:
    request, response, record, export_key = register(vector)
    assert request.to_bytes() == vector("registration_request")
    assert response.to_bytes() == vector("registration_response")
    assert record.to_bytes() == vector("registration_upload")
    assert record.client_public_key == vector("client_public_key")
    assert record.envelope.to_bytes() == vector("envelope")
    assert export_key == vector("export_key")


@sections("C.1.1", "C.1.2", "C.1.3")
def test_the_oprf_key_and_what_comes_from_the_password_are_the_rfcs(vector: Vector, group: Group) -> None:
    configuration = vector.configuration()
    key = derive_oprf_key(configuration, vector("oprf_seed"), vector("credential_identifier"))
    assert key == vector("oprf_key")
    password = randomized_password(vector, group)
    assert password == vector("randomized_password")
    assert envelope.derive_auth_key(password, vector("envelope_nonce")) == vector("auth_key")
    assert envelope.derive_export_key(password, vector("envelope_nonce")) == vector("export_key")
    uploaded = RegistrationRecord.from_bytes(vector("registration_upload"))
    assert envelope.derive_masking_key(password) == uploaded.masking_key


@sections("C.1.3")
def test_registration_up_to_the_envelope_is_the_rfcs_for_another_key_exchange_group(vector: Vector) -> None:
    configuration = vector.configuration(scalar_source(vector("blind_registration")))
    _, request = ClientRegistration.create_request(configuration, vector("password"))
    assert request.to_bytes() == vector("registration_request")
    response = create_registration_response(
        configuration,
        request,
        server_public_key=vector("registration_response")[32:],
        oprf_key=vector("oprf_key"),
    )
    assert response.to_bytes() == vector("registration_response")


def login(vector: Vector) -> tuple[ClientLogin, KE1, KE2, Any]:
    configuration = vector.configuration(
        scalar_source(vector("blind_login")),
        vector("client_nonce"),
        vector("client_keyshare_seed"),
        vector("masking_nonce"),
        vector("server_nonce"),
        vector("server_keyshare_seed"),
    )
    client, ke1 = ClientLogin.generate_ke1(configuration, vector("password"))
    ke2, state = generate_ke2(
        configuration,
        ke1,
        record=RegistrationRecord.from_bytes(vector("registration_upload")),
        oprf_key=vector("oprf_key"),
        server_private_key=vector("server_private_key"),
        server_public_key=vector("server_public_key"),
        **vector.identities,
    )
    return client, ke1, ke2, state


@sections("C.1.1", "C.1.2")
def test_every_message_and_key_of_a_login_is_the_rfcs(vector: Vector) -> None:
    client, ke1, ke2, state = login(vector)
    assert ke1.to_bytes() == vector("KE1")
    assert ke2.to_bytes() == vector("KE2")
    result = client.generate_ke3(ke2, **vector.identities)
    assert result.ke3.to_bytes() == vector("KE3")
    assert result.session_key == vector("session_key")
    assert result.export_key == vector("export_key")
    assert state.expected_client_mac == vector("KE3")
    assert server_finish(state, result.ke3) == vector("session_key")


@sections("C.1.1", "C.1.2")
def test_the_handshake_secret_and_both_mac_keys_are_the_rfcs(vector: Vector, group: Group) -> None:
    client, ke1, ke2, _ = login(vector)
    password = randomized_password(vector, group)
    private, public = envelope.derive_client_key_pair(group, password, vector("envelope_nonce"))
    assert public == vector("client_public_key")
    cleartext = envelope.create_cleartext_credentials(vector("server_public_key"), public, *reversed_identities(vector))
    configuration = client.configuration
    ke3, keys = ake.auth_client_finalize(
        group, configuration.context, client.client_secret, private, cleartext, ke1, ke2
    )
    assert keys.handshake_secret == vector("handshake_secret")
    assert keys.server_mac_key == vector("server_mac_key")
    assert keys.client_mac_key == vector("client_mac_key")
    assert keys.session_key == vector("session_key")
    assert ke3.to_bytes() == vector("KE3")


def reversed_identities(vector: Vector) -> tuple[bytes | None, bytes | None]:
    return vector.identities["server_identity"], vector.identities["client_identity"]


@sections("C.1.1", "C.1.2")
def test_unmasking_gives_the_rfcs_public_key_and_envelope(vector: Vector) -> None:
    response = KE2.from_bytes(vector("KE2")).credential_response
    masking_key = RegistrationRecord.from_bytes(vector("registration_upload")).masking_key
    public, opened = credentials.unmask(masking_key, response.masking_nonce, response.masked_response)
    assert public == vector("server_public_key")
    assert opened.to_bytes() == vector("envelope")


def fake_record(vector: Vector, client_public_key: bytes) -> RegistrationRecord:
    return RegistrationRecord(client_public_key, vector("masking_key"), Envelope.from_bytes(bytes(Envelope.LENGTH)))


@sections("C.2.1")
def test_the_reply_for_an_unknown_client_is_the_rfcs(vector: Vector, group: Group) -> None:
    assert multiply_base(group, vector("client_private_key")) == vector("client_public_key")
    assert multiply_base(group, vector("server_private_key")) == vector("server_public_key")
    configuration = vector.configuration(
        vector("masking_nonce"), vector("server_nonce"), vector("server_keyshare_seed")
    )
    ke2, _ = generate_ke2(
        configuration,
        KE1.from_bytes(vector("KE1")),
        record=fake_record(vector, vector("client_public_key")),
        oprf_key=derive_oprf_key(configuration, vector("oprf_seed"), vector("credential_identifier")),
        server_private_key=vector("server_private_key"),
        server_public_key=vector("server_public_key"),
        **vector.identities,
    )
    assert ke2.to_bytes() == vector("KE2")


@sections("C.2.2")
def test_the_credential_response_for_an_unknown_client_is_the_rfcs_for_another_key_exchange_group(
    vector: Vector,
) -> None:
    configuration = vector.configuration(vector("masking_nonce"))
    response = create_credential_response(
        configuration,
        KE1.from_bytes(vector("KE1")),
        record=fake_record(vector, bytes(32)),
        oprf_key=derive_oprf_key(configuration, vector("oprf_seed"), vector("credential_identifier")),
        server_public_key=vector("server_public_key"),
    )
    assert response.to_bytes() == vector("KE2")[: response.LENGTH]
