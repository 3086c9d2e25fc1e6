"""Every setting an operator may give, read from the environment. docs/settings.md explains the same list; a test
compares the two."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from vault.host.environment import VAULT_ANYWHERE, Environment, Setting
from webapp.server.backups.bucket import S3Place

ROOT = Path(__file__).resolve().parents[3]


_environment = Environment(
    (
        Setting("COFFER_MODE", "development"),
        Setting("COFFER_DATA", str(ROOT / ".coffer")),
        Setting("COFFER_LISTEN", "127.0.0.1"),
        Setting("COFFER_APP", str(ROOT / "static" / "dist")),
        Setting("COFFER_PORT", "8000"),
        Setting("COFFER_ORIGIN", None),
        Setting("COFFER_SECRET_KEY", None),
        Setting("COFFER_DATABASE_URL", None),
        Setting("COFFER_BROKER_URL", None),
        Setting("COFFER_STORE_URL", None),
        Setting("COFFER_QUOTA_GB", "50"),
        Setting("COFFER_EXPIRY_DAYS", "365"),
        Setting("COFFER_SMTP_URL", None),
        Setting("COFFER_MAIL_FROM", None),
        Setting("COFFER_TRUSTED_PROXIES", "0"),
        Setting("COFFER_OPEN_SIGNUP", "yes"),
        Setting("COFFER_OPERATOR", ""),
        Setting("COFFER_WORKERS", "2"),
        Setting("COFFER_THREADS", "4"),
        Setting("COFFER_LOG_LEVEL", "INFO"),
        Setting("COFFER_METRICS_TOKEN", None),
        Setting("COFFER_DEBUG", "no"),
        Setting("COFFER_VAULT_URL", None),
        Setting("COFFER_VAULT_CA", None),
        Setting("COFFER_VAULT_PINS", None),
        *VAULT_ANYWHERE,
    )
)
SETTINGS = _environment.settings
text, optional, number, yes = _environment.text, _environment.optional, _environment.number, _environment.yes
database, custody = _environment.database, _environment.custody

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def vault_address() -> str | None:
    """Where a vault of its own answers: https://host:port, or http on this machine; None where it shares this process.
    A site with a vault elsewhere must not know where that vault keeps its records or keys."""
    address = optional("COFFER_VAULT_URL")
    if address is None:
        return None
    parts = urlsplit(address)
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in {"http", "https"} or not parts.hostname or extra:
        raise ImproperlyConfigured("COFFER_VAULT_URL is an address like https://vault.internal:8010, without a path.")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ImproperlyConfigured("COFFER_VAULT_URL is https:// unless the vault runs on this machine.")
    known = [setting.name for setting in VAULT_ANYWHERE if optional(setting.name) != setting.default]
    if known:
        raise ImproperlyConfigured(f"{known[0]} belongs to the vault's own host, not to a site with COFFER_VAULT_URL.")
    return f"{parts.scheme}://{parts.netloc}"


def bucket(name: str) -> S3Place | None:
    """The S3-compatible bucket of s3://KEY:SECRET@host/bucket (HTTPS) or s3+http://… on a network of one's own;
    None where sealed files lie in the data folder. `?region=`, and `?public=https://…` where browsers reach the
    service at another address."""
    address = optional(name)
    if address is None:
        return None
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    scheme = {"s3": "https", "s3+http": "http"}.get(parts.scheme)
    bucket_name = parts.path.strip("/")
    if scheme is None or not parts.hostname or not parts.username or not parts.password or not bucket_name:
        raise ImproperlyConfigured(f"{name} is an address like s3://KEY:SECRET@s3.example.org/bucket.")
    if "/" in bucket_name or query.keys() - {"region", "public", "direct"}:
        raise ImproperlyConfigured(f"{name} names one bucket, and region, public or direct behind the question mark.")
    port = f":{parts.port}" if parts.port else ""
    return S3Place(
        endpoint=f"{scheme}://{parts.hostname}{port}",
        bucket=bucket_name,
        access_key=unquote(parts.username),
        secret_key=unquote(parts.password),
        region=query.get("region", "us-east-1"),
        public=query.get("public"),
    )


def direct(name: str) -> bool:
    """May browsers send and fetch at the bucket themselves? `?direct=no` says that it is not reachable for them."""
    return dict(parse_qsl(urlsplit(optional(name) or "").query)).get("direct", "yes") != "no"


def smtp_options(name: str) -> dict[str, object]:
    """Options of Django's SMTP backend from smtp://user:password@host:587 (STARTTLS) or smtps://host:465 (TLS).
    `?plain=yes` switches STARTTLS off, for a relay on the same machine."""
    parts = urlsplit(text(name))
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} is an address like smtp://user:password@host:587.")
    implicit_tls = parts.scheme == "smtps"
    plain = dict(parse_qsl(parts.query)).get("plain") == "yes"
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if implicit_tls else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": implicit_tls,
        "use_tls": not implicit_tls and not plain,
        "timeout": 20,
    }
