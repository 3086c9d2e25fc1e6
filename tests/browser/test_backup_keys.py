"""A chosen backup that is encrypted itself: the page asks for its key, tells a wrong one, then shows what is inside."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser import steps
from tests.browser.browsers import DESKTOP
from tests.browser.product import Product
from tests.fixtures_signal import PASSPHRASE, story

pytestmark = pytest.mark.browser


def test_a_signal_backup_asks_for_its_digits_and_comes_back_whole(
    product: Product, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    backup = tmp_path / "signal-2026.backup"
    backup.write_bytes(story().end())
    page = new_context(viewport=DESKTOP).new_page()
    steps.sign_up(product, page, steps.some_address("signal"))
    steps.make_safe_by_key(page)
    steps.choose_files(page, backup)
    expect(page.get_by_role("heading", name="This backup has a key of its own")).to_be_visible(timeout=steps.LONG)
    expect(page.get_by_text("Enter the 30 digits that Signal showed")).to_be_visible()

    field = page.get_by_label("Key of the backup")
    field.fill("1" * 30)
    page.get_by_role("button", name="Open the backup").click()
    expect(page.get_by_text("These 30 digits do not open this Signal backup.")).to_be_visible(timeout=steps.LONG)
    field.fill(" ".join(PASSPHRASE[start : start + 5] for start in range(0, 30, 5)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What we found")).to_be_visible(timeout=steps.LONG)
    expect(page.get_by_text("Signal backup")).to_be_visible()
    expect(page.get_by_text("Trip").first).to_be_visible()

    page.get_by_role("button", name="Back up", exact=True).click()
    expect(page.get_by_role("heading", name="Backed up")).to_be_visible(timeout=steps.LONG)
    page.get_by_role("link", name="Read").first.click()
    chat = page.get_by_role("list", name="Chats").get_by_role("button", name="Ben")
    expect(chat).to_be_visible(timeout=steps.LONG)
