"""Site and vault started once as two programs, with two databases in two folders."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.flows.split.programs import Program, make_site, make_vault, pins_of
from tests.ports import free_port
from webapp.engine.vault_client import VaultPins


@dataclass
class Split:
    """A running site, its vault, that vault's public keys, and another vault that believes the same site."""

    site: Program
    vault: Program
    pins: VaultPins
    other_vault: Program


@pytest.fixture(scope="package")
def split(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Split]:
    folder = tmp_path_factory.mktemp("split")
    port = free_port()
    site = make_site(folder / "site", port)
    key = site.call("ticket_key").strip()
    vault = make_vault(folder / "vault", port, key)
    other = make_vault(folder / "other", free_port(), key, COFFER_VAULT_ADMIN_PORT="0")
    try:
        for program in (vault, other, site):
            program.start()
        yield Split(site, vault, pins_of(vault), other)
    finally:
        for program in (site, vault, other):
            program.stop()


@pytest.fixture
def run() -> Callable[[Awaitable[Any]], Any]:
    def until_done(awaitable: Awaitable[Any]) -> Any:
        async def main() -> Any:
            return await awaitable

        return asyncio.run(main())

    return until_done


@pytest.fixture
def folder_of() -> Callable[[Program], Path]:
    return lambda program: program.folder
