"""Real Chromium, site and vault as two programs: the circle works, and a site that puts another vault in its place is
caught by the keys that the app pins."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import exports, steps
from tests.browser.browsers import DESKTOP
from tests.flows.split.programs import Program, make_site, make_vault
from tests.ports import free_port

PASSWORD = "harbour Ninety lanterns whistle"
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class SplitProduct:
    """site: forwards to `vault`, whose keys its app pins; other_vault: one that a dishonest site runs itself."""

    site: Program
    vault: Program
    other_vault: Program

    def forward_to(self, vault: Program) -> None:
        self.site.stop()
        self.site.settings["COFFER_VAULT_URL"] = f"http://127.0.0.1:{vault.port}"
        self.site.start()


@pytest.fixture(scope="module")
def split_product() -> Iterator[SplitProduct]:
    folder = Path(tempfile.mkdtemp(prefix="coffer-split-"))
    port, app = free_port(), folder / "app"
    site = make_site(folder / "site", port, COFFER_APP=str(app))
    key = site.call("ticket_key").strip()
    vault = make_vault(folder / "vault", port, key, COFFER_VAULT_ADMIN_PORT="0")
    other = make_vault(folder / "other", free_port(), key, COFFER_VAULT_ADMIN_PORT="0")
    pins = folder / "pins.json"
    pins.write_text(vault.call("identity"))
    build = [sys.executable, "static/build/app.py", "--out", str(app), "--pins", str(pins)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    programs = (vault, other, site)
    try:
        for program in programs:
            program.start()
        yield SplitProduct(site, vault, other)
    finally:
        for program in reversed(programs):
            program.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def visit(chromium: Browser, split_product: SplitProduct) -> Iterator[Callable[[], Page]]:
    opened: list[BrowserContext] = []

    def new_page(**options: Any) -> Page:
        context = chromium.new_context(base_url=split_product.site.origin, viewport=DESKTOP, **options)
        context.set_default_timeout(20_000)
        opened.append(context)
        return context.new_page()

    yield new_page
    for context in opened:
        context.close()


def test_a_password_is_kept_by_the_vault_on_the_other_side(
    split_product: SplitProduct, visit: Callable[[], Page], tmp_path: Path
) -> None:
    product: Any = split_product.site  # all that the steps ask of it is its origin
    address = steps.some_address("split")
    page = visit()
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url))
    steps.sign_up(product, page, address)
    steps.make_safe_by_password(page, PASSWORD)
    steps.back_up(page, exports.android(tmp_path).path)
    # The browser knows one origin; blob: and data: are its own.
    assert [url for url in foreign if not url.startswith((product.origin, "blob:", "data:"))] == []

    other = visit()
    steps.sign_in(product, other, address)
    steps.open_backups(other)
    steps.type_password(other, "not this one")
    expect(other.get_by_text("Wrong password. 9 guesses left.")).to_be_visible(timeout=steps.LONG)
    steps.type_password(other, PASSWORD)
    steps.see_backups(other)


def test_a_site_that_substitutes_the_vault_is_caught_by_the_pinned_keys(
    split_product: SplitProduct, visit: Callable[[], Page]
) -> None:
    product: Any = split_product.site
    split_product.forward_to(split_product.other_vault)
    try:
        page = visit()
        steps.sign_up(product, page, steps.some_address("substituted"))
        sent: list[dict[str, Any]] = []
        page.on(
            "request", lambda request: request.url.endswith("/finish") and sent.append(json.loads(request.post_data))
        )
        steps.choose_password(page, PASSWORD)
        page.get_by_role("button", name="Not now, I understand").click()
        said = page.get_by_text("The answer does not come from the vault this page was built for.")
        expect(said).to_be_visible(timeout=steps.LONG)
        assert sent == [], "nothing that the password opens is given to the other vault"
    finally:
        split_product.forward_to(split_product.vault)
