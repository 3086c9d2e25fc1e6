"""How the command line signs in: which site, which app token, and which vault it believes."""

import json
import os
import stat
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from vault.wire.encoding import EncodingError, from_text, to_text
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import CofferError
from webapp.engine.vault_client import VaultPins

from .places import config_file, write_private

_LOCAL = {"localhost", "127.0.0.1", "::1"}


class NotSignedIn(CofferError):
    """Neither a config file nor the environment says who asks."""

    code = "not_signed_in"
    message = "The command line is not signed in."
    next_step = "Make an app token on your account page under “Command line”, then run: coffer login"


class ConfigUnreadable(CofferError):
    """The config file is not what `login` writes, or others may read it."""

    code = "config_unreadable"
    message = "The sign-in file cannot be used."
    next_step = "Run: coffer login"


class SiteAddressWrong(CofferError):
    code = "site_address_wrong"
    message = "This is no address of a Coffer site: it begins with https:// (http:// only on this machine)."
    next_step = "Copy it from your browser, without anything behind the name."


@dataclass(frozen=True, slots=True)
class Config:
    """site: its origin; pins: the vault's keys as they were at the sign-in, None before."""

    site: str
    token: Secret
    pins: VaultPins | None = None

    def save(self) -> None:
        """Into a file that only its owner may read."""
        pins = self.pins
        value = {
            "site": self.site,
            "token": self.token.expose().decode(),
            "vault": pins and _pins_to_json(pins),
        }
        write_private(config_file(), json.dumps(value, indent=1).encode() + b"\n")


def origin_of(text: str) -> str:
    """An address as typed → the site's origin. Raises SiteAddressWrong."""
    parts = urlsplit(text.strip())
    name = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and name in _LOCAL):
        raise SiteAddressWrong
    if not name or parts.username or parts.query or parts.path.rstrip("/"):
        raise SiteAddressWrong
    return f"{parts.scheme}://{parts.netloc}"


def load_config() -> Config:
    """The sign-in: COFFER_SITE and COFFER_TOKEN, each in place of what the file says. Raises NotSignedIn,
    ConfigUnreadable, SiteAddressWrong.
    """
    site, token = os.environ.get("COFFER_SITE"), os.environ.get("COFFER_TOKEN")
    saved = _saved()
    if saved is not None and site in (None, saved.site):
        return replace(saved, token=Secret(token.encode())) if token else saved
    if site is None or token is None:
        raise NotSignedIn
    return Config(origin_of(site), Secret(token.encode()))


def _saved() -> Config | None:
    path = config_file()
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigUnreadable(
                "Others on this machine may read the sign-in file, so it is not used.",
                next_step="Revoke its token on your account page, then run: coffer login",
                data={"path": str(path)},
            )
        value = json.loads(path.read_bytes())
        pins = value["vault"] and pins_from_json(value["vault"])
        return Config(origin_of(value["site"]), Secret(value["token"].encode()), pins)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ConfigUnreadable(data={"path": str(path)}) from None


def _pins_to_json(pins: VaultPins) -> dict[str, str]:
    return {
        "opaque_public_key": to_text(pins.opaque_public_key),
        "signing_public_key": to_text(pins.signing_public_key),
    }


def pins_from_json(value: dict[str, str]) -> VaultPins:
    """What `manage.py vault_identity` and /vault/v1/identity say. Raises ConfigUnreadable."""
    try:
        return VaultPins(from_text(value["opaque_public_key"], 32), from_text(value["signing_public_key"], 32))
    except (EncodingError, KeyError, TypeError):
        raise ConfigUnreadable from None
