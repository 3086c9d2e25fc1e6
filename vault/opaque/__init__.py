"""OPAQUE-3DH (RFC 9807) over ristretto255-SHA512 (RFC 9497), both halves, on the standard library alone.

The group and Argon2id come from a library through two small ports (`Group`, `Argon2idProvider`), so that the same
code runs natively and in the browser.
"""

from .client import ClientLogin, ClientLoginResult, ClientRegistration
from .configuration import Configuration
from .errors import (
    ClientAuthenticationError,
    DeriveKeyPairError,
    EnvelopeRecoveryError,
    InvalidInput,
    InvalidMessage,
    InvalidPoint,
    InvalidScalar,
    OpaqueError,
    ServerAuthenticationError,
)
from .group import ELEMENT_BYTES, SCALAR_BYTES, Group, check_element, check_scalar
from .ksf import CONTEXT, Argon2idKSF, Argon2idProvider, IdentityKSF, KeyStretching
from .messages import (
    KE1,
    KE2,
    KE3,
    AuthRequest,
    AuthResponse,
    CredentialRequest,
    CredentialResponse,
    Envelope,
    RegistrationRecord,
    RegistrationRequest,
    RegistrationResponse,
)
from .oprf import RandomBytes
from .server import (
    ServerLoginState,
    check_registration_record,
    create_fake_record,
    create_registration_response,
    derive_oprf_key,
    generate_ke2,
    generate_key_pair,
    generate_oprf_key,
    recover_public_key,
    server_finish,
)

__all__ = [
    "CONTEXT",
    "ELEMENT_BYTES",
    "KE1",
    "KE2",
    "KE3",
    "SCALAR_BYTES",
    "Argon2idKSF",
    "Argon2idProvider",
    "AuthRequest",
    "AuthResponse",
    "ClientAuthenticationError",
    "ClientLogin",
    "ClientLoginResult",
    "ClientRegistration",
    "Configuration",
    "CredentialRequest",
    "CredentialResponse",
    "DeriveKeyPairError",
    "Envelope",
    "EnvelopeRecoveryError",
    "Group",
    "IdentityKSF",
    "InvalidInput",
    "InvalidMessage",
    "InvalidPoint",
    "InvalidScalar",
    "KeyStretching",
    "OpaqueError",
    "RandomBytes",
    "RegistrationRecord",
    "RegistrationRequest",
    "RegistrationResponse",
    "ServerAuthenticationError",
    "ServerLoginState",
    "check_element",
    "check_registration_record",
    "check_scalar",
    "create_fake_record",
    "create_registration_response",
    "derive_oprf_key",
    "generate_ke2",
    "generate_key_pair",
    "generate_oprf_key",
    "recover_public_key",
    "server_finish",
]
