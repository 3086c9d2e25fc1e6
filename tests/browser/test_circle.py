"""The full circle in real Chromium: back up in one browser; sign in, unlock, read and download in another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import exports, steps
from tests.browser.browsers import DESKTOP, NO_PICKER, PHONE
from tests.browser.product import Product

PASSWORD = "harbour Ninety lanterns whistle"
SIZES = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


def see_picture(page: Page, name: str) -> None:
    picture = page.get_by_role("button", name=f"Open picture {name}").locator("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible(timeout=steps.LONG)
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0


@SIZES
def test_by_the_key(
    product: Product, new_context: Callable[..., BrowserContext], tmp_path: Path, viewport: dict
) -> None:
    export = exports.android(tmp_path)
    address = f"key-{viewport['width']}@example.org"
    page = new_context(viewport=viewport).new_page()
    steps.sign_up(product, page, address)
    digits = steps.make_safe_by_key(page)
    steps.choose(page, export.path)
    expect(page.get_by_text("Ada Quillfeather").first).to_be_visible()
    page.get_by_role("button", name="Back up", exact=True).click()
    expect(page.get_by_role("heading", name="Backed up")).to_be_visible(timeout=steps.LONG)

    elsewhere = new_context(viewport=viewport, accept_downloads=True)
    elsewhere.add_init_script(NO_PICKER)
    other = elsewhere.new_page()
    steps.sign_in(product, other, address)
    steps.open_backups(other)

    before = len(requests := [])
    other.on("request", lambda request: requests.append(request.url))
    steps.type_key(other, digits.replace(digits[0], "x", 1) if digits[0] != "x" else digits)
    expect(other.get_by_text("cannot be in a key")).to_be_visible()
    expect(other.get_by_text("It is digit 1: group 1, place 1.")).to_be_visible()
    steps.type_key(other, digits[:-2])
    expect(other.get_by_text("A key has 64 digits; this has 62.")).to_be_visible()
    last = "0" if digits[-1] != "0" else "1"
    steps.type_key(other, digits[:-1] + last)
    expect(other.get_by_text("This is the key of another safe.")).to_be_visible()
    assert [url for url in requests[before:] if "/chunks" in url or "/manifest" in url] == []

    steps.type_key(other, digits)
    steps.see_backups(other)
    assert steps.download_original(other, export.path.name, tmp_path / "restored.zip") == export.content
    steps.read_chat(other, "Ada Quillfeather")
    expect(other.get_by_text("The boat leaves from Brindlemoor at eight.")).to_be_visible(timeout=steps.LONG)
    see_picture(other, "IMG-20261104-WA0001.png")
    see_picture(other, "IMG-20261105-WA0002.png")


@SIZES
def test_by_the_password(
    product: Product, new_context: Callable[..., BrowserContext], tmp_path: Path, viewport: dict
) -> None:
    export = exports.ios(tmp_path)
    address = f"password-{viewport['width']}@example.org"
    page = new_context(viewport=viewport).new_page()
    steps.sign_up(product, page, address)
    steps.make_safe_by_password(page, PASSWORD)
    steps.back_up(page, export.path)

    elsewhere = new_context(viewport=viewport, accept_downloads=True)
    elsewhere.add_init_script(NO_PICKER)
    other = elsewhere.new_page()
    steps.sign_in(product, other, address)
    steps.open_backups(other)
    steps.type_password(other, "not the password at all")
    expect(other.get_by_text("Wrong password. 9 guesses left.")).to_be_visible(timeout=steps.LONG)
    steps.type_password(other, PASSWORD)
    steps.see_backups(other)
    expect(other.get_by_text("There was 1 wrong guess since you last opened it.")).to_be_visible()
    assert steps.download_original(other, export.path.name, tmp_path / "restored.zip") == export.content
    steps.read_chat(other, "Brindlemoor crew")
    expect(other.get_by_text("Who is on deck?")).to_be_visible(timeout=steps.LONG)
    see_picture(other, "00000003-PHOTO-2026-11-04-09-14-03.png")
