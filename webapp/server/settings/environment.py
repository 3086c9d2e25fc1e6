"""Every setting an operator may give, read from the environment. docs/settings.md explains the same list; a test
compares the two."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable; default None means that it may stay away (or that production asks for it)."""

    name: str
    default: str | None


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("COFFER_MODE", "development"),
        Setting("COFFER_DATA", str(ROOT / ".coffer")),
        Setting("COFFER_LISTEN", "127.0.0.1"),
        Setting("COFFER_APP", str(ROOT / "static" / "dist")),
        Setting("COFFER_PORT", "8000"),
        Setting("COFFER_ORIGIN", None),
        Setting("COFFER_SECRET_KEY", None),
        Setting("COFFER_DATABASE_URL", None),
        Setting("COFFER_VAULT_DATABASE_URL", None),
        Setting("COFFER_BROKER_URL", None),
        Setting("COFFER_SMTP_URL", None),
        Setting("COFFER_MAIL_FROM", None),
        Setting("COFFER_TRUSTED_PROXIES", "0"),
        Setting("COFFER_OPEN_SIGNUP", "yes"),
        Setting("COFFER_OPERATOR", ""),
        Setting("COFFER_WORKERS", "2"),
        Setting("COFFER_THREADS", "4"),
        Setting("COFFER_LOG_LEVEL", "INFO"),
        Setting("COFFER_DEBUG", "no"),
        Setting("COFFER_VAULT_BACKOFF", "on"),
        Setting("COFFER_VAULT_ROTATE_DAYS", "30"),
        Setting("COFFER_VAULT_PKCS11_MODULE", None),
        Setting("COFFER_VAULT_PKCS11_TOKEN", "coffer"),
        Setting("COFFER_VAULT_PKCS11_PIN_FILE", None),
    )
}


def text(name: str) -> str:
    """The variable's value or its default; raises ImproperlyConfigured when it is needed and absent."""
    value = optional(name)
    if value is None:
        raise ImproperlyConfigured(f"Set {name}: see docs/settings.md.")
    return value


def optional(name: str) -> str | None:
    """The variable's value, its default, or None. An unlisted name is a programming error (KeyError)."""
    return os.environ.get(name) or SETTINGS[name].default


def number(name: str) -> int:
    """A whole number, zero or more."""
    value = text(name)
    if not value.isascii() or not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is a whole number, not {value!r}.")
    return int(value)


def yes(name: str) -> bool:
    """yes or no; anything else is refused, so that a typing mistake never opens something."""
    value = text(name).lower()
    if value in {"yes", "true", "1", "on"}:
        return True
    if value in {"no", "false", "0", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is yes or no, not {value!r}.")


def sqlite(path: Path) -> dict[str, object]:
    """A SQLite database that several processes share: write-ahead log; a write transaction takes its lock at its
    start, so that it waits instead of failing half-way; a commit that returned has reached the disk."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def database(name: str, sqlite_path: Path) -> dict[str, object]:
    """The database of a postgresql:// address in the environment, or SQLite at the given path."""
    address = optional(name)
    if address is None:
        return sqlite(sqlite_path)
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} is an address like postgresql://user:password@host/database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": True, **dict(parse_qsl(parts.query))},
    }


def custody(folder: Path) -> dict[str, object]:
    """The HSM that the environment names, or the key file in `folder`."""
    module = optional("COFFER_VAULT_PKCS11_MODULE")
    if module is None:
        return {"kind": "software", "path": folder}
    return {
        "kind": "pkcs11",
        "module": module,
        "token": text("COFFER_VAULT_PKCS11_TOKEN"),
        "pin_file": text("COFFER_VAULT_PKCS11_PIN_FILE"),
    }


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
