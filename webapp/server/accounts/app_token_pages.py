"""The account page "Command line": make an app token, see when each was used, revoke it."""

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from .app_tokens import NotAToken, Scope, make_token
from .models import TOKEN_NAME_LETTERS, AppToken

PAGE = "account/app_tokens.html"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def app_tokens(request: HttpRequest) -> HttpResponseBase:
    """GET: the list. POST: a new token, shown in this one answer and never again."""
    if request.method == "POST":
        return _make(request)
    return _shown(request)


@reauthentication_required  # type: ignore[untyped-decorator]
def _make(request: HttpRequest) -> HttpResponse:
    try:
        row, text = make_token(request.user, request.POST.get("name", ""), request.POST.getlist("scope"))
    except NotAToken:
        problem = _(
            "Give it a name of at most 64 letters and at least one thing it may do. Twenty tokens are the most."
        )
        return _shown(request, status=422, problem=problem)
    get_adapter().send_notification_mail("account/email/app_token_made", request.user, {"token_name": row.name})
    return _shown(request, made=row, text=text)


def _shown(request: HttpRequest, *, status: int = 200, **more: object) -> HttpResponse:
    scopes = [
        (Scope.BACKUP, _("Back up"), _("send new backups to your safes")),
        (Scope.RESTORE, _("Restore and check"), _("fetch sealed backups")),
        (Scope.UNLOCK, _("Use the password"), _("ask the key vault; a wrong password costs a guess, as on the site")),
    ]
    context = {"tokens": request.user.app_tokens.all(), "scopes": scopes, "letters": TOKEN_NAME_LETTERS}
    return render(request, PAGE, context | more, status=status)


@login_required
@require_POST
def revoke_app_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """It stops working at once; 404 for a token of somebody else."""
    get_object_or_404(AppToken, pk=token_id, account=request.user).delete()
    messages.success(request, _("That token is revoked: whatever used it is signed out."))
    return redirect("app_tokens")
