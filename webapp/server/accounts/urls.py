"""Account pages. Accounts sign in by a code, so allauth's password pages are closed: they do not exist here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from .sessions import end_session


def closed(request: HttpRequest, rest: str = "") -> HttpResponse:
    """404 for a page that this site does not offer."""
    raise Http404("this site has no such page")


urlpatterns = [
    path("password/", closed),
    path("password/<path:rest>", closed),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("sessions/<int:session_id>/end/", end_session, name="end_session"),
]
