"""The whole engine, native, against the real site and vault in one process: accounts, chunks, snapshots, guesses."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.flows.circle.doubles import Chosen, Collected, Watcher
from tests.flows.vault.world import InProcessHttp
from vault.opaque import Configuration, IdentityKSF
from vault.server.sodium import SodiumGroup
from webapp.cli.crypto import NativeCrypto
from webapp.engine.backup import Backup, backup
from webapp.engine.content import Content
from webapp.engine.cutting import cut
from webapp.engine.errors import NetworkDown
from webapp.engine.format.manifest import Manifest
from webapp.engine.known_chunks import older_rows
from webapp.engine.owner import Owner
from webapp.engine.ports import Data, Response
from webapp.engine.restore import SnapshotReader, fetch_manifest
from webapp.engine.safes import NewSafe, OpenSafe, create_safe
from webapp.engine.site_client import SiteClient
from webapp.engine.vault_client import VaultClient, VaultPins
from webapp.server.accounts.models import Account

__all__ = ["Chosen", "Collected", "FlakyHttp", "Visitor", "Watcher"]


class FlakyHttp(InProcessHttp):
    """Loses the connection before the n-th chunk upload; remembers what was sent, to count and to search it."""

    fail_upload: int | None = None
    uploads: int = 0
    tamper: Any = None

    async def request(
        self, method: str, path: str, *, body: Data | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        if method == "PUT":
            self.uploads += 1
            if self.uploads == self.fail_upload:
                raise NetworkDown
        response = await super().request(method, path, body=body, headers=headers)
        if self.tamper is not None:
            return self.tamper(method, path, response)
        return response


class Visitor:
    """One person in one browser: signed in, with nothing stored."""

    def __init__(self, account: Account, pins: VaultPins) -> None:
        self.account = account
        self.http = FlakyHttp()
        self.http.client.force_login(account)
        self.provider = NativeCrypto()
        self.site = SiteClient(self.http, self.provider)
        opaque = Configuration(group=SodiumGroup(), ksf=IdentityKSF())
        self.vault = VaultClient(self.http, self.provider, opaque, pins, self.site.ticket, bytes(account.public_id))

    async def make_safe(self, password: str | None = None) -> OpenSafe:
        new = NewSafe.begin(self.provider)
        return await create_safe(self.provider, self.site, self.vault, bytes(self.account.public_id), new, password)

    def owner(self, safe: OpenSafe) -> Owner:
        return Owner(bytes(self.account.public_id), safe.safe, safe.key)

    def content(self, *files: Chosen) -> Content:
        counts = {"chats": 1, "messages": 2, "media": 0}
        return Content(tuple(cut(file) for file in files), {}, "whatsapp_text", counts)

    def job(self, safe: OpenSafe, *files: Chosen) -> Backup:
        return Backup(
            self.provider,
            self.site,
            self.owner(safe),
            self.content(*files),
            snapshot=self.provider.random_bytes(16),
            created="2026-11-24T10:00:00Z",
        )

    async def back_up(self, safe: OpenSafe, *files: Chosen, watcher: Watcher | None = None) -> Any:
        rows = await self.site.snapshots(safe.safe)
        job = self.job(safe, *files)
        if rows:
            job.known.trust((await fetch_manifest(self.provider, self.site, self.owner(safe), rows[0])).chunks)
            job.known.look_further(older_rows(self.provider, self.site, self.owner(safe), rows[1:]))
        return await backup(job, rows[0].head if rows else None, watcher or Watcher())

    async def newest(self, safe: OpenSafe) -> tuple[Manifest, SnapshotReader]:
        row = (await self.site.snapshots(safe.safe))[0]
        manifest = await fetch_manifest(self.provider, self.site, self.owner(safe), row)
        return manifest, SnapshotReader(self.provider, self.site, self.owner(safe), manifest)

    async def restored(self, safe: OpenSafe) -> dict[str, bytes]:
        manifest, reader = await self.newest(safe)
        files = {}
        for file in manifest.files:
            sink = Collected()
            await reader.save(file, sink, Watcher())
            assert sink.closed
            files[file.path] = sink.content
        return files


def alter(matching: str, change: Callable[[bytes], bytes]) -> Any:
    """What a site that misbehaves does to replies whose address holds `matching`."""

    def tamper(method: str, path: str, response: Response) -> Response:
        if matching in path and response.status == 200:
            return Response(response.status, response.headers, change(bytes(response.body)))  # type: ignore[call-overload]
        return response

    return tamper


def flip(body: bytes) -> bytes:
    """One bit near the end is another."""
    return body[:-40] + bytes([body[-40] ^ 1]) + body[-39:]
