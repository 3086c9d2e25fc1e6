"""A pinned container: what today's code made of fixed randomness must open for ever, and its head is made again.

Run as a module to write `tests/vectors/container.json` anew (only when the format's version changes).
"""

import asyncio
import json
from pathlib import Path

from tests.flows.circle.doubles import Chosen, Collected, Watcher
from tests.unit.engine.format_vector import SAFE, SNAPSHOT, TEXT, backup_key, drawn, fixed
from tests.unit.engine.kept_store import KeptStore
from webapp.cli.crypto import NativeCrypto
from webapp.engine.backup import Backup
from webapp.engine.container import save_container
from webapp.engine.content import Content
from webapp.engine.cutting import cut
from webapp.engine.format.container import ContainerHead, seal_head
from webapp.engine.owner import Owner
from webapp.engine.ports import CryptoProvider

PATH = Path(__file__).parents[2] / "vectors" / "container.json"
NAME = "Ausflug ⛵.txt"
CREATED = "2026-11-04T09:12:00Z"
__all__ = ["NAME", "PATH", "TEXT", "backup_key", "sealed_head"]


async def sealed_head(provider: CryptoProvider) -> str:
    """Prefix and sealed head of a made-up container, in hex: fixed randomness decides all of it."""
    head = ContainerHead(SAFE, SNAPSHOT, CREATED, drawn("head", 32), drawn("previous head", 32), 555, 123_456_789_012)
    fixed_provider = fixed(provider, "container head")
    return provider.load(await seal_head(fixed_provider, backup_key(), head)).hex()


async def _container() -> str:
    provider, store = fixed(NativeCrypto(), "container"), KeptStore()
    owner = Owner(bytes(16), SAFE, backup_key())
    content = Content((cut(Chosen(NAME, TEXT)),), {}, "whatsapp_text", {"chats": 1, "messages": 40, "media": 0})
    job = Backup(provider, store, owner, content, snapshot=SNAPSHOT, created=CREATED)
    await job.run(None, Watcher())
    sink = Collected()
    await save_container(provider, store, owner, store.rows[0], sink, Watcher())
    return sink.content.hex()


if __name__ == "__main__":
    document = {"head": asyncio.run(sealed_head(NativeCrypto())), "container": asyncio.run(_container())}
    PATH.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
