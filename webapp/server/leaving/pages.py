"""The account pages "Your data" and "Delete the account"."""

from http import HTTPStatus

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from webapp.server.backups.selectors import list_safes, stored_bytes
from webapp.server.backups.storage import current_store
from webapp.server.holdings import report

from . import departure, take_along


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def your_data(request: HttpRequest) -> HttpResponseBase:
    """GET: what is held, by table, and the ways to take it along or to end it. POST: the zip."""
    if request.method == "POST":
        return _download(request)
    facts = {
        "parts": report.overview(request.user, 0),
        "stored": stored_bytes(request.user),
        "days": departure.GRACE.days,
    }
    return render(request, "account/your_data.html", facts)


@reauthentication_required
def _download(request: HttpRequest) -> HttpResponseBase:
    sealed = request.POST.get("sealed") == "yes"
    pieces = take_along.as_zip(request.user, current_store(), sealed=sealed)
    name = f"coffer-{timezone.now():%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        filter(None, pieces),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: HttpRequest) -> HttpResponseBase:
    """GET: what would be deleted, and when. POST: asked for."""
    if request.method == "POST":
        return _delete(request)
    return _asked(request)


@reauthentication_required
def _delete(request: HttpRequest) -> HttpResponse:
    account = request.user
    if request.POST.get("address", "").strip().lower() != account.email.lower():
        return _asked(request, HTTPStatus.UNPROCESSABLE_ENTITY, _("That is not the address of this account."))
    try:
        leaving = departure.begin(account)
    except departure.StaffStays:
        return _asked(request, HTTPStatus.UNPROCESSABLE_ENTITY)
    logout(request)
    return render(request, "account/leaving.html", {"due": leaving.due})


def _asked(request: HttpRequest, status: int = HTTPStatus.OK, problem: str = "") -> HttpResponse:
    facts = {
        "safes": list_safes(request.user),
        "staff": request.user.is_staff or request.user.is_superuser,
        "days": departure.GRACE.days,
        "problem": problem,
    }
    return render(request, "account/delete.html", facts, status=status)
