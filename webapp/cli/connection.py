"""What every command that talks to a site shares: the clients, the safe that is meant, and its key."""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vault.server.sodium import native_configuration
from vault.wire.messages import Identity
from webapp.engine.errors import CofferError, HeadMismatch, ManifestDamaged
from webapp.engine.owner import Owner
from webapp.engine.recovery_key import parse_digits, require_key_of_safe
from webapp.engine.restore import require_newest
from webapp.engine.safes import OpenSafe, remembered_head, unlock_with_password
from webapp.engine.site_client import SafeRow, SiteClient, SnapshotRow
from webapp.engine.vault_client import VaultClient, VaultPins

from .asking import given_key, given_password, is_key, prompt
from .bar import Bar
from .config import Config, ConfigUnreadable, load_config, pins_from_json
from .http import SiteHttp
from .threaded_crypto import ThreadedCrypto


class SafeUnclear(CofferError):
    """data: safes, the ids to choose from."""

    code = "safe_unclear"
    message = "Which safe is meant is not clear."
    next_step = "Name it with --safe; `coffer list` shows them."


class NoSafe(CofferError):
    code = "no_safe"
    message = "This account has no safe yet."
    next_step = "Make one in a browser: its key is made and saved there."


class SnapshotUnclear(CofferError):
    code = "snapshot_unclear"
    message = "There is no such backup in this safe, or more than one begins like that."
    next_step = "`coffer list` shows them; “latest” is the newest."


@dataclass(slots=True)
class Connection:
    """One signed-in command. account: 16 bytes once `open` has asked; scopes: those of the token."""

    config: Config
    bar: Bar
    http: SiteHttp = field(init=False)
    provider: ThreadedCrypto = field(default_factory=ThreadedCrypto)
    site: SiteClient = field(init=False)
    account: bytes = b""
    scopes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.http = SiteHttp(
            self.config.site,
            self.config.token,
            waiting=lambda seconds: self.bar.say(f"The site does not answer; trying again in {seconds:.0f} s."),
        )
        self.site = SiteClient(self.http, self.provider)

    async def open(self) -> "Connection":
        """Asks the site who is asking. Raises SiteRefused (token_refused), NetworkDown."""
        me = await self.site.me()
        self.account, self.scopes = bytes.fromhex(me["account"]), tuple(me["scopes"] or ())
        return self

    def close(self) -> None:
        self.bar.clear()
        self.http.close()

    async def pins(self) -> VaultPins:
        """The vault to believe: of the file $COFFER_VAULT_PINS, else as at the sign-in, else as it says now."""
        given = os.environ.get("COFFER_VAULT_PINS")
        if given:
            try:
                return pins_from_json(json.loads(Path(given).read_bytes()))
            except (OSError, ValueError):
                raise ConfigUnreadable(data={"path": given}) from None
        return self.config.pins or await self.told_pins()

    async def told_pins(self) -> VaultPins:
        """The vault's keys as it tells them: to be remembered at the first sign-in. Raises NetworkDown."""
        response = await self.http.request("GET", "/vault/v1/identity")
        identity = Identity.from_bytes(self.provider.load(response.body))
        return VaultPins(identity.opaque_public_key, identity.signing_public_key)

    async def vault(self) -> VaultClient:
        return VaultClient(
            self.http, self.provider, native_configuration(), await self.pins(), self.site.ticket, self.account
        )

    async def safe(self, wanted: str | None) -> SafeRow:
        """The safe whose id begins so; without a word, the only one. Raises SafeUnclear, NoSafe."""
        rows = await self.site.safes()
        found = [row for row in rows if row.safe.hex().startswith((wanted or "").lower())]
        if not rows:
            raise NoSafe
        if len(found) != 1:
            raise SafeUnclear(data={"safes": [row.safe.hex() for row in rows]})
        return found[0]

    async def unlock(self, row: SafeRow, args: argparse.Namespace) -> OpenSafe:
        """By what the arguments give, else by what is typed: the digits, or the password (which may cost a guess)."""
        key, password = given_key(args), given_password(args)
        if key is None and password is None:
            typed = prompt("Key or password of the safe: " if "unlock" in self.scopes else "Key of the safe: ")
            key, password = (typed, None) if is_key(typed) or "unlock" not in self.scopes else (None, typed)
        if key is not None:
            parsed = parse_digits(key)
            require_key_of_safe(parsed, row.key_check)
            return OpenSafe(row.safe, parsed, await remembered_head(await self.vault(), row.safe, parsed))
        self.bar.say("Opening the safe …") if self.bar.shows else None
        return await unlock_with_password(await self.vault(), row, password or "")

    def owner(self, opened: OpenSafe) -> Owner:
        return Owner(self.account, opened.safe, opened.key)

    async def require_standing(self, rows: Sequence[SnapshotRow], opened: OpenSafe, *, anyway: bool) -> None:
        """Raises HeadMismatch, ManifestDamaged where the site withholds the newest backup, or lists one first that does
        not follow it, unless `anyway`; then it only says so."""
        try:
            await require_newest(self.provider, self.site, self.owner(opened), rows, opened.vault_head)
        except (HeadMismatch, ManifestDamaged) as mismatch:
            if not anyway:
                raise
            self.bar.say(f"Warning: {mismatch.message}")


async def connect(args: argparse.Namespace) -> Connection:
    """Signed in as the config or the environment says. Raises NotSignedIn and what `open` raises."""
    return await Connection(load_config(), Bar()).open()


def chosen_snapshot(rows: Sequence[SnapshotRow], wanted: str) -> SnapshotRow:
    """“latest” or the beginning of an id. Raises SnapshotUnclear."""
    found = list(rows[:1]) if wanted == "latest" else [row for row in rows if row.snapshot.hex().startswith(wanted)]
    if len(found) != 1:
        raise SnapshotUnclear
    return found[0]
