"""One house for all tests of this folder: PostgreSQL, RabbitMQ, S3 server, mail server, site, workers and vault."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.flows.backups.seaweed import Seaweed, seaweed
from tests.flows.production.house import House, certificate, make_house
from tests.flows.production.mail_server import Letterbox, letterbox
from tests.flows.production.rabbitmq import rabbitmq
from tests.flows.vault import postgresql


@dataclass
class Place:
    """The services around a house, and the house."""

    house: House
    database: postgresql.Server
    bucket: Seaweed
    broker: str
    box: Letterbox
    secrets: Path

    def database_url(self, name: str) -> str:
        return f"postgresql://{postgresql.USER}@/{name}?host={self.database.folder}"


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("production")
    with ExitStack() as stack:
        broker = stack.enter_context(rabbitmq())
        database = stack.enter_context(postgresql.server(durable=True))
        bucket = stack.enter_context(seaweed())
        box = stack.enter_context(letterbox())
        secrets = certificate(folder / "secrets")
        with database.connect() as connection:
            for name in ("site", "vault"):
                connection.execute(f"CREATE DATABASE {name}")
        place = Place(House(folder, {}, {}), database, bucket, broker, box, secrets)
        place.house = make_house(
            folder / "first",
            secrets,
            {
                "COFFER_DATABASE_URL": place.database_url("site"),
                "COFFER_BROKER_URL": broker,
                "COFFER_STORE_URL": f"{bucket.url('coffer')}?direct=no",
                "COFFER_SMTP_URL": f"smtp://127.0.0.1:{box.port}?plain=yes",
            },
            {"COFFER_VAULT_DATABASE_URL": place.database_url("vault")},
        )
        try:
            place.house.open()
            yield place
        finally:
            place.house.stop()


@pytest.fixture
def run() -> Callable[[Awaitable[Any]], Any]:
    def until_done(awaitable: Awaitable[Any]) -> Any:
        async def main() -> Any:
            return await awaitable

        return asyncio.run(main())

    return until_done
