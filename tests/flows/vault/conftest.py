"""A vault set up from nothing for every test: its own key file, its own SQLite file, its own site."""

import asyncio
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from tests.flows.vault import postgresql
from tests.flows.vault.world import Person, Site
from tests.unit.vault import softhsm
from vault.server import clock as vault_clock
from vault.server import tasks, urls
from vault.server.services import identity, pace, sealing
from webapp.engine.vault_client import VaultPins


@pytest.fixture
def site(settings: Any) -> Site:
    made = Site()
    settings.VAULT_TICKET_PUBLIC_KEY = made.public_key
    return made


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    with postgresql.server() as running:
        yield running


@pytest.fixture
def database(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[str]:
    """Where the vault's rows are: "sqlite" unless a module asks for "postgresql", too."""
    kind = getattr(request, "param", "sqlite")
    if kind == "postgresql":
        with postgresql.vault_database(request.getfixturevalue("postgresql_server")):
            yield kind
    else:
        yield kind


@pytest.fixture
def custody(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[str]:
    """Where the epoch keys are: "software" unless a module asks for "pkcs11", too."""
    kind = getattr(request, "param", "software")
    settings.VAULT_DUMPS = tmp_path / "dumps"
    if kind == "pkcs11":
        with softhsm.token(tmp_path / "hsm") as config:
            settings.VAULT_CUSTODY = config
            yield kind
            cast(Any, sealing.custody()).close()
    else:
        settings.VAULT_CUSTODY = {"kind": "software", "path": tmp_path / "custody"}
        yield kind


@pytest.fixture
def vault(settings: Any, custody: str, database: str) -> VaultPins:
    """A vault set up from nothing; its public keys."""
    identity.set_up()
    public = identity.public()
    return VaultPins(public.opaque_public_key, public.signing_public_key)


class Clock:
    """The database's clock, moved by a test. It runs on; sites sign tickets by the same time unless told."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def move(self, **by: float) -> None:
        self.offset += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, site: Site) -> Clock:
    moved, real = Clock(), vault_clock.database_now

    def moved_now(alias: str = "vault") -> datetime:
        return real(alias) + moved.offset

    assert tasks
    assert urls  # loaded before the clock is moved, or they would keep the moved one
    for name, module in list(sys.modules.items()):
        if name.startswith("vault.server") and getattr(module, "database_now", None) is real:
            monkeypatch.setattr(module, "database_now", moved_now)
    site.clock = lambda: time.time() + moved.offset.total_seconds()
    return moved


@pytest.fixture
def no_waits(settings: Any) -> None:
    """Ten guesses in a row, for tests of the budget. The waits have tests of their own."""
    settings.VAULT_BACKOFF = []


@pytest.fixture
def person(site: Site, vault: VaultPins) -> Person:
    return Person(site, vault)


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rotation takes two rows a step, so that few rows make many steps."""
    monkeypatch.setattr(pace, "SHARED", 2)
    monkeypatch.setattr(pace, "ALONE", 2)


@pytest.fixture
def people(person: Person, run: Callable[[Awaitable[Any]], Any]) -> list[Person]:
    """Five safes with a password each."""
    others = [person.somebody_else(account=secrets.token_bytes(16), safe=secrets.token_bytes(16)) for _ in range(4)]
    for one in (person, *others):
        run(one.set_up())
    return [person, *others]


@pytest.fixture
def run() -> Callable[[Awaitable[Any]], Any]:
    def until_done(awaitable: Awaitable[Any]) -> Any:
        async def main() -> Any:
            return await awaitable

        return asyncio.run(main())

    return until_done
