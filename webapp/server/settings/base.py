"""What holds in every mode. Each mode's module starts from here and says only what differs."""

import os
import socket
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from vault.host import look
from webapp.server.secret_files import random_secret
from webapp.server.signing import ticket_public_key

from . import environment
from .environment import ROOT

DATA = Path(environment.text("COFFER_DATA")).resolve()
COFFER_DATA = DATA
COFFER_LISTEN = environment.text("COFFER_LISTEN")
COFFER_PORT = environment.number("COFFER_PORT")
COFFER_WORKERS = environment.number("COFFER_WORKERS")
COFFER_THREADS = environment.number("COFFER_THREADS")
COFFER_OPEN_SIGNUP = environment.yes("COFFER_OPEN_SIGNUP")
COFFER_OPERATOR = environment.optional("COFFER_OPERATOR") or ""
# Web servers on several hosts may share the data folder; each answers for itself. The library decides when it
# is imported whether for one process or for many.
METRICS_FOLDER = DATA / "metrics" / socket.gethostname()
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_FOLDER)
# Who may see /metrics besides programs on this machine; empty: nobody.
COFFER_METRICS_TOKEN = environment.optional("COFFER_METRICS_TOKEN") or ""
COFFER_INBOX = False
COFFER_SECOND_FACTOR_FOR_STAFF = True

SECRET_KEY = environment.optional("COFFER_SECRET_KEY") or random_secret(DATA / "secrets" / "django").hex()
SITE_TICKET_KEY_PATH = DATA / "secrets" / "ticket-key"
SITE_SECOND_FACTOR_KEY_PATH = DATA / "secrets" / "second-factor-key"
CHUNK_STORE = DATA / "chunks"
# None: sealed files lie in that folder. With a bucket, it only holds what is on its way in.
CHUNK_BUCKET = environment.bucket("COFFER_STORE_URL")
CHUNK_DIRECT = environment.direct("COFFER_STORE_URL")
# What one account may store, unless the admin gave it another limit.
COFFER_QUOTA_BYTES = environment.number("COFFER_QUOTA_GB") * 1000**3
BACKUP_EXPIRY_DAYS = environment.number("COFFER_EXPIRY_DAYS")
APP_BUNDLE = Path(environment.text("COFFER_APP")).resolve()

DEBUG = False
ROOT_URLCONF = "webapp.server.urls"
WSGI_APPLICATION = "webapp.server.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "webapp.server.accounts.apps.AccountsConfig",
    "webapp.server.backups.apps.BackupsConfig",
    "webapp.server.notices.apps.NoticesConfig",
    "webapp.server.ops.apps.OpsConfig",
    "webapp.server.leaving.apps.LeavingConfig",
]

MIDDLEWARE = [
    "webapp.server.ops.request_ids.RequestIds",
    "webapp.server.ops.request_metrics.RequestMetrics",
    "webapp.server.security_headers.SecurityHeaders",
    "webapp.server.ops.health.HealthChecks",
    "django.middleware.security.SecurityMiddleware",
    "webapp.server.vault_door.VaultDoor",
    "webapp.server.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "webapp.server.site_context.site",
            ],
        },
    }
]

DATABASES = {"default": environment.database("COFFER_DATABASE_URL", DATA / "site.sqlite3")}
# Rate limits count here: the cache must be one for all processes, and its `add` must be atomic.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "coffer_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- the vault: in this process with a database of its own, or on another host of which only the address is known ---
VAULT_URL = environment.vault_address()
VAULT_CA = environment.optional("COFFER_VAULT_CA")
if VAULT_URL is None:
    INSTALLED_APPS.append("vault.server.apps.VaultConfig")
    DATABASES["vault"] = environment.database("COFFER_VAULT_DATABASE_URL", DATA / "vault.sqlite3")
    DATABASE_ROUTERS = ["vault.server.router.VaultRouter"]
    # A callable, read at the moment of use: the set-up step makes the key after these settings are loaded.
    VAULT_TICKET_PUBLIC_KEY = partial(ticket_public_key, SITE_TICKET_KEY_PATH)
    VAULT_CUSTODY = environment.custody(DATA / "custody")
    VAULT_ROTATE_DAYS = environment.number("COFFER_VAULT_ROTATE_DAYS")
    VAULT_DUMPS = DATA / "vault-dumps"
    # None: the protocol's own table of waits. The budget of ten guesses has no switch.
    VAULT_BACKOFF: list[tuple[int, float]] | None = None if environment.yes("COFFER_VAULT_BACKOFF") else []

# --- accounts: a code by e-mail, no password ----------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/app/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "webapp.server.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {
    "signup": "10/m/ip,60/h/ip",
    "login": "20/m/ip",
    "request_login_code": "10/m/ip,3/5m/key,12/d/key",
    "login_failed": "10/m/ip,5/5m/key",
    "confirm_email": "3/m/key,20/d/key",
    "manage_email": "5/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": True, "length": 8}
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("COFFER_TRUSTED_PROXIES")

MFA_ADAPTER = "webapp.server.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"login_webauthn": "webapp.server.accounts.forms.PasskeySignInForm"}
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Coffer"
# One step of half a minute either way, for phones whose clock is a little off.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
USERSESSIONS_TRACK_ACTIVITY = True

SESSION_COOKIE_NAME = "coffer-session"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "coffer-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# With the session, not in a cookie of its own: the browser keeps two cookies and nothing else.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "webapp.server.pages.csrf_failure"

# --- headers (the rest, and the policy of every area, is in security_headers.py) ----------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# --- files ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [("design", ROOT / "static" / "design"), ("site", ROOT / "static" / "site")]
WHITENOISE_ALLOW_ALL_ORIGINS = False
# For forms and JSON. Sealed bytes are read from the stream, under caps of their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- mail ----------------------------------------------------------------------------------------------------------
# Whatever sends mail writes a row; the delivery task takes it from there (see notices/).
MAILERS = {"default": {"BACKEND": "webapp.server.notices.backend.OutboxBackend"}}
DEFAULT_FROM_EMAIL = environment.optional("COFFER_MAIL_FROM") or "Coffer <coffer@localhost>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
NOTICES_DELIVERY = "inbox"

# --- language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [ROOT / "webapp" / "server" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- tasks ---------------------------------------------------------------------------------------------------------
BROKER_URL = environment.optional("COFFER_BROKER_URL")
BROKER_FOLDER = DATA / "broker"

# --- admin ---------------------------------------------------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": "Coffer",
    "SITE_HEADER": "Coffer",
    "SITE_SUBHEADER": _("Administration"),
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("site/logo.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("site/favicon.svg")},
    ],
    "DASHBOARD_CALLBACK": "webapp.server.ops.dashboard.facts",
    "SHOW_HISTORY": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": look.BORDER_RADIUS,
    "SIDEBAR": {"show_search": False, "show_all_applications": False},
    "COLORS": look.COLORS,
}

# --- log: one line an event, with the request's id, never a body, a header or a query ------------------------------
LOG_LEVEL = environment.text("COFFER_LOG_LEVEL").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "webapp.server.ops.logs.AddRequestId"}},
    "formatters": {
        "line": {"()": "webapp.server.ops.logs.LineFormatter"},
        "json": {"()": "webapp.server.ops.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "line"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "coffer": {"level": LOG_LEVEL},
        "vault": {"level": LOG_LEVEL},
        # Scanners ask for other hosts all day; the answer is 400, and their words need no place in the log.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "django.server": {"handlers": [], "propagate": True},
        "django": {"handlers": [], "propagate": True},
    },
}
