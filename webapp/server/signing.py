"""The site's only crypto provider: Ed25519 through `cryptography`, and the key that signs account tickets.

The site holds one secret of its own, the seed of the ticket key: a file of 32 bytes, mode 0600, made once in set-up.
"""

import os
import stat
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .secret_files import random_secret

SEED_BYTES = 32
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64


class SignatureInvalid(Exception):
    """The signature was not made by this key over these bytes."""


class TicketKeyUnusable(Exception):
    """The ticket key's file is absent, has another length, or can be read by others. The message says which."""


def verify(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Ed25519 (RFC 8032). Raises SignatureInvalid, also for a key or signature of another length."""
    if len(public_key) != PUBLIC_KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        raise SignatureInvalid
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise SignatureInvalid from error


def ensure_ticket_key(path: Path) -> bytes:
    """Make the ticket key unless it is there; → its public half (32 bytes). Safe to run twice at once.

    Raises TicketKeyUnusable when a file is there that cannot be used: it is never overwritten.
    """
    try:
        random_secret(path, SEED_BYTES)
    except ValueError as error:
        raise TicketKeyUnusable(str(error)) from error
    return ticket_public_key(path)


def ticket_public_key(path: Path) -> bytes:
    """The public half (32 bytes) of the ticket key. Raises TicketKeyUnusable."""
    return _ticket_key(path).public_key().public_bytes_raw()


def sign_with_ticket_key(path: Path, message: bytes) -> bytes:
    """Ed25519 signature, 64 bytes. Raises TicketKeyUnusable."""
    return _ticket_key(path).sign(message)


def _ticket_key(path: Path) -> Ed25519PrivateKey:
    try:
        facts = os.stat(path)
    except FileNotFoundError as error:
        raise TicketKeyUnusable(f"there is no ticket key at {path}: run the set-up") from error
    if stat.S_IMODE(facts.st_mode) & 0o077:
        raise TicketKeyUnusable(f"the ticket key at {path} can be read by others: set its mode to 0600")
    return _load(path, facts.st_ino, facts.st_mtime_ns)


@lru_cache(maxsize=4)
def _load(path: Path, _inode: int, _changed: int) -> Ed25519PrivateKey:
    seed = path.read_bytes()
    if len(seed) != SEED_BYTES:
        raise TicketKeyUnusable(f"the ticket key at {path} is not {SEED_BYTES} bytes long")
    return Ed25519PrivateKey.from_private_bytes(seed)
