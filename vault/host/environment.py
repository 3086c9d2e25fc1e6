"""Settings read from environment variables: every one listed, a mistyped one refused with a sentence that names it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# A statement is prepared once a connection has run it so often.
PREPARE_AFTER = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable; default None means that it may stay away (or that somebody asks for it)."""

    name: str
    default: str | None


class Environment:
    """The variables of one program. An unlisted name is a programming error (KeyError); a value that cannot be meant
    raises ImproperlyConfigured."""

    def __init__(self, settings: Iterable[Setting]) -> None:
        self.settings = {setting.name: setting for setting in settings}

    def text(self, name: str) -> str:
        """The variable's value or its default; raises when it is needed and absent."""
        value = self.optional(name)
        if value is None:
            raise ImproperlyConfigured(f"Set {name}: see docs/settings.md.")
        return value

    def optional(self, name: str) -> str | None:
        """The variable's value, its default, or None. NAME_FILE names a file that holds the value, as containers are
        given secrets; an environment is seen by more eyes than a file of mode 0600."""
        setting = self.settings[name]
        value, path = os.environ.get(name), os.environ.get(f"{name}_FILE")
        if not path or f"{name}_FILE" in self.settings:
            return value or setting.default
        if value:
            raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
        try:
            return Path(path).read_text(encoding="utf-8").strip() or setting.default
        except (OSError, UnicodeDecodeError):
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read.") from None

    def number(self, name: str) -> int:
        """A whole number, zero or more."""
        value = self.text(name)
        if not value.isascii() or not value.isdecimal():
            raise ImproperlyConfigured(f"{name} is a whole number, not {value!r}.")
        return int(value)

    def yes(self, name: str) -> bool:
        """yes or no; anything else is refused, so that a typing mistake never opens something."""
        value = self.text(name).lower()
        if value in {"yes", "true", "1", "on"}:
            return True
        if value in {"no", "false", "0", "off"}:
            return False
        raise ImproperlyConfigured(f"{name} is yes or no, not {value!r}.")

    def database(self, name: str, sqlite_path: Path) -> dict[str, object]:
        """The database of a postgresql:// address in the environment, or SQLite at the given path."""
        address = self.optional(name)
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
            "OPTIONS": {"pool": True, "prepare_threshold": PREPARE_AFTER, **_options(parts.query)},
        }

    def custody(self, folder: Path) -> dict[str, object]:
        """The HSM that the environment names, or the key file in `folder`."""
        module = self.optional("COFFER_VAULT_PKCS11_MODULE")
        if module is None:
            return {"kind": "software", "path": folder}
        return {
            "kind": "pkcs11",
            "module": module,
            "token": self.text("COFFER_VAULT_PKCS11_TOKEN"),
            "pin_file": self.text("COFFER_VAULT_PKCS11_PIN_FILE"),
        }


def _options(query: str) -> dict[str, object]:
    """What the address says behind its question mark; `prepare_threshold=none` for a pooler between us and the
    database that hands connections from one to another at each transaction."""
    given: dict[str, object] = dict(parse_qsl(query))
    threshold = given.get("prepare_threshold")
    if threshold is not None:
        given["prepare_threshold"] = None if threshold == "none" else int(str(threshold))
    return given


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


# What the vault reads wherever it runs: in the site's process or on a host of its own.
VAULT_ANYWHERE = (
    Setting("COFFER_VAULT_DATABASE_URL", None),
    Setting("COFFER_VAULT_BACKOFF", "on"),
    Setting("COFFER_VAULT_ROTATE_DAYS", "30"),
    Setting("COFFER_VAULT_PKCS11_MODULE", None),
    Setting("COFFER_VAULT_PKCS11_TOKEN", "coffer"),
    Setting("COFFER_VAULT_PKCS11_PIN_FILE", None),
)
