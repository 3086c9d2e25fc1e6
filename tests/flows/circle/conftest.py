"""A site and a vault set up from nothing, and a person who signed up."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.flows.circle.world import Visitor
from vault.server.services import identity
from webapp.engine.vault_client import VaultPins
from webapp.server.accounts.models import Account
from webapp.server.signing import ensure_ticket_key


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    settings.CHUNK_STORE = tmp_path / "chunks"
    return settings.CHUNK_STORE


@pytest.fixture
def pins(settings: Any, tmp_path: Path, transactional_db: None, store: Path) -> VaultPins:
    settings.SITE_TICKET_KEY_PATH = tmp_path / "ticket-key"
    settings.VAULT_TICKET_PUBLIC_KEY = ensure_ticket_key(settings.SITE_TICKET_KEY_PATH)
    settings.VAULT_CUSTODY = {"kind": "software", "path": tmp_path / "custody"}
    identity.set_up()
    public = identity.public()
    return VaultPins(public.opaque_public_key, public.signing_public_key)


@pytest.fixture
def account(pins: VaultPins) -> Account:
    return Account.objects.create_user("mira@example.org")


@pytest.fixture
def visitor(account: Account, pins: VaultPins) -> Visitor:
    return Visitor(account, pins)


@pytest.fixture
def elsewhere(account: Account, pins: VaultPins) -> Visitor:
    """The same person in another browser."""
    return Visitor(account, pins)


@pytest.fixture
def run() -> Callable[[Awaitable[Any]], Any]:
    def until_done(awaitable: Awaitable[Any]) -> Any:
        async def main() -> Any:
            return await awaitable

        return asyncio.run(main())

    return until_done
