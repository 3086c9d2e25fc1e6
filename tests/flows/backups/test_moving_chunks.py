"""`move_chunks` between the folder and a bucket: everything that counts, checked, and only once."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.flows.backups.seaweed import Seaweed, seaweed
from tests.flows.backups.site_client import Browser, chunk, received, stored_files, unframe
from webapp.server.backups.storage import bucket_store
from webapp.server.backups.storage.s3 import S3Store


@pytest.fixture(scope="module")
def server() -> Iterator[Seaweed]:
    with seaweed() as running:
        yield running


@pytest.fixture
def parts(browser: Browser) -> list[tuple[bytes, bytes]]:
    """Three chunks and a snapshot, in the folder."""
    parts = sorted(chunk(size) for size in (10, 20_000, 700_000))
    browser.put(parts)
    browser.commit([name for name, _ in parts])
    return parts


@pytest.fixture
def bucket(server: Seaweed, settings: Any, parts: object) -> S3Store:
    settings.CHUNK_BUCKET = server.place()
    return bucket_store(settings.CHUNK_BUCKET)


def run(to: str) -> str:
    said = StringIO()
    call_command("move_chunks", to, stdout=said, stderr=said)
    return said.getvalue()


def readable(browser: Browser, parts: list[tuple[bytes, bytes]]) -> bool:
    body = received(browser.octets("chunks/read", b"".join(name for name, _ in parts)))
    return unframe(body) == parts


def test_everything_is_moved_once_and_read_from_there(
    browser: Browser, parts: list[tuple[bytes, bytes]], bucket: S3Store, store: Path
) -> None:
    assert run("bucket").startswith("5 files copied")
    assert sorted(found.name for found in bucket.objects()) == stored_files(store)
    assert readable(browser, parts)
    assert run("bucket").startswith("0 files copied (0.0 MB), 5 were there")


def test_an_interrupted_run_goes_on_where_it_stood(bucket: S3Store, store: Path) -> None:
    run("bucket")
    gone = stored_files(store)[1]
    bucket.delete(gone)
    assert run("bucket").startswith("1 files copied")
    assert bucket.size(gone) == (store / gone).stat().st_size


def test_and_back_to_a_folder(browser: Browser, bucket: S3Store, store: Path, settings: Any, tmp_path: Path) -> None:
    run("bucket")
    before = {name: (store / name).read_bytes() for name in stored_files(store)}
    settings.CHUNK_STORE = tmp_path / "other"
    assert run("folder").startswith("5 files copied")
    assert {name: (tmp_path / "other" / name).read_bytes() for name in stored_files(tmp_path / "other")} == before


def test_bytes_that_are_not_what_the_row_says_are_not_copied(bucket: S3Store, store: Path) -> None:
    broken = next(name for name in stored_files(store) if "/chunks/" in name)
    content = bytearray((store / broken).read_bytes())
    content[0] ^= 1
    (store / broken).write_bytes(content)
    with pytest.raises(CommandError, match="1 files could not be copied"):
        run("bucket")
    assert broken not in {found.name for found in bucket.objects()}


def test_without_an_address_it_says_where_to_give_it(browser: Browser) -> None:
    with pytest.raises(CommandError, match="COFFER_STORE_URL"):
        run("bucket")
