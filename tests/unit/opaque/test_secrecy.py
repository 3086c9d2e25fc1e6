"""Nothing that may hold a secret prints it; every error says what to do and carries no value."""

from typing import Any

import pytest

from tests.unit.opaque.enrolment import PASSWORD, Enrolled
from vault.opaque import (
    ClientLogin,
    ClientRegistration,
    EnvelopeRecoveryError,
    InvalidPoint,
    OpaqueError,
    ServerAuthenticationError,
    envelope,
    generate_ke2,
)
from vault.opaque.ake import derive_keys


def everything(enrolled: Enrolled) -> list[Any]:
    configuration = enrolled.configuration
    registration, request = ClientRegistration.create_request(configuration, PASSWORD)
    login, ke1 = ClientLogin.generate_ke1(configuration, PASSWORD)
    ke2, state = generate_ke2(configuration, ke1, **enrolled.server)
    result = login.generate_ke3(ke2, **enrolled.identities)
    stored = envelope.store(
        configuration.group, configuration.random, bytes(64), enrolled.server_public_key, None, None
    )
    cleartext = envelope.create_cleartext_credentials(enrolled.server_public_key, bytes(32), None, None)
    return [
        registration,
        request,
        login,
        ke1,
        ke2,
        state,
        result,
        result.ke3,
        enrolled.record,
        enrolled.record.envelope,
        stored,
        cleartext,
        derive_keys(bytes(96), bytes(64)),
    ]


def test_no_object_of_the_protocol_shows_its_content(enrolled: Enrolled) -> None:
    for value in everything(enrolled):
        expected = f"<{type(value).__name__}: contents not shown>"
        assert repr(value) == str(value) == f"{value}" == expected
        assert repr([value]) == f"[{expected}]"


def test_the_configuration_shows_no_secret(enrolled: Enrolled) -> None:
    assert PASSWORD.decode() not in repr(enrolled.configuration)


def error_types(base: type[OpaqueError] = OpaqueError) -> list[type[OpaqueError]]:
    found = [base]
    for child in base.__subclasses__():
        found.extend(error_types(child))
    return found


def test_every_error_has_its_own_code_a_sentence_and_a_next_step() -> None:
    errors = error_types()
    assert len({error.code for error in errors}) == len(errors)
    for error in errors:
        assert error.message.endswith(".")
        assert error.next.endswith(".")
        assert str(error()) == error.message


def test_a_bad_point_counts_as_an_invalid_message() -> None:
    with pytest.raises(OpaqueError) as caught:
        raise InvalidPoint("not canonical")
    assert caught.value.detail == "not canonical"
    assert [base.code for base in InvalidPoint.__mro__[:2]] == ["invalid_point", "invalid_message"]


def test_a_wrong_password_and_an_impostor_are_told_apart() -> None:
    assert EnvelopeRecoveryError.code == "wrong_password"
    assert ServerAuthenticationError.code == "vault_not_recognised"
