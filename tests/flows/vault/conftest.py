"""A vault set up from nothing for every test: its own key file, its own SQLite file, its own site."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.flows.vault.world import Person, Site
from vault.server.services import identity
from webapp.engine.vault_client import VaultPins


@pytest.fixture
def site(settings: Any) -> Site:
    made = Site()
    settings.VAULT_TICKET_PUBLIC_KEY = made.public_key
    return made


@pytest.fixture
def vault(settings: Any, tmp_path: Path, transactional_db: None) -> VaultPins:
    """A vault set up from nothing; its public keys."""
    settings.VAULT_CUSTODY = {"kind": "software", "path": tmp_path / "custody"}
    identity.set_up()
    public = identity.public()
    return VaultPins(public.opaque_public_key, public.signing_public_key)


@pytest.fixture
def person(site: Site, vault: VaultPins) -> Person:
    return Person(site, vault)


@pytest.fixture
def run() -> Callable[[Awaitable[Any]], Any]:
    def until_done(awaitable: Awaitable[Any]) -> Any:
        async def main() -> Any:
            return await awaitable

        return asyncio.run(main())

    return until_done
