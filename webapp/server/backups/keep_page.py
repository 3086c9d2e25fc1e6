"""The page behind "keep my backup" in a warning: no sign-in, one click."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .services import expiry


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """GET asks, so that a mail program that follows links keeps nothing; POST keeps. 404 for a link that is over."""
    token = request.POST.get("t", "") if request.method == "POST" else request.GET.get("t", "")
    safe = expiry.safe_of_token(token)
    if safe is None:
        return render(request, "site/keep.html", {"state": "over"}, status=HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        expiry.touch(safe, timezone.now())
        safe.refresh_from_db()
        return render(request, "site/keep.html", {"state": "kept", "expires": expiry.expires(safe)})
    return render(request, "site/keep.html", {"state": "ask", "safe": safe, "token": token})
