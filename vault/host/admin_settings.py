"""The vault's own admin, and its commands: a process apart from the API, on this machine's own address alone.

Its operators are not the site's: they have a database of their own, and reach this port from the host itself (for
instance through SSH). They can look; no page of it refunds a guess or shows a secret.
"""

import secrets

from django.utils.csp import CSP

from . import look
from .settings import *  # noqa: F403
from .settings import DATA, DATABASES, _environment

# Sessions live as long as the admin's one process: nothing about operators is kept, and no key lies in a file.
SECRET_KEY = secrets.token_hex(32)
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
SESSION_COOKIE_NAME = "coffer-vault-admin"
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_NAME = "coffer-vault-csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

ROOT_URLCONF = "vault.host.admin_urls"
WSGI_APPLICATION = "vault.host.admin_wsgi.application"
INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "vault.server.apps.VaultConfig",
]
MIDDLEWARE = [
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
DATABASES = {
    **DATABASES,
    "default": _environment.database("COFFER_VAULT_ADMIN_DATABASE_URL", DATA / "admin.sqlite3"),
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
X_FRAME_OPTIONS = "DENY"
# Not no-referrer: browsers then send `Origin: null` with a form, which no CSRF check can accept.
SECURE_REFERRER_POLICY = "same-origin"
# The admin's theme evaluates expressions in its pages (Alpine) and writes style attributes; still nothing comes from
# another host.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],  # type: ignore[list-item]  # the stubs know only its named values
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
UNFOLD = {
    "SITE_TITLE": "Coffer key vault",
    "SITE_HEADER": "Key vault",
    "SITE_SUBHEADER": "Administration",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": look.BORDER_RADIUS,
    "COLORS": look.COLORS,
    "SIDEBAR": {"show_search": False, "show_all_applications": False},
}
