"""Ending sessions: one of one's own account, or all of an account."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .app_tokens import revoke_all
from .models import Account


def end_every_session(account: Account) -> None:
    """Signs every browser and every program of the account out at once, those too that no list knows."""
    for session in UserSession.objects.filter(user=account):
        session.end()
    # Django binds each session to this field, and nobody signs in by it here: a new unusable password ends them all.
    account.set_unusable_password()
    account.save(update_fields=["password"])
    revoke_all(account)


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Signs that browser out at once; 404 for a session of somebody else."""
    get_object_or_404(UserSession, pk=session_id, user=request.user).end()
    messages.success(request, _("That session is ended."))
    return redirect("usersessions_list")
