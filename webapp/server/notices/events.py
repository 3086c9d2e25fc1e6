"""A mail about something that happened in an account: rendered from templates/emails/<event>/, owed with the change."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from webapp.server.accounts.models import Account

from .outbox import ring_after_commit, write


def mail_account(account: Account, event: str, context: Mapping[str, object]) -> None:
    """In the transaction of what it tells. Times in `context` are shown as UTC, to the minute."""
    shown = {
        name: f"{value:%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else value for name, value in context.items()
    }
    values = {
        **shown,
        "site_origin": settings.SITE_ORIGIN,
        "app_url": urljoin(settings.SITE_ORIGIN, "/app/"),
        "sessions_url": urljoin(settings.SITE_ORIGIN, reverse("usersessions_list")),
        "when": timezone.now().strftime("%Y-%m-%d %H:%M"),
    }
    write(
        recipients=[account.email],
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=render_to_string(f"emails/{event}/subject.txt", values),
        text=render_to_string(f"emails/{event}/body.txt", values).strip() + "\n",
        html=render_to_string(f"emails/{event}/body.html", values),
        headers={},
    )
    ring_after_commit()
