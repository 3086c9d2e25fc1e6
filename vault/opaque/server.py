"""The server half of OPAQUE: registration and login (RFC 9807 §5.2.2, §6.2).

Every function takes the record's own OPRF key. Coffer draws one at random for each record (`generate_oprf_key`), so
that destroying a record destroys its key; `derive_oprf_key` is the RFC's derivation from one seed.
"""

from . import ake, oprf
from .configuration import Configuration
from .credentials import mask
from .envelope import create_cleartext_credentials, derive_diffie_hellman_key_pair
from .group import check_element, multiply_base
from .hashing import HASH_BYTES, expand
from .messages import (
    KE1,
    KE2,
    KE3,
    NONCE_BYTES,
    CredentialResponse,
    Envelope,
    RegistrationRecord,
    RegistrationRequest,
    RegistrationResponse,
)

ServerLoginState = ake.ServerLoginState

OPRF_SEED_BYTES = HASH_BYTES


def generate_key_pair(configuration: Configuration) -> tuple[bytes, bytes]:
    """A fresh long-term server key pair: (private scalar, public element), 32 bytes each."""
    return derive_diffie_hellman_key_pair(configuration.group, configuration.random(oprf.SEED_BYTES))


def recover_public_key(configuration: Configuration, private_key: bytes) -> bytes:
    """The public element of a private scalar, for keys kept as the scalar alone. Raises InvalidScalar."""
    return multiply_base(configuration.group, private_key)


def generate_oprf_key(configuration: Configuration) -> bytes:
    """A fresh OPRF key of one record: a uniform scalar that is not zero, 32 bytes."""
    return oprf.random_scalar(configuration.group, configuration.random)


def derive_oprf_key(configuration: Configuration, oprf_seed: bytes, credential_identifier: bytes) -> bytes:
    """The RFC's OPRF key of a record (§5.2.2) from a seed of 64 bytes and the record's identifier."""
    if len(oprf_seed) != OPRF_SEED_BYTES:
        raise ValueError(f"an OPRF seed is {OPRF_SEED_BYTES} bytes")
    seed = expand(oprf_seed, credential_identifier + b"OprfKey", oprf.SEED_BYTES)
    return oprf.derive_key_pair(configuration.group, seed, b"OPAQUE-DeriveKeyPair")[0]


def create_registration_response(
    configuration: Configuration,
    request: RegistrationRequest,
    *,
    server_public_key: bytes,
    oprf_key: bytes,
) -> RegistrationResponse:
    """CreateRegistrationResponse (§5.2.2). Raises InvalidPoint, InvalidScalar."""
    evaluated = oprf.blind_evaluate(configuration.group, oprf_key, request.blinded_message)
    return RegistrationResponse(evaluated, server_public_key)


def check_registration_record(configuration: Configuration, record: RegistrationRecord) -> None:
    """Refuses an uploaded record that no login could use, before it is stored. Raises InvalidPoint."""
    check_element(configuration.group, record.client_public_key)


def create_fake_record(configuration: Configuration) -> RegistrationRecord:
    """A record no password opens (§6.3.2.2), so that an unknown account answers like a known one."""
    _, client_public_key = generate_key_pair(configuration)
    return RegistrationRecord(
        client_public_key, configuration.random(HASH_BYTES), Envelope.from_bytes(bytes(Envelope.LENGTH))
    )


def create_credential_response(
    configuration: Configuration,
    ke1: KE1,
    *,
    record: RegistrationRecord,
    oprf_key: bytes,
    server_public_key: bytes,
) -> CredentialResponse:
    """CreateCredentialResponse (§6.3.2.2). Raises InvalidPoint, InvalidScalar."""
    evaluated = oprf.blind_evaluate(configuration.group, oprf_key, ke1.credential_request.blinded_message)
    masking_nonce = configuration.random(NONCE_BYTES)
    masked = mask(record.masking_key, masking_nonce, server_public_key, record.envelope)
    return CredentialResponse(evaluated, masking_nonce, masked)


def generate_ke2(
    configuration: Configuration,
    ke1: KE1,
    *,
    record: RegistrationRecord,
    oprf_key: bytes,
    server_private_key: bytes,
    server_public_key: bytes,
    client_identity: bytes | None = None,
    server_identity: bytes | None = None,
) -> tuple[KE2, ServerLoginState]:
    """GenerateKE2 (§6.2.2) → (KE2, what to keep until KE3). Absent identities are the public keys.

    Charge the guess before calling this. Raises InvalidPoint, InvalidScalar, InvalidInput.
    """
    credential_response = create_credential_response(
        configuration, ke1, record=record, oprf_key=oprf_key, server_public_key=server_public_key
    )
    cleartext = create_cleartext_credentials(
        server_public_key, record.client_public_key, server_identity, client_identity
    )
    auth_response, state, _ = ake.auth_server_respond(
        configuration.group,
        configuration.random,
        configuration.context,
        server_private_key,
        record.client_public_key,
        cleartext,
        ke1,
        credential_response,
    )
    return KE2(credential_response, auth_response), state


def server_finish(state: ServerLoginState, ke3: KE3) -> bytes:
    """ServerFinish (§6.2.4): the session key, 64 bytes. Raises ClientAuthenticationError."""
    return ake.auth_server_finalize(state, ke3)
