"""The day the site is gone: a backup saved as one file opens in the saved app, behind a local file server alone."""

import hashlib
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import steps
from tests.browser.browsers import DESKTOP, NO_PICKER
from tests.browser.kept import Kept, open_kept
from tests.browser.product import Product
from tests.ports import free_port

SERVERS = {
    "its-own-server": ["serve.py"],
    "any-file-server": ["-m", "http.server", "--bind", "127.0.0.1"],
}


def save_as_one_file(new_context: Callable[..., BrowserContext], kept: Kept, to: Path) -> Path:
    """Through the page: the key is saved first, then the file."""
    context = new_context(storage_state=kept.state, accept_downloads=True)
    context.add_init_script(NO_PICKER)
    page = open_kept(context, kept)
    page.get_by_role("button", name="Download all as one file").first.click()
    dialog = page.get_by_role("dialog")
    assert steps.shown_digits(page) == kept.digits
    save = dialog.get_by_role("button", name="Save the file")
    expect(save).to_be_disabled()
    with page.expect_download() as key:
        dialog.get_by_role("button", name="Download", exact=False).first.click()
    key.value.save_as(to / "key.txt")
    expect(save).to_be_enabled()
    with page.expect_download(timeout=steps.LONG) as file:
        save.click()
    place = to / file.value.suggested_filename
    file.value.save_as(place)
    expect(dialog.get_by_role("heading", name="The file is saved")).to_be_visible()
    context.close()
    return place


def saved_app(product: Product, to: Path) -> Path:
    """The folder of /app/offline.zip, every file as its list says."""
    with urllib.request.urlopen(f"{product.origin}/app/offline.zip") as reply:
        assert reply.headers["Content-Type"] == "application/zip"
        (to / "offline.zip").write_bytes(reply.read())
    with zipfile.ZipFile(to / "offline.zip") as archive:
        archive.extractall(to)
    folder = to / "coffer-offline"
    listed = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    there = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert there == listed
    return folder


@contextmanager
def served(folder: Path, arguments: list[str]) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *arguments, str(port)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://localhost:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(address, timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def choose(page: Page, file: Path) -> None:
    steps.choose_files(page, file, button="Choose the file")


def give_key(page: Page, digits: str) -> None:
    page.get_by_label("The 64-digit key").fill(digits)
    page.get_by_role("button", name="Open the backup").click()


@pytest.mark.parametrize("server", SERVERS)
def test_a_saved_backup_opens_in_the_saved_app(
    product: Product,
    chromium: Browser,
    new_context: Callable[..., BrowserContext],
    kept: Kept,
    tmp_path: Path,
    server: str,
) -> None:
    file = save_as_one_file(new_context, kept, tmp_path)
    folder = saved_app(product, tmp_path)
    with served(folder, SERVERS[server]) as address:
        context = chromium.new_context(viewport=DESKTOP, accept_downloads=True)
        context.add_init_script(NO_PICKER)
        context.set_default_timeout(20_000)
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_role("heading", name="Open a backup file")).to_be_visible()
        assert page.evaluate("crossOriginIsolated") == (server == "its-own-server")
        choose(page, file)
        give_key(page, kept.digits[:-1] + ("0" if kept.digits[-1] != "0" else "1"))
        expect(page.get_by_text("This is the key of another safe.")).to_be_visible(timeout=steps.LONG)
        give_key(page, kept.digits)
        expect(page.get_by_text("The boat leaves from Brindlemoor at eight.")).to_be_visible(timeout=steps.LONG)
        picture = page.get_by_role("button", name="Open picture IMG-20261104-WA0001.png").locator("img")
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0

        page.get_by_role("button", name="Original files").first.click()
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Download {kept.export.path.name}").click()
        download.value.save_as(tmp_path / "restored.zip")
        assert (tmp_path / "restored.zip").read_bytes() == kept.export.content
        assert {url.split("/")[2] for url in asked if url.startswith("http")} == {address.split("/")[2]}
        context.close()


def test_a_file_that_is_cut_or_no_backup_says_so(
    new_context: Callable[..., BrowserContext], kept: Kept, tmp_path: Path
) -> None:
    file = save_as_one_file(new_context, kept, tmp_path)
    cut = tmp_path / "cut.coffer"
    cut.write_bytes(file.read_bytes()[:-100])
    page = new_context().new_page()
    page.goto("/app/open-container")
    for chosen, sentence in ((cut, "The end of this backup file is missing."), (kept.export.path, "not a backup file")):
        choose(page, chosen)
        give_key(page, kept.digits)
        expect(page.get_by_role("alert").get_by_text(sentence)).to_be_visible(timeout=steps.LONG)
