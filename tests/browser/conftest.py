"""One product for all browser tests, and a new browser context (nothing stored) whenever a test asks for one."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser.product import Product, start

# What a container needs, and nothing that would let Chromium talk to anyone but the product.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(item.path).parent.name or "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    folder = Path(tempfile.mkdtemp(prefix="coffer-browser-"))
    running = start(folder)
    yield running
    running.stop()
    if not os.environ.get("COFFER_KEEP"):
        shutil.rmtree(folder, ignore_errors=True)


def launch(playwright: Playwright, **options: Any) -> Browser:
    """Playwright's own Chromium where it is installed, else the system's."""
    own = Path(playwright.chromium.executable_path)
    system = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    return playwright.chromium.launch(executable_path=None if own.exists() else system, args=FLAGS, **options)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser, product: Product) -> Iterator[Callable[..., BrowserContext]]:
    """A browser with nothing stored, at a given size."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        options.setdefault("viewport", DESKTOP)
        context = chromium.new_context(base_url=product.origin, **options)
        context.set_default_timeout(20_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()
