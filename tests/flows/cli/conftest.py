"""One running site for all tests of the command line; every test has people of its own."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.browser.product import Product
from tests.fixtures_export import write_export, zip_of
from tests.flows.cli.site import Person, make_person, start_site

START = datetime(2022, 5, 20, 10, 0)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    product = start_site(tmp_path_factory.mktemp("site"))
    yield product
    product.stop()


@pytest.fixture
def person(site: Product, tmp_path: Path) -> Person:
    return make_person(site, tmp_path / "home")


def export_of(path: Path, *, messages: int = 30, media: int = 3, medium_bytes: int = 200_000, seed: int = 1) -> Path:
    """A chat export with pictures that nothing compresses."""
    noise = Random(seed)
    lines = [(START + timedelta(minutes=n), "Ann", f"message {n}") for n in range(messages)]
    text = write_export("english android", lines)
    files: dict[str, bytes] = {}
    for number in range(media):
        name = f"IMG-20220525-WA{number:04}.jpg"
        text += f"25/05/2022, 09:{number % 60:02} - Ben: {name} (file attached)\n"
        files[name] = b"\xff\xd8\xff" + noise.randbytes(medium_bytes)
    path.write_bytes(zip_of({"WhatsApp Chat with Ann.txt": text.encode(), **files}))
    return path
