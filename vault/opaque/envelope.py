"""The client's envelope (RFC 9807 §4): nothing is stored in it but a nonce and a tag; keys come from the password."""

import hmac
from dataclasses import dataclass

from .errors import EnvelopeRecoveryError, InvalidInput
from .group import Group
from .hashing import HASH_BYTES, expand, extract, length_prefixed, mac
from .messages import NONCE_BYTES, Envelope
from .oprf import SEED_BYTES, RandomBytes, derive_key_pair
from .redacted import Redacted

DH_INFO = b"OPAQUE-DeriveDiffieHellmanKeyPair"


@dataclass(frozen=True, slots=True, repr=False)
class CleartextCredentials(Redacted):
    """What envelope and handshake bind (§4.1.2): the server's public key (32 bytes) and both identities."""

    server_public_key: bytes
    server_identity: bytes
    client_identity: bytes

    def to_bytes(self) -> bytes:
        """The server's public key, then each identity with its length."""
        return self.server_public_key + length_prefixed(self.server_identity) + length_prefixed(self.client_identity)


@dataclass(frozen=True, slots=True, repr=False)
class StoredEnvelope(Redacted):
    """What Store gives: envelope, client's public key (32 bytes), masking key and export key (64 bytes each)."""

    envelope: Envelope
    client_public_key: bytes
    masking_key: bytes
    export_key: bytes


@dataclass(frozen=True, slots=True, repr=False)
class RecoveredCredentials(Redacted):
    """What Recover gives: the client's private key (32 bytes), what was bound, and the export key (64 bytes)."""

    client_private_key: bytes
    cleartext: CleartextCredentials
    export_key: bytes


def derive_diffie_hellman_key_pair(group: Group, seed: bytes) -> tuple[bytes, bytes]:
    """DeriveDiffieHellmanKeyPair (§6.4.1.1): seed (32 bytes) → (private scalar, public element)."""
    return derive_key_pair(group, seed, DH_INFO)


def randomize_password(oprf_output: bytes, stretched: bytes) -> bytes:
    """randomized_password (§5.2.3): 64 bytes from the OPRF output and the KSF's."""
    return extract(b"", oprf_output + stretched)


def create_cleartext_credentials(
    server_public_key: bytes,
    client_public_key: bytes,
    server_identity: bytes | None,
    client_identity: bytes | None,
) -> CleartextCredentials:
    """CreateCleartextCredentials (§4.1.2): an absent identity is the public key. An empty one: InvalidInput."""
    if server_identity == b"" or client_identity == b"":
        raise InvalidInput("an identity has at least one byte")
    return CleartextCredentials(
        server_public_key,
        server_public_key if server_identity is None else server_identity,
        client_public_key if client_identity is None else client_identity,
    )


def derive_masking_key(randomized_password: bytes) -> bytes:
    """masking_key (§4.1.2), 64 bytes."""
    return expand(randomized_password, b"MaskingKey", HASH_BYTES)


def derive_auth_key(randomized_password: bytes, nonce: bytes) -> bytes:
    """auth_key (§4.1.2), 64 bytes: the key of the envelope's tag."""
    return expand(randomized_password, nonce + b"AuthKey", HASH_BYTES)


def derive_export_key(randomized_password: bytes, nonce: bytes) -> bytes:
    """export_key (§4.1.2), 64 bytes: known to the client alone."""
    return expand(randomized_password, nonce + b"ExportKey", HASH_BYTES)


def derive_client_key_pair(group: Group, randomized_password: bytes, nonce: bytes) -> tuple[bytes, bytes]:
    """The client's long-term key pair (§4.1.2)."""
    seed = expand(randomized_password, nonce + b"PrivateKey", SEED_BYTES)
    return derive_diffie_hellman_key_pair(group, seed)


def store(
    group: Group,
    random: RandomBytes,
    randomized_password: bytes,
    server_public_key: bytes,
    server_identity: bytes | None,
    client_identity: bytes | None,
) -> StoredEnvelope:
    """Client. Store (§4.1.2). Raises InvalidInput."""
    nonce = random(NONCE_BYTES)
    _, client_public_key = derive_client_key_pair(group, randomized_password, nonce)
    cleartext = create_cleartext_credentials(server_public_key, client_public_key, server_identity, client_identity)
    tag = mac(derive_auth_key(randomized_password, nonce), nonce + cleartext.to_bytes())
    return StoredEnvelope(
        Envelope(nonce, tag),
        client_public_key,
        derive_masking_key(randomized_password),
        derive_export_key(randomized_password, nonce),
    )


def recover(
    group: Group,
    randomized_password: bytes,
    server_public_key: bytes,
    envelope: Envelope,
    server_identity: bytes | None,
    client_identity: bytes | None,
) -> RecoveredCredentials:
    """Client. Recover (§4.1.3). Raises EnvelopeRecoveryError: a wrong password or an altered reply; InvalidInput."""
    private_key, public_key = derive_client_key_pair(group, randomized_password, envelope.nonce)
    cleartext = create_cleartext_credentials(server_public_key, public_key, server_identity, client_identity)
    expected = mac(derive_auth_key(randomized_password, envelope.nonce), envelope.nonce + cleartext.to_bytes())
    if not hmac.compare_digest(expected, envelope.auth_tag):
        raise EnvelopeRecoveryError
    return RecoveredCredentials(private_key, cleartext, derive_export_key(randomized_password, envelope.nonce))
