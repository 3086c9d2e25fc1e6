"""Fixtures of all tests that drive a browser, wherever they stand: one product and one Chromium a session."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.kept import Kept
    from tests.browser.product import Product
    from tests.browser.wire import Wire

# Playwright is imported inside the fixtures: the tests without a browser need not wait for it.


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent.name == "browser":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def product() -> "Iterator[Product]":
    """A running Coffer. COFFER_KEEP leaves its folder for a look afterwards."""
    from tests.browser.product import start

    folder = Path(tempfile.mkdtemp(prefix="coffer-browser-"))
    running = start(folder)
    yield running
    running.stop()
    if not os.environ.get("COFFER_KEEP"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    from tests.browser.browsers import launch

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: "Browser", product: "Product") -> "Iterator[Callable[..., BrowserContext]]":
    """A browser with nothing stored, at a given size."""
    from tests.browser.browsers import DESKTOP

    opened: list[BrowserContext] = []

    def make(**options: Any) -> "BrowserContext":
        options.setdefault("viewport", DESKTOP)
        options.setdefault("base_url", product.origin)
        context = chromium.new_context(**options)
        context.set_default_timeout(20_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: "Callable[..., BrowserContext]") -> "Page":
    return new_context().new_page()


@pytest.fixture
def wire(product: "Product") -> "Iterator[Wire]":
    """The way to the product through a relay that notes every byte sent, and that can be cut."""
    from tests.browser.wire import Wire

    with Wire(product.port) as relay:
        yield relay


@pytest.fixture(scope="session")
def kept(product: "Product", chromium: "Browser", tmp_path_factory: pytest.TempPathFactory) -> "Kept":
    """An account with one safe and one backup in it, for tests that leave them as they are."""
    from tests.browser.kept import keep_one

    return keep_one(product, chromium, tmp_path_factory.mktemp("kept"))
