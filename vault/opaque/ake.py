"""The 3DH key exchange of RFC 9807 §6.4: three Diffie-Hellman values, one transcript, two MACs."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Self

from .envelope import CleartextCredentials, derive_diffie_hellman_key_pair
from .errors import ClientAuthenticationError, InvalidMessage, ServerAuthenticationError
from .group import Group, multiply
from .hashing import expand, extract, i2osp, length_prefixed, mac
from .messages import (
    KE1,
    KE2,
    KE3,
    MAC_BYTES,
    NONCE_BYTES,
    AuthRequest,
    AuthResponse,
    CredentialRequest,
    CredentialResponse,
)
from .oprf import SEED_BYTES, RandomBytes
from .redacted import Redacted

KEY_BYTES = 64
"""Nx: the length of every derived key."""


@dataclass(frozen=True, slots=True, repr=False)
class HandshakeKeys(Redacted):
    """DeriveKeys' outputs, 64 bytes each."""

    handshake_secret: bytes
    server_mac_key: bytes
    client_mac_key: bytes
    session_key: bytes


@dataclass(frozen=True, slots=True, repr=False)
class ServerLoginState(Redacted):
    """What the server keeps between KE2 and KE3. Secret: seal it wherever it is stored. 128 bytes."""

    expected_client_mac: bytes
    session_key: bytes

    def to_bytes(self) -> bytes:
        """expected_client_mac ‖ session_key."""
        return self.expected_client_mac + self.session_key

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Exactly 128 bytes → the state. Raises InvalidMessage."""
        if len(data) != MAC_BYTES + KEY_BYTES:
            raise InvalidMessage(f"a login state is {MAC_BYTES + KEY_BYTES} bytes")
        return cls(bytes(data[:MAC_BYTES]), bytes(data[MAC_BYTES:]))


def expand_label(secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
    """Expand-Label (§6.4.2.1)."""
    name = b"OPAQUE-" + label
    info = i2osp(length, 2) + i2osp(len(name), 1) + name + i2osp(len(context), 1) + context
    return expand(secret, info, length)


def preamble(
    context: bytes,
    cleartext: CleartextCredentials,
    ke1: KE1,
    credential_response: CredentialResponse,
    server_nonce: bytes,
    server_public_keyshare: bytes,
) -> bytes:
    """Preamble (§6.4.2.1): the transcript both sides sign off. Raises InvalidInput for over-long parts."""
    return b"".join(
        (
            b"OPAQUEv1-",
            length_prefixed(context),
            length_prefixed(cleartext.client_identity),
            ke1.to_bytes(),
            length_prefixed(cleartext.server_identity),
            credential_response.to_bytes(),
            server_nonce,
            server_public_keyshare,
        )
    )


def derive_keys(key_material: bytes, transcript_hash: bytes) -> HandshakeKeys:
    """DeriveKeys (§6.4.2.2)."""
    pseudorandom_key = extract(b"", key_material)
    handshake_secret = expand_label(pseudorandom_key, b"HandshakeSecret", transcript_hash, KEY_BYTES)
    return HandshakeKeys(
        handshake_secret=handshake_secret,
        server_mac_key=expand_label(handshake_secret, b"ServerMAC", b"", KEY_BYTES),
        client_mac_key=expand_label(handshake_secret, b"ClientMAC", b"", KEY_BYTES),
        session_key=expand_label(pseudorandom_key, b"SessionKey", transcript_hash, KEY_BYTES),
    )


def auth_client_start(group: Group, random: RandomBytes, credential_request: CredentialRequest) -> tuple[bytes, KE1]:
    """Client. AuthClientStart (§6.4.3) → (client_secret, KE1)."""
    client_nonce = random(NONCE_BYTES)
    client_secret, keyshare = derive_diffie_hellman_key_pair(group, random(SEED_BYTES))
    return client_secret, KE1(credential_request, AuthRequest(client_nonce, keyshare))


def auth_client_finalize(
    group: Group,
    context: bytes,
    client_secret: bytes,
    client_private_key: bytes,
    cleartext: CleartextCredentials,
    ke1: KE1,
    ke2: KE2,
) -> tuple[KE3, HandshakeKeys]:
    """Client. AuthClientFinalize (§6.4.3). Raises ServerAuthenticationError, InvalidPoint."""
    response = ke2.auth_response
    keyshare = response.server_public_keyshare
    key_material = (
        multiply(group, client_secret, keyshare)
        + multiply(group, client_secret, cleartext.server_public_key)
        + multiply(group, client_private_key, keyshare)
    )
    transcript = hashlib.sha512(
        preamble(context, cleartext, ke1, ke2.credential_response, response.server_nonce, keyshare)
    )
    transcript_hash = transcript.digest()
    keys = derive_keys(key_material, transcript_hash)
    expected_server_mac = mac(keys.server_mac_key, transcript_hash)
    if not hmac.compare_digest(expected_server_mac, response.server_mac):
        raise ServerAuthenticationError
    transcript.update(expected_server_mac)
    return KE3(mac(keys.client_mac_key, transcript.digest())), keys


def auth_server_respond(
    group: Group,
    random: RandomBytes,
    context: bytes,
    server_private_key: bytes,
    client_public_key: bytes,
    cleartext: CleartextCredentials,
    ke1: KE1,
    credential_response: CredentialResponse,
) -> tuple[AuthResponse, ServerLoginState, HandshakeKeys]:
    """Server. AuthServerRespond (§6.4.4). Raises InvalidPoint, InvalidScalar."""
    server_nonce = random(NONCE_BYTES)
    server_secret, keyshare = derive_diffie_hellman_key_pair(group, random(SEED_BYTES))
    client_keyshare = ke1.auth_request.client_public_keyshare
    key_material = (
        multiply(group, server_secret, client_keyshare)
        + multiply(group, server_private_key, client_keyshare)
        + multiply(group, server_secret, client_public_key)
    )
    transcript = hashlib.sha512(preamble(context, cleartext, ke1, credential_response, server_nonce, keyshare))
    transcript_hash = transcript.digest()
    keys = derive_keys(key_material, transcript_hash)
    server_mac = mac(keys.server_mac_key, transcript_hash)
    transcript.update(server_mac)
    state = ServerLoginState(mac(keys.client_mac_key, transcript.digest()), keys.session_key)
    return AuthResponse(server_nonce, keyshare, server_mac), state, keys


def auth_server_finalize(state: ServerLoginState, ke3: KE3) -> bytes:
    """Server. AuthServerFinalize (§6.4.4): the session key (64 bytes). Raises ClientAuthenticationError."""
    if not hmac.compare_digest(ke3.client_mac, state.expected_client_mac):
        raise ClientAuthenticationError
    return state.session_key
