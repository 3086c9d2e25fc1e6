"""A public server: HTTPS only, mail by SMTP, a second factor for staff, JSON logs."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import base, environment
from .base import *  # noqa: F403
from .base import LOGGING

SITE_ORIGIN = environment.text("COFFER_ORIGIN").rstrip("/")
_origin = urlsplit(SITE_ORIGIN)
if _origin.scheme != "https" or not _origin.hostname or _origin.path:
    raise ImproperlyConfigured("COFFER_ORIGIN is the public address, like https://coffer.example.org.")

if getattr(base, "VAULT_BACKOFF", None) is not None:
    raise ImproperlyConfigured("COFFER_VAULT_BACKOFF=off is for tests: a public vault waits between wrong guesses.")

DEBUG = False
ALLOWED_HOSTS = [_origin.hostname]
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN]
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

SESSION_COOKIE_NAME = "__Host-coffer-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-coffer-csrf"
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

NOTICES_DELIVERY = "smtp"
MAILERS = {
    "default": {"BACKEND": "webapp.server.notices.backend.OutboxBackend"},
    "smtp": {"OPTIONS": environment.smtp_options("COFFER_SMTP_URL")},
}
DEFAULT_FROM_EMAIL = environment.text("COFFER_MAIL_FROM")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING["handlers"]["console"]["formatter"] = "json"  # type: ignore[index]
