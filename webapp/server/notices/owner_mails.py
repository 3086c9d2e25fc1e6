"""Mails about a safe's password: what happened, and a link for whoever did not do it."""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from webapp.server.accounts.models import Account

from . import not_me_links
from .events import owe_mail, said
from .telling import Letter


def owe(account: Account, safe_id: bytes, letter: Letter) -> None:
    """Owe the letter from the caller's commit on."""
    facts = {
        "when": said(letter.at),
        "left": letter.guesses_left,
        "wrong": letter.wrong,
        "until": said(letter.until) if letter.until else "",
        "activity_url": urljoin(settings.SITE_ORIGIN, f"/app/safes/{safe_id.hex()}/activity"),
    }
    owe_about(account, letter.event, facts)


def owe_about(account: Account, event: str, facts: dict[str, object]) -> None:
    """Owe the mail of templates/emails/<event>/ with these facts, and a link of its own."""
    context = {
        **facts,
        "site_origin": settings.SITE_ORIGIN,
        "login_url": urljoin(settings.SITE_ORIGIN, reverse("account_login")),
        "not_me_url": not_me_links.make(account),
        "not_me_days": not_me_links.DAYS,
    }
    owe_mail(account, event, context)
