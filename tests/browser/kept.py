"""An account with a backed-up safe, made once and looked at by many tests."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import exports, steps
from tests.browser.browsers import DESKTOP
from tests.browser.product import Product

PASSWORD = "meadow Forty copper kettles"


@dataclass(frozen=True)
class Kept:
    """state: the signed-in session, as `new_context(storage_state=…)` takes it."""

    address: str
    state: Any
    password: str
    digits: str
    export: exports.Export


def keep_one(product: Product, chromium: Browser, folder: Path) -> Kept:
    """Signs up, makes a safe with a password whose digits are noted too, and backs up an export."""
    export = exports.android(folder)
    context = chromium.new_context(base_url=product.origin, viewport=DESKTOP)
    page = context.new_page()
    address = steps.some_address("kept")
    steps.sign_up(product, page, address)
    digits = steps.make_safe_by_password(page, PASSWORD)
    steps.back_up(page, export.path)
    state = context.storage_state()
    context.close()
    return Kept(address, state, PASSWORD, digits, export)


def open_kept(context: BrowserContext, kept: Kept) -> Page:
    """A signed-in browser's page on the kept safe, unlocked by the key."""
    page = context.new_page()
    page.goto("/app/")
    steps.open_backups(page)
    steps.type_key(page, kept.digits)
    steps.see_backups(page)
    return page
