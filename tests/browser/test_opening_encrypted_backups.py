"""Encrypted backups on the page without an account: asked for their key, refused with a reason, salvaged on purpose."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import fixtures_crypt, fixtures_signal
from tests.browser import opened, steps
from tests.fixtures_msgstore import message, modern


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """The page, complete and without a network."""
    made = new_context().new_page()
    opened.go(made)
    return made


def test_an_encrypted_backup_asks_for_its_digits_and_says_what_is_wrong(page: Page, tmp_path: Path) -> None:
    story = fixtures_signal.story()
    (tmp_path / "signal.backup").write_bytes(story.end())
    steps.choose_files(page, tmp_path / "signal.backup")
    expect(page.get_by_role("heading", name="This backup has a key of its own")).to_be_visible(timeout=steps.LONG)
    digits = page.get_by_label("Key of the backup")
    digits.fill("12345 " * 6)
    page.get_by_role("button", name="Open the backup").click()
    expect(page.get_by_text("do not open this Signal backup")).to_be_visible(timeout=steps.LONG)
    digits.fill(story.passphrase)
    page.get_by_role("button", name="Open the backup").click()
    opened.read(page)
    opened.open_chat(page, "Ben")
    expect(page.get_by_text("second try")).to_be_visible()


def test_a_damaged_backup_is_shown_only_when_that_is_chosen(page: Page, tmp_path: Path) -> None:
    content = fixtures_crypt.crypt15(modern(message(2, 1, 0, "snollygoster"), message(3, 1, 0, "aye", me=True)))
    (tmp_path / "msgstore.db.crypt15").write_bytes(fixtures_crypt.flipped(content, [len(content) - 40]))
    steps.choose_files(page, tmp_path / "msgstore.db.crypt15")
    page.get_by_label("Key of the backup").fill(fixtures_crypt.ROOT.hex())
    page.get_by_role("button", name="Open the backup").click()
    expect(page.get_by_text("this backup is damaged")).to_be_visible(timeout=steps.LONG)
    expect(page.get_by_text("nobody can tell")).to_be_visible()
    page.get_by_role("button", name="Show what can be read all the same").click()
    opened.read(page)
    expect(page.get_by_text("snollygoster").or_(page.get_by_text("aye")).first).to_be_visible()
