"""Ending one session of one's own account."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Signs that browser out at once; 404 for a session of somebody else."""
    get_object_or_404(UserSession, pk=session_id, user=request.user).end()
    messages.success(request, _("That session is ended."))
    return redirect("usersessions_list")
