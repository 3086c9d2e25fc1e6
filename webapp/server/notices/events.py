"""A mail about something that happened in an account: rendered from templates/emails/<event>/, owed with the change."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from webapp.server.accounts.models import Account

from .outbox import ring_after_commit, write


def mail_account(account: Account, event: str, context: Mapping[str, object]) -> None:
    """In the transaction of what it tells. Times in `context` are shown as UTC, to the minute."""
    values = {
        **{name: said(value) if isinstance(value, datetime) else value for name, value in context.items()},
        "site_origin": settings.SITE_ORIGIN,
        "app_url": urljoin(settings.SITE_ORIGIN, "/app/"),
        "sessions_url": urljoin(settings.SITE_ORIGIN, reverse("usersessions_list")),
        "when": timezone.now().strftime("%Y-%m-%d %H:%M"),
    }
    owe_mail(account, event, values)


def owe_mail(account: Account, event: str, values: Mapping[str, object]) -> None:
    """The mail of templates/emails/<event>/, owed from the caller's commit on; `values` are all that it says."""
    folder = f"emails/{event}"
    write(
        recipients=[account.email],
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=render_to_string(f"{folder}/subject.txt", values),
        text=render_to_string(f"{folder}/body.txt", values).strip() + "\n",
        html=render_to_string(f"{folder}/body.html", values),
        headers={},
    )
    ring_after_commit()


def said(moment: datetime) -> str:
    """A time as the mails say it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
