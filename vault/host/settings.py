"""The vault's API and worker on a host of their own: one app, one database, no session, no cookie, no page.

What crosses from the site is one public key (COFFER_VAULT_TICKET_KEY); what crosses to it is `python -m vault.host
identity`, for the pins of the browser's bundle, and this host's address.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from vault.wire.encoding import EncodingError, from_text
from vault.wire.limits import PUBLIC_KEY_BYTES

from .environment import VAULT_ANYWHERE, Environment, Setting

ROOT = Path(__file__).resolve().parents[2]

_environment = Environment(
    (
        Setting("COFFER_MODE", "development"),
        Setting("COFFER_VAULT_DATA", str(ROOT / ".coffer-vault")),
        Setting("COFFER_VAULT_LISTEN", "127.0.0.1"),
        Setting("COFFER_VAULT_PORT", "8010"),
        Setting("COFFER_VAULT_TICKET_KEY", None),
        Setting("COFFER_VAULT_CERTIFICATE", None),
        Setting("COFFER_VAULT_CERTIFICATE_KEY", None),
        Setting("COFFER_VAULT_ADMIN_PORT", "8011"),
        Setting("COFFER_VAULT_ADMIN_DATABASE_URL", None),
        Setting("COFFER_VAULT_BROKER_URL", None),
        Setting("COFFER_WORKERS", "2"),
        Setting("COFFER_THREADS", "4"),
        Setting("COFFER_LOG_LEVEL", "INFO"),
        *VAULT_ANYWHERE,
    )
)
SETTINGS = _environment.settings


def _ticket_key() -> bytes:
    text = _environment.text("COFFER_VAULT_TICKET_KEY")
    try:
        return from_text(text, PUBLIC_KEY_BYTES)
    except EncodingError:
        raise ImproperlyConfigured(
            "COFFER_VAULT_TICKET_KEY is what `manage.py ticket_key` prints on the site: 43 letters and digits."
        ) from None


PRODUCTION = {"production": True, "development": False}.get(_environment.text("COFFER_MODE"))
if PRODUCTION is None:
    raise ImproperlyConfigured("COFFER_MODE is development or production.")

DATA = Path(_environment.text("COFFER_VAULT_DATA")).resolve()
LISTEN = _environment.text("COFFER_VAULT_LISTEN")
PORT = _environment.number("COFFER_VAULT_PORT")
ADMIN_PORT = _environment.number("COFFER_VAULT_ADMIN_PORT")
CERTIFICATE = _environment.optional("COFFER_VAULT_CERTIFICATE")
CERTIFICATE_KEY = _environment.optional("COFFER_VAULT_CERTIFICATE_KEY")
WORKERS = _environment.number("COFFER_WORKERS")
THREADS = _environment.number("COFFER_THREADS")
if (CERTIFICATE is None) != (CERTIFICATE_KEY is None):
    raise ImproperlyConfigured("COFFER_VAULT_CERTIFICATE and COFFER_VAULT_CERTIFICATE_KEY belong together.")

VAULT_TICKET_PUBLIC_KEY = _ticket_key()
VAULT_CUSTODY = _environment.custody(DATA / "custody")
VAULT_ROTATE_DAYS = _environment.number("COFFER_VAULT_ROTATE_DAYS")
VAULT_DUMPS = DATA / "vault-dumps"
# None: the protocol's own table of waits. The budget of ten guesses has no switch.
VAULT_BACKOFF: list[tuple[int, float]] | None = None if _environment.yes("COFFER_VAULT_BACKOFF") else []
if PRODUCTION and VAULT_BACKOFF is not None:
    raise ImproperlyConfigured("COFFER_VAULT_BACKOFF=off is for tests: a public vault waits between wrong guesses.")

DEBUG = False
# Nothing here depends on the name it is called by, and the site calls it by an internal one.
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "vault.host.urls"
WSGI_APPLICATION = "vault.host.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["vault.server.apps.VaultConfig"]
MIDDLEWARE = [
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
]
SECURE_CSP = {"default-src": [CSP.NONE], "base-uri": [CSP.NONE], "frame-ancestors": [CSP.NONE]}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"

# "default" is nobody's here: whatever forgets to name the vault's database fails.
DATABASES: dict[str, dict[str, object]] = {
    "default": {},
    "vault": _environment.database("COFFER_VAULT_DATABASE_URL", DATA / "vault.sqlite3"),
}
DATABASE_ROUTERS = ["vault.server.router.VaultRouter"]

USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

BROKER_URL = _environment.optional("COFFER_VAULT_BROKER_URL")
BROKER_FOLDER = DATA / "broker"

LOG_LEVEL = _environment.text("COFFER_LOG_LEVEL").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "vault.host.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if PRODUCTION else "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "vault": {"level": LOG_LEVEL},
        "django.server": {"handlers": [], "propagate": True},
        "django": {"handlers": [], "propagate": True},
    },
}
