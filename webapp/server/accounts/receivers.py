"""What Coffer adds when django-allauth tells that something happened."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from .fresh_sign_in import note_sign_in
from .models import Account


def count_the_first_code(request: HttpRequest, user: Account, authenticator: Authenticator, **kwargs: Any) -> None:
    """Whoever has just typed the first code of a new authenticator has proved it: showing the recovery codes next
    must not ask for another code, which the app would show only half a minute later."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, method="mfa", reauthenticated=True, type=authenticator.type)


def connect() -> None:
    """Listens from the start of the process."""
    user_logged_in.connect(note_sign_in, dispatch_uid="coffer.note_sign_in")
    authenticator_added.connect(count_the_first_code, dispatch_uid="coffer.count_the_first_code")
