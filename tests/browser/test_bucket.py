"""A site whose sealed chunks lie in a bucket: the same circle, and no chunk passes the site in either direction."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import exports, steps
from tests.browser.browsers import DESKTOP, NO_PICKER
from tests.browser.product import Product, start
from tests.flows.backups.seaweed import Seaweed, seaweed
from webapp.server.backups.storage.s3 import S3Store


@pytest.fixture(scope="module")
def server() -> Iterator[Seaweed]:
    with seaweed() as running:
        yield running


@pytest.fixture(scope="module")
def site(server: Seaweed) -> Iterator[Product]:
    folder = Path(tempfile.mkdtemp(prefix="coffer-bucket-"))
    running = start(folder, {"COFFER_STORE_URL": server.url("backups")})
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


def test_the_circle_with_chunks_in_a_bucket(site: Product, server: Seaweed, chromium: Browser, tmp_path: Path) -> None:
    export = exports.ios(tmp_path)
    context = chromium.new_context(viewport=DESKTOP, base_url=site.origin, accept_downloads=True)
    context.set_default_timeout(20_000)
    context.add_init_script(NO_PICKER)
    asked: list[tuple[str, str]] = []
    headers: list[dict[str, str]] = []
    complaints: list[str] = []

    def note(request: object) -> None:
        asked.append((request.method, request.url))  # type: ignore[attr-defined]
        if request.url.startswith(server.endpoint):  # type: ignore[attr-defined]
            headers.append(request.headers)  # type: ignore[attr-defined]

    context.on("request", note)
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page = context.new_page()
    steps.sign_up(site, page, steps.some_address("bucket"))
    digits = steps.make_safe_by_key(page)
    steps.back_up(page, export.path)

    stored = list(S3Store(server.place("backups"), tmp_path / "spool").objects())
    chunks = [found for found in stored if "/chunks/" in found.name]
    assert len(chunks) > 3
    assert len([method for method, url in asked if method == "PUT" and url.startswith(server.endpoint)]) == len(chunks)
    assert not [url for method, url in asked if method == "PUT" and url.startswith(site.origin)]

    page.goto("/app/")
    steps.open_backups(page)
    steps.type_key(page, digits)
    steps.see_backups(page)
    assert steps.download_original(page, export.path.name, tmp_path / "restored.zip") == export.content
    fetched = [url for method, url in asked if method == "GET" and url.startswith(server.endpoint)]
    assert fetched
    assert not [url for _, url in asked if url.endswith("/chunks/read")]
    # Nothing of the session goes to the bucket.
    assert not [each for each in headers if each.get("cookie") or each.get("x-csrftoken") or each.get("referer")]
    assert not complaints
    context.close()
