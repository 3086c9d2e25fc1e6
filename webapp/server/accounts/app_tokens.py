"""App tokens: how a program signs in (docs/api.md, "App tokens"). Made and revoked by their owner, in the browser.

A token is `coffer_` and 32 random bytes in base64url. Only their SHA-256 is kept: 256 random bits need no slow hash,
and a copy of the database opens nothing.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from vault.wire.encoding import EncodingError, from_text, to_text

from .models import TOKEN_NAME_LETTERS, Account, AppToken

PREFIX = "coffer_"
SECRET_BYTES = 32
TOKENS = 20
"""Tokens of one account."""
NOTED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token is good for."""

    BACKUP = "backup"
    """Send chunks, commit snapshots, read manifests."""
    RESTORE = "restore"
    """Read manifests and chunks."""
    UNLOCK = "unlock"
    """Ask the vault with a password, which may cost a guess."""


class NotAToken(ValueError):
    """The name, the scopes or the number of tokens is not what may be."""


def make_token(account: Account, name: str, scopes: Iterable[str]) -> tuple[AppToken, str]:
    """→ (its row, its text, which is shown once and kept nowhere). Raises NotAToken."""
    given = name.strip()
    chosen = [scope for scope in Scope if scope in set(scopes)]
    if not chosen or not 1 <= len(given) <= TOKEN_NAME_LETTERS or not given.isprintable():
        raise NotAToken
    if account.app_tokens.count() >= TOKENS:
        raise NotAToken
    secret = secrets.token_bytes(SECRET_BYTES)
    row = AppToken.objects.create(
        account=account, name=given, digest=hashlib.sha256(secret).digest(), scopes=" ".join(chosen)
    )
    return row, PREFIX + to_text(secret)


def find_token(text: str) -> AppToken | None:
    """The live token of that text, with its account; None for any other text, and where the account is switched off."""
    if not text.startswith(PREFIX):
        return None
    try:
        secret = from_text(text.removeprefix(PREFIX), SECRET_BYTES)
    except EncodingError:
        return None
    digest = hashlib.sha256(secret).digest()
    return AppToken.objects.select_related("account").filter(digest=digest, account__is_active=True).first()


def note_use(token: AppToken) -> None:
    """Remembers when it was last used, to the minute: a long backup must not write with every request."""
    now = timezone.now()
    old = Q(last_used=None) | Q(last_used__lt=now - NOTED_EVERY)
    if token.last_used is None or token.last_used < now - NOTED_EVERY:
        AppToken.objects.filter(old, pk=token.pk).update(last_used=now)


def revoke_all(account: Account) -> None:
    """No token of the account works from now on."""
    account.app_tokens.all().delete()
