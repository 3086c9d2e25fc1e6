"""Registration and login between our two halves: what must work, and what a wrong password or peer meets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.opaque.enrolment import ACCOUNT, PASSWORD, Enrolled, enroll
from vault.opaque import (
    KE1,
    KE2,
    KE3,
    ClientAuthenticationError,
    ClientLogin,
    ClientRegistration,
    Configuration,
    EnvelopeRecoveryError,
    Group,
    IdentityKSF,
    InvalidInput,
    RegistrationRecord,
    ServerAuthenticationError,
    ServerLoginState,
    create_fake_record,
    create_registration_response,
    generate_ke2,
    generate_key_pair,
    generate_oprf_key,
    recover_public_key,
    server_finish,
)
from vault.server.sodium import SodiumGroup


def test_the_right_password_gives_both_sides_one_session_key_and_the_client_its_export_key(
    enrolled: Enrolled,
) -> None:
    configuration = enrolled.configuration
    client, ke1 = ClientLogin.generate_ke1(configuration, PASSWORD)
    ke2, state = generate_ke2(configuration, KE1.from_bytes(ke1.to_bytes()), **enrolled.server)
    result = client.generate_ke3(
        KE2.from_bytes(ke2.to_bytes()),
        pinned_server_public_key=enrolled.server_public_key,
        **enrolled.identities,
    )
    stored = ServerLoginState.from_bytes(state.to_bytes())
    assert server_finish(stored, KE3.from_bytes(result.ke3.to_bytes())) == result.session_key
    assert result.export_key == enrolled.export_key
    assert len(result.session_key) == len(result.export_key) == 64


def test_the_whole_of_coffers_configuration_completes_with_argon2id(coffer: Configuration) -> None:
    enrolled = enroll(coffer)
    client, ke1 = ClientLogin.generate_ke1(coffer, PASSWORD)
    ke2, state = generate_ke2(coffer, ke1, **enrolled.server)
    result = client.generate_ke3(ke2, **enrolled.identities)
    assert server_finish(state, result.ke3) == result.session_key
    assert result.export_key == enrolled.export_key


@settings(max_examples=40, deadline=None)
@given(
    password=st.binary(max_size=300),
    client_identity=st.one_of(st.none(), st.binary(min_size=1, max_size=80)),
    server_identity=st.one_of(st.none(), st.binary(min_size=1, max_size=80)),
    context=st.binary(max_size=80),
)
def test_any_password_identity_and_context_round_trip(
    password: bytes, client_identity: bytes | None, server_identity: bytes | None, context: bytes
) -> None:
    configuration = Configuration(group=SodiumGroup(), ksf=IdentityKSF(), context=context)
    private, public = generate_key_pair(configuration)
    oprf_key = generate_oprf_key(configuration)
    registration, request = ClientRegistration.create_request(configuration, password)
    response = create_registration_response(configuration, request, server_public_key=public, oprf_key=oprf_key)
    record, export_key = registration.finalize(
        response, client_identity=client_identity, server_identity=server_identity
    )
    client, ke1 = ClientLogin.generate_ke1(configuration, password)
    ke2, state = generate_ke2(
        configuration,
        ke1,
        record=RegistrationRecord.from_bytes(record.to_bytes()),
        oprf_key=oprf_key,
        server_private_key=private,
        server_public_key=public,
        client_identity=client_identity,
        server_identity=server_identity,
    )
    result = client.generate_ke3(ke2, client_identity=client_identity, server_identity=server_identity)
    assert server_finish(state, result.ke3) == result.session_key
    assert result.export_key == export_key


@pytest.mark.parametrize("wrong", [b"", PASSWORD[:-1], PASSWORD + b" ", PASSWORD.upper()])
def test_a_wrong_password_fails_at_the_client_and_names_itself(enrolled: Enrolled, wrong: bytes) -> None:
    client, ke1 = ClientLogin.generate_ke1(enrolled.configuration, wrong)
    ke2, _ = generate_ke2(enrolled.configuration, ke1, **enrolled.server)
    with pytest.raises(EnvelopeRecoveryError) as caught:
        client.generate_ke3(ke2, **enrolled.identities)
    assert caught.value.code == "wrong_password"


def test_a_fake_record_answers_like_a_real_one_and_no_password_opens_it(enrolled: Enrolled) -> None:
    configuration = enrolled.configuration
    client, ke1 = ClientLogin.generate_ke1(configuration, PASSWORD)
    fake = {**enrolled.server, "record": create_fake_record(configuration)}
    ke2, _ = generate_ke2(configuration, ke1, **fake)
    assert len(ke2.to_bytes()) == KE2.LENGTH
    with pytest.raises(EnvelopeRecoveryError):
        client.generate_ke3(ke2, **enrolled.identities)


def test_another_oprf_key_makes_the_record_useless(enrolled: Enrolled) -> None:
    configuration = enrolled.configuration
    client, ke1 = ClientLogin.generate_ke1(configuration, PASSWORD)
    other = {**enrolled.server, "oprf_key": generate_oprf_key(configuration)}
    ke2, _ = generate_ke2(configuration, ke1, **other)
    with pytest.raises(EnvelopeRecoveryError):
        client.generate_ke3(ke2, **enrolled.identities)


def test_a_server_without_the_private_key_is_not_recognised(enrolled: Enrolled) -> None:
    configuration = enrolled.configuration
    stolen = {**enrolled.server, "server_private_key": generate_key_pair(configuration)[0]}
    client, ke1 = ClientLogin.generate_ke1(configuration, PASSWORD)
    ke2, _ = generate_ke2(configuration, ke1, **stolen)
    with pytest.raises(ServerAuthenticationError):
        client.generate_ke3(ke2, **enrolled.identities)


def test_a_registration_response_with_another_key_than_the_pinned_one_is_refused(quick: Configuration) -> None:
    _, pinned = generate_key_pair(quick)
    _, other = generate_key_pair(quick)
    registration, request = ClientRegistration.create_request(quick, PASSWORD)
    response = create_registration_response(quick, request, server_public_key=other, oprf_key=generate_oprf_key(quick))
    with pytest.raises(ServerAuthenticationError):
        registration.finalize(response, pinned_server_public_key=pinned)


def test_a_login_with_another_server_key_than_the_pinned_one_is_refused(enrolled: Enrolled) -> None:
    configuration = enrolled.configuration
    _, other = generate_key_pair(configuration)
    client, ke1 = ClientLogin.generate_ke1(configuration, PASSWORD)
    ke2, _ = generate_ke2(configuration, ke1, **enrolled.server)
    with pytest.raises(ServerAuthenticationError):
        client.generate_ke3(ke2, pinned_server_public_key=other, **enrolled.identities)


@pytest.mark.parametrize("name", ["client_identity", "server_identity"])
def test_an_identity_that_differs_from_the_registered_one_does_not_open_the_envelope(
    enrolled: Enrolled, name: str
) -> None:
    client, ke1 = ClientLogin.generate_ke1(enrolled.configuration, PASSWORD)
    ke2, _ = generate_ke2(enrolled.configuration, ke1, **enrolled.server)
    with pytest.raises(EnvelopeRecoveryError):
        client.generate_ke3(ke2, **{**enrolled.identities, name: b"someone else"})


def test_a_server_that_takes_the_client_for_another_account_is_refused(enrolled: Enrolled) -> None:
    client, ke1 = ClientLogin.generate_ke1(enrolled.configuration, PASSWORD)
    other = {**enrolled.server, "client_identity": ACCOUNT[::-1]}
    ke2, _ = generate_ke2(enrolled.configuration, ke1, **other)
    with pytest.raises(ServerAuthenticationError):
        client.generate_ke3(ke2, **enrolled.identities)


def test_a_server_with_another_context_is_refused(enrolled: Enrolled, group: Group) -> None:
    client, ke1 = ClientLogin.generate_ke1(enrolled.configuration, PASSWORD)
    weaker = Configuration(group=group, ksf=IdentityKSF(), context=b"coffer/v1/vault;ksf=none")
    ke2, _ = generate_ke2(weaker, ke1, **enrolled.server)
    with pytest.raises(ServerAuthenticationError):
        client.generate_ke3(ke2, **enrolled.identities)


def test_ke3_of_one_login_does_not_finish_another(enrolled: Enrolled) -> None:
    configuration = enrolled.configuration
    client, ke1 = ClientLogin.generate_ke1(configuration, PASSWORD)
    ke2, _ = generate_ke2(configuration, ke1, **enrolled.server)
    _, second_state = generate_ke2(configuration, ke1, **enrolled.server)
    result = client.generate_ke3(ke2, **enrolled.identities)
    with pytest.raises(ClientAuthenticationError):
        server_finish(second_state, result.ke3)


def test_two_registrations_of_one_password_share_no_byte_string(quick: Configuration) -> None:
    first, second = enroll(quick), enroll(quick)
    assert first.export_key != second.export_key
    assert first.record.client_public_key != second.record.client_public_key
    assert first.record.masking_key != second.record.masking_key


def test_a_password_longer_than_the_protocol_carries_is_refused(quick: Configuration) -> None:
    with pytest.raises(InvalidInput):
        ClientRegistration.create_request(quick, bytes(65_536))
    with pytest.raises(InvalidInput):
        ClientLogin.generate_ke1(quick, bytes(65_536))


@pytest.mark.parametrize("identity", [b"", bytes(65_536)])
def test_an_identity_the_protocol_cannot_carry_is_refused(quick: Configuration, identity: bytes) -> None:
    registration, request = ClientRegistration.create_request(quick, PASSWORD)
    response = create_registration_response(
        quick, request, server_public_key=generate_key_pair(quick)[1], oprf_key=generate_oprf_key(quick)
    )
    with pytest.raises(InvalidInput):
        registration.finalize(response, client_identity=identity)


def test_a_public_key_is_recovered_from_its_private_key(enrolled: Enrolled) -> None:
    recovered = recover_public_key(enrolled.configuration, enrolled.server_private_key)
    assert recovered == enrolled.server_public_key
