"""What one open page holds: the clients, the unlocked safes, the files being read, the snapshot being looked at.

All of it lives in the worker's memory and ends with it; nothing is stored by the browser (docs/storage.md).
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.engine.errors import SafeLocked
from webapp.engine.site_client import SafeRow, SiteClient

from .crypto import BrowserCrypto
from .http import BrowserHttp

if TYPE_CHECKING:
    from webapp.engine.backup import Backup
    from webapp.engine.changes import Summary
    from webapp.engine.chosen import Reading
    from webapp.engine.folder import FolderStore
    from webapp.engine.opened import OpenedSnapshot
    from webapp.engine.opened_reading import OpenedReading
    from webapp.engine.owner import Owner
    from webapp.engine.safes import NewSafe, OpenSafe


@dataclass(frozen=True, slots=True)
class Pins:
    """The vault's public keys that this bundle was built with."""

    opaque_public_key: bytes
    signing_public_key: bytes


@dataclass(slots=True)
class State:
    """One page's state. account: 16 bytes once `me` has been asked."""

    pins: Pins
    provider: BrowserCrypto = field(default_factory=BrowserCrypto)
    site: SiteClient = field(init=False)
    http: BrowserHttp = field(default_factory=BrowserHttp)
    account: bytes | None = None
    rows: dict[bytes, SafeRow] = field(default_factory=dict)
    unlocked: "dict[bytes, OpenSafe]" = field(default_factory=dict)
    new_safe: "NewSafe | None" = None
    reading: "Reading | None" = None
    job: "tuple[bytes, str, Backup] | None" = None
    opened: "OpenedSnapshot | OpenedReading | None" = None
    folders: "dict[bytes, FolderStore]" = field(default_factory=dict)
    """The folders chosen while this page is open, by safe; no handle is kept anywhere else."""
    summaries: "dict[bytes, Summary]" = field(default_factory=dict)
    """By head: what was read of manifests."""

    def __post_init__(self) -> None:
        self.site = SiteClient(self.http, self.provider)

    def show(self, opened: "OpenedSnapshot | OpenedReading | None") -> None:
        """From now on this is what the reading verbs read."""
        if self.opened is not None:
            self.opened.close()
        self.opened = opened

    def open_safe(self, safe: str) -> "OpenSafe":
        """The unlocked safe of that id. Raises SafeLocked."""
        found = self.unlocked.get(bytes.fromhex(safe))
        if found is None:
            raise SafeLocked
        return found

    def forget(self, safe: bytes) -> None:
        """Drop the safe's key and all that was opened with it."""
        self.unlocked.pop(safe, None)
        self.folders.pop(safe, None)
        self.summaries.clear()
        if self.opened is not None and self.opened.safe == safe:
            self.show(None)
        if self.job is not None and self.job[0] == safe:
            self.job = None

    async def owner(self, safe: str) -> "Owner":
        """Whose safe, for a backup or restore. Raises SafeLocked, SignedOut."""
        from webapp.engine.owner import Owner

        opened = self.open_safe(safe)
        return Owner(await self.known_account(), opened.safe, opened.key)

    async def known_account(self) -> bytes:
        """The account's id; asks the site the first time. Raises SignedOut."""
        if self.account is None:
            from .account_verbs import me

            await me(self)
        if self.account is None:
            raise RuntimeError("`me` sets the account")
        return self.account
