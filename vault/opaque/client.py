"""The client half of OPAQUE: registration and login (RFC 9807 §5.2, §6.2). Runs in the browser and natively.

States hold the password until the flow ends: drop them as soon as the last step has returned.
"""

import hmac
from dataclasses import dataclass
from typing import Self

from . import ake, envelope, oprf
from .configuration import Configuration
from .credentials import unmask
from .errors import ServerAuthenticationError
from .group import check_element
from .messages import KE1, KE2, KE3, CredentialRequest, RegistrationRecord, RegistrationRequest, RegistrationResponse
from .redacted import Redacted


@dataclass(frozen=True, slots=True, repr=False)
class ClientRegistration(Redacted):
    """A registration that has begun. Secret."""

    configuration: Configuration
    password: bytes
    blind: bytes

    @classmethod
    def create_request(cls, configuration: Configuration, password: bytes) -> tuple[Self, RegistrationRequest]:
        """CreateRegistrationRequest (§5.2.1): password, prepared and encoded, ≤ 65,535 bytes. Raises InvalidInput."""
        blind, blinded = oprf.blind(configuration.group, password, configuration.random)
        return cls(configuration, password, blind), RegistrationRequest(blinded)

    def finalize(
        self,
        response: RegistrationResponse,
        *,
        client_identity: bytes | None = None,
        server_identity: bytes | None = None,
        pinned_server_public_key: bytes | None = None,
    ) -> tuple[RegistrationRecord, bytes]:
        """FinalizeRegistrationRequest (§5.2.3) → (record to upload, export key of 64 bytes).

        Absent identities are the public keys. Raises ServerAuthenticationError where the response names another key
        than the pinned one; InvalidPoint; InvalidInput.
        """
        _check_pin(response.server_public_key, pinned_server_public_key)
        check_element(self.configuration.group, response.server_public_key)
        randomized_password = _randomized_password(
            self.configuration, self.password, self.blind, response.evaluated_message
        )
        stored = envelope.store(
            self.configuration.group,
            self.configuration.random,
            randomized_password,
            response.server_public_key,
            server_identity,
            client_identity,
        )
        record = RegistrationRecord(stored.client_public_key, stored.masking_key, stored.envelope)
        return record, stored.export_key


@dataclass(frozen=True, slots=True, repr=False)
class ClientLoginResult(Redacted):
    """What a login gives: KE3 for the server, session key and export key (64 bytes each)."""

    ke3: KE3
    session_key: bytes
    export_key: bytes


@dataclass(frozen=True, slots=True, repr=False)
class ClientLogin(Redacted):
    """A login that has begun. Secret."""

    configuration: Configuration
    password: bytes
    blind: bytes
    client_secret: bytes
    ke1: KE1

    @classmethod
    def generate_ke1(cls, configuration: Configuration, password: bytes) -> tuple[Self, KE1]:
        """GenerateKE1 (§6.2.1): password, prepared and encoded, ≤ 65,535 bytes. Raises InvalidInput."""
        blind, blinded = oprf.blind(configuration.group, password, configuration.random)
        client_secret, ke1 = ake.auth_client_start(
            configuration.group, configuration.random, CredentialRequest(blinded)
        )
        return cls(configuration, password, blind, client_secret, ke1), ke1

    def generate_ke3(
        self,
        ke2: KE2,
        *,
        client_identity: bytes | None = None,
        server_identity: bytes | None = None,
        pinned_server_public_key: bytes | None = None,
    ) -> ClientLoginResult:
        """GenerateKE3 (§6.2.3). Absent identities are the public keys.

        Raises EnvelopeRecoveryError (wrong password, or an altered reply), ServerAuthenticationError (another server,
        or another key than the pinned one), InvalidPoint, InvalidInput. Nothing is returned unless the server proved
        itself.
        """
        response = ke2.credential_response
        randomized_password = _randomized_password(
            self.configuration, self.password, self.blind, response.evaluated_message
        )
        server_public_key, recovered_envelope = unmask(
            envelope.derive_masking_key(randomized_password), response.masking_nonce, response.masked_response
        )
        recovered = envelope.recover(
            self.configuration.group,
            randomized_password,
            server_public_key,
            recovered_envelope,
            server_identity,
            client_identity,
        )
        _check_pin(server_public_key, pinned_server_public_key)
        ke3, keys = ake.auth_client_finalize(
            self.configuration.group,
            self.configuration.context,
            self.client_secret,
            recovered.client_private_key,
            recovered.cleartext,
            self.ke1,
            ke2,
        )
        return ClientLoginResult(ke3, keys.session_key, recovered.export_key)


def _randomized_password(
    configuration: Configuration, password: bytes, blind: bytes, evaluated_message: bytes
) -> bytes:
    oprf_output = oprf.finalize(configuration.group, password, blind, evaluated_message)
    return envelope.randomize_password(oprf_output, configuration.ksf.stretch(oprf_output))


def _check_pin(server_public_key: bytes, pinned: bytes | None) -> None:
    if pinned is not None and not hmac.compare_digest(server_public_key, pinned):
        raise ServerAuthenticationError("the server's public key is not the pinned one")
