"""Sealing the secrets of second factors: a copy of the database alone must not let anybody make codes."""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from webapp.server.secret_files import random_secret

PREFIX = "coffer1:"
NONCE_BYTES = 12
ASSOCIATED_DATA = b"coffer/v1/second-factor"


class SecondFactorKeyMismatch(Exception):
    """The stored secret was not sealed under this server's key file: restore secrets/second-factor-key."""


def _cipher() -> AESGCM:
    return AESGCM(random_secret(settings.SITE_SECOND_FACTOR_KEY_PATH))


def seal(text: str) -> str:
    """AES-256-GCM under the key file → "coffer1:" + base64(nonce 12 ‖ ciphertext ‖ tag 16)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _cipher().encrypt(nonce, text.encode(), ASSOCIATED_DATA)
    return PREFIX + base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str) -> str:
    """What `seal` made → the text. Raises SecondFactorKeyMismatch for anything else; plaintext is never accepted."""
    if not sealed.startswith(PREFIX):
        raise SecondFactorKeyMismatch
    try:
        value = base64.b64decode(sealed.removeprefix(PREFIX), validate=True)
        return _cipher().decrypt(value[:NONCE_BYTES], value[NONCE_BYTES:], ASSOCIATED_DATA).decode()
    except (ValueError, InvalidTag) as error:
        raise SecondFactorKeyMismatch from error
