"""The site's own pages: what Coffer is, what it promises, and what to do when something went wrong."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What Coffer is, in a minute."""
    return render(request, "site/landing.html")


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """Every promise, how it is kept, and how to check it."""
    return render(request, "site/promises.html")


@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """The honest limits of docs/threat-model.md, in plain words; a test holds the two lists together."""
    return render(request, "site/limits.html")


@require_safe
def hand_over(request: HttpRequest) -> HttpResponse:
    """What an operator could give to somebody who asks for it."""
    return render(request, "site/hand_over.html")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look by themselves."""
    return redirect(static("site/favicon.svg"), permanent=True)


def _problem(request: HttpRequest, status: HTTPStatus, template: str) -> HttpResponse:
    response = render(request, template, status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400"""
    return _problem(request, HTTPStatus.BAD_REQUEST, "400.html")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403"""
    return _problem(request, HTTPStatus.FORBIDDEN, "403.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404"""
    return _problem(request, HTTPStatus.NOT_FOUND, "404.html")


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429, asking for a minute's patience: the shortest of the limits' windows."""
    response = _problem(request, HTTPStatus.TOO_MANY_REQUESTS, "429.html")
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without session, account or database, which may be what failed."""
    response = HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
    response["Cache-Control"] = "no-store"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token did not match, most often because it was open for long."""
    return _problem(request, HTTPStatus.FORBIDDEN, "403_csrf.html")
