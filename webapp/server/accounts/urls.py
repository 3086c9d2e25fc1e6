"""Account pages. Accounts sign in by a code, so allauth's password pages are closed: they do not exist here."""

from allauth.account.views import email
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from .app_token_pages import app_tokens, revoke_app_token
from .fresh_sign_in import after_fresh_sign_in
from .sessions import end_session


def closed(request: HttpRequest, rest: str = "") -> HttpResponse:
    """404 for a page that this site does not offer."""
    raise Http404("this site has no such page")


urlpatterns = [
    path("password/", closed),
    path("password/<path:rest>", closed),
    path("email/", after_fresh_sign_in(email, back_to="account_email"), name="account_email"),
    path("2fa/webauthn/add/", after_fresh_sign_in(add_webauthn, back_to="mfa_index"), name="mfa_add_webauthn"),
    path("2fa/totp/activate/", after_fresh_sign_in(activate_totp, back_to="mfa_index"), name="mfa_activate_totp"),
    path("app-tokens/", after_fresh_sign_in(app_tokens, back_to="app_tokens"), name="app_tokens"),
    path("app-tokens/<int:token_id>/revoke/", revoke_app_token, name="revoke_app_token"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("sessions/<int:session_id>/end/", end_session, name="end_session"),
]
