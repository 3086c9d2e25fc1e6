"""A passkey as a way into a safe, in real Chromium with its virtual authenticators, against the real product."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser import exports, kept, steps
from tests.browser.passkeys import Device, vault_rows
from tests.browser.product import Product

PASSWORD = "orchard Ninety lanterns whistle"
# Hears every value that a passkey's PRF gives, to look for it afterwards in all that leaves the page.
LISTEN = """
  window.heard = [];
  const original = PublicKeyCredential.prototype.getClientExtensionResults;
  PublicKeyCredential.prototype.getClientExtensionResults = function () {
    const results = original.call(this);
    const first = results.prf?.results?.first;
    if (first) {
      const bytes = new Uint8Array(first);
      window.heard.push(Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
      window.last = bytes;
    }
    return results;
  };
"""


def add_passkey(page: Page, name: str = "My laptop") -> None:
    page.get_by_role("button", name="Add a passkey").click()
    dialog = page.get_by_role("dialog", name="Add a passkey")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Create the passkey").click()
    expect(page.get_by_role("list", name="Passkeys of this safe")).to_contain_text(name, timeout=steps.LONG)


def to_open_safe(product: Product, page: Page, folder: Path) -> tuple[str, str]:
    """Signs up, makes a safe with both and backs up → (address, digits), on the safe's page."""
    address = steps.some_address("passkey")
    steps.sign_up(product, page, address)
    digits = kept.make_safe_with_both(page, PASSWORD)
    steps.back_up(page, exports.ios(folder).path)
    page.get_by_role("link", name="Coffer").click()
    steps.open_backups(page)
    steps.see_backups(page)
    return address, digits


def lock(page: Page) -> None:
    page.reload()
    expect(page.get_by_role("heading", name="Open this safe")).to_be_visible(timeout=steps.LONG)


def test_a_passkey_opens_the_safe_and_costs_no_guess(
    product: Product, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    context = new_context()
    page = context.new_page()
    device = Device(page)
    address, digits = to_open_safe(product, page, tmp_path)
    add_passkey(page)
    assert len(device.credentials()) == 1

    before = vault_rows(product)
    lock(page)
    page.get_by_role("button", name="Open with a passkey").click()
    steps.see_backups(page)
    expect(page.get_by_text("Last used")).to_be_visible(timeout=steps.LONG)
    assert vault_rows(product) == before

    # Another browser that does not have the passkey is told so, and the other ways are there.
    other = new_context().new_page()
    Device(other)
    steps.sign_in(product, other, address)
    steps.open_backups(other)
    other.get_by_role("button", name="Open with a passkey").click()
    expect(other.get_by_text("The passkey was not used.")).to_be_visible(timeout=steps.LONG)
    steps.type_key(other, digits)
    steps.see_backups(other)
