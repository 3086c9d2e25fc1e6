"""Who may open the admin: staff, signed in through the site's own pages, with a second factor where it is asked."""

from collections.abc import Callable
from functools import wraps

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


def may_enter(request: HttpRequest) -> bool:
    """Active staff; outside development only with a second factor set up (sign-in then always asks for it)."""
    user = request.user
    if not (user.is_active and user.is_staff):
        return False
    return not settings.COFFER_SECOND_FACTOR_FOR_STAFF or is_mfa_enabled(user)


def _ask_for_second_factor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.is_staff and not may_enter(request):
            messages.warning(request, _("Set up a second factor first: the admin pages ask for one."))
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return wrapped


def guard_admin(site: AdminSite) -> None:
    """Sends the admin's own sign-in through the site's pages, and checks the second factor on every page."""
    site.has_permission = may_enter  # type: ignore[method-assign]
    site.login = secure_admin_login(_ask_for_second_factor(site.login))  # type: ignore[method-assign]
