"""What would let somebody keep an account needs its owner's proof of just now, without a second factor too."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

SIGNED_IN_AT = "coffer.signed_in_at"
View = Callable[..., HttpResponseBase]


def signed_in_just_now(request: HttpRequest) -> bool:
    """Whether this session began within the last ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    began = float(request.session.get(SIGNED_IN_AT, 0))
    return began >= time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def note_sign_in(request: HttpRequest | None, **kwargs: Any) -> None:
    """Notes in the session when it began. allauth's own records leave out the sign-in that ends a sign-up."""
    if request is not None:
        request.session[SIGNED_IN_AT] = time.time()


def after_fresh_sign_in(view: View, *, back_to: str) -> View:
    """allauth asks whoever has a passkey or an authenticator app for it again. Who has neither proves the account's
    address by the code of a fresh sign-in, so that a session left open somewhere is not enough to take the account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        bare = user.is_authenticated and not get_reauthentication_flows(user)
        if request.method == "POST" and bare and not signed_in_just_now(request):
            messages.warning(
                request, _("Sign out and sign in again first: the code from your present address shows that it is you.")
            )
            return redirect(back_to)
        return view(request, *args, **kwargs)

    return guarded
