"""Where Coffer's rules enter django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from . import second_factor_secrets


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up can be closed by the operator; the public address in mails is the configured one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.COFFER_OPEN_SIGNUP)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are sealed before they reach the database."""

    def encrypt(self, text: str) -> str:
        return second_factor_secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor_secrets.unseal(encrypted_text)
