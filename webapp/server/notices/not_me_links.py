"""The links "this wasn't me": random, signed, good once, for a week. The table holds digests only.

The token travels in the query: the log has paths, never queries.
"""

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import quote, urljoin

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from webapp.server.accounts.models import Account

from .models import NotMeLink

DAYS = 7
TOKEN_LETTERS = 512
_SIGNER = Signer(salt="coffer.not-me")


def make(account: Account) -> str:
    """A new link's whole address."""
    token = _SIGNER.sign(secrets.token_urlsafe(24))
    NotMeLink.objects.create(digest=_digest(token), account=account, expires=timezone.now() + timedelta(days=DAYS))
    return urljoin(settings.SITE_ORIGIN, f"{reverse('not_me')}?t={quote(token)}")


def find(token: str) -> NotMeLink | None:
    """The live link of this token, or None: forged, used, or too old."""
    if len(token) > TOKEN_LETTERS:
        return None
    try:
        _SIGNER.unsign(token)
    except BadSignature:
        return None
    live = NotMeLink.objects.filter(digest=_digest(token), used=None, expires__gt=timezone.now())
    return live.select_related("account").first()


def use(link: NotMeLink) -> bool:
    """Spend it; False where somebody was faster."""
    return NotMeLink.objects.filter(pk=link.pk, used=None).update(used=timezone.now()) == 1


def forget() -> int:
    """Delete links that nobody can use any more; → how many."""
    deleted, _ = NotMeLink.objects.filter(expires__lt=timezone.now()).delete()
    return deleted


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
