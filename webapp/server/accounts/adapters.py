"""Where Coffer's rules enter django-allauth."""

from collections.abc import Collection
from urllib.parse import urljoin

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from webapp.server import second_factor_secrets

from .models import Account

# Two of allauth's mails say the same in ours.
SAME_EVENT = {"email_confirmation_signup": "email_confirmation"}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up can be closed by the operator; every mail is one of templates/emails/<event>/, and its addresses start
    with the configured origin, never with what a request's Host header claims."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("That is not the code. Take it from the newest mail; older ones no longer work."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then ask for a new code."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.COFFER_OPEN_SIGNUP)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, object],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        event = template_prefix.rpartition("/")[2]
        folder = f"emails/{SAME_EVENT.get(event, event)}"
        context = {
            **context,
            "site_origin": settings.SITE_ORIGIN,
            "signup_url": urljoin(settings.SITE_ORIGIN, reverse("account_signup")),
            "login_url": urljoin(settings.SITE_ORIGIN, reverse("account_login")),
            "sessions_url": urljoin(settings.SITE_ORIGIN, reverse("usersessions_list")),
            "when": timezone.now().strftime("%Y-%m-%d %H:%M"),
        }
        message = EmailMultiAlternatives(
            " ".join(render_to_string(f"{folder}/subject.txt", context).split()),
            render_to_string(f"{folder}/body.txt", context).strip() + "\n",
            self.get_from_email(),
            [email] if isinstance(email, str) else email,
            headers=headers,
        )
        message.attach_alternative(render_to_string(f"{folder}/body.html", context), "text/html")
        return message


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are sealed before they reach the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That is not the code. The app shows a new one every half minute."),
    }

    def is_mfa_enabled(self, user: Account, types: Collection[str] | None = None) -> bool:
        """Whether a code from a mail needs a second factor beside it. A passkey is another way to sign in, not one more
        step after the code: who loses it signs in by a code as before. Only an authenticator app is such a step."""
        kinds = Authenticator.Type
        if types is None or set(types) == {kinds.TOTP, kinds.WEBAUTHN}:
            types = [kinds.TOTP]
        return bool(super().is_mfa_enabled(user, types))

    def generate_authenticator_name(self, user: Account, type: str) -> str:
        return gettext("Passkey of %(day)s") % {"day": timezone.localdate().isoformat()}

    def encrypt(self, text: str) -> str:
        return second_factor_secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor_secrets.unseal(encrypted_text)
