"""Forms of django-allauth that Coffer hardens."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from django.core.exceptions import ValidationError


class PasskeySignInForm(LoginWebAuthnForm):  # type: ignore[misc]
    """Anybody can post anything here before signing in: what is no assertion is refused, and never a server error."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except ValidationError:
            raise
        except (AttributeError, KeyError, TypeError, ValueError):
            raise get_adapter().validation_error("incorrect_code") from None
