"""A sign-in during the days of grace keeps the account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext as _

from webapp.server.accounts.models import Account

from . import departure


def keep_account(sender: Any, request: HttpRequest | None, user: Account, **kwargs: Any) -> None:
    """Undoes a deletion that was asked for, and says so."""
    if departure.undo(user) and request is not None and hasattr(request, "_messages"):
        messages.success(request, _("Your account and its backups stay: you signed in, so nothing is deleted."))


def connect() -> None:
    """Listens from the start of the process."""
    user_logged_in.connect(keep_account, dispatch_uid="coffer.keep_account")
