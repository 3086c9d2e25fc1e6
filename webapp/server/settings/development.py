"""A first start on one's own machine: SQLite, local files, mail in an inbox page, no second factor for staff."""

from . import environment
from .base import *  # noqa: F403
from .base import ACCOUNT_RATE_LIMITS, COFFER_PORT

DEBUG = environment.yes("COFFER_DEBUG")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"http://localhost:{COFFER_PORT}"]
SITE_ORIGIN = environment.optional("COFFER_ORIGIN") or f"http://localhost:{COFFER_PORT}"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"

# Passkeys on plain http://localhost, which browsers allow and the library does not.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

COFFER_INBOX = True
COFFER_SECOND_FACTOR_FOR_STAFF = False

# On one's own machine every browser comes from the same address, and one person tries many things in a minute.
ACCOUNT_RATE_LIMITS = {
    **ACCOUNT_RATE_LIMITS,
    "signup": "60/m/ip",
    "login": "120/m/ip",
    "request_login_code": "60/m/ip,20/5m/key",
    "confirm_email": "20/m/key",
}

# No collectstatic step, and a rebuilt app shows at once.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_MAX_AGE = 0
STATIC_ROOT = None  # type: ignore[assignment]
