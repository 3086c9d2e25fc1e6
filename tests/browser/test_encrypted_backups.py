"""WhatsApp's encrypted backup in real Chromium: its key is asked for, a wrong one is told, the right one opens it."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser import steps
from tests.browser.product import Product
from tests.fixtures_crypt import ROOT, crypt15, root_key_file
from tests.fixtures_msgstore import message, modern

KEY = ROOT.hex()


def test_an_encrypted_backup_is_opened_by_digits_or_by_its_file_and_backed_up_without_the_key(
    product: Product, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    # Larger than one piece of 8 MiB once it is encrypted, so that its tag is put together from several.
    noise = f"INSERT INTO props VALUES (9, 'noise', hex(randomblob({10 << 20})))"
    backup = tmp_path / "msgstore.db.crypt15"
    backup.write_bytes(crypt15(modern(message(2, 1, 0, "snollygoster"), message(3, 1, 0, "aye", me=True), noise)))
    right = tmp_path / "encrypted_backup.key"
    right.write_bytes(root_key_file())

    page = new_context().new_page()
    steps.sign_up(product, page, steps.some_address("crypt"))
    steps.make_safe_by_key(page)
    steps.choose_files(page, backup)
    field = page.get_by_label("Key of the backup")
    expect(field).to_be_visible(timeout=steps.LONG)
    field.fill("0" * 64)
    page.get_by_role("button", name="Open the backup").click()
    expect(page.get_by_text("not the one that this backup was made with")).to_be_visible(timeout=steps.LONG)
    steps.choose_files(page, right, button="Choose a key file")
    expect(page.get_by_role("heading", name="What we found")).to_be_visible(timeout=steps.LONG)
    expect(page.get_by_text("WhatsApp on Android")).to_be_visible()
    page.get_by_role("button", name="Back up", exact=True).click()
    expect(page.get_by_role("heading", name="Backed up")).to_be_visible(timeout=steps.LONG)
    page.get_by_role("link", name="Read").first.click()
    page.get_by_role("button", name=re.compile("999111")).click()
    expect(page.get_by_text("snollygoster").first).to_be_visible(timeout=steps.LONG)


def test_a_damaged_one_is_refused_and_nothing_of_it_shown(
    product: Product, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    content = bytearray(crypt15(modern(message(2, 1, 0, "snollygoster"))))
    content[-40] ^= 1
    backup = tmp_path / "msgstore.db.crypt15"
    backup.write_bytes(bytes(content))
    page = new_context().new_page()
    steps.sign_up(product, page, steps.some_address("torn"))
    steps.make_safe_by_key(page)
    steps.choose_files(page, backup)
    page.get_by_label("Key of the backup").fill(KEY)
    page.get_by_role("button", name="Open the backup").click()
    expect(page.get_by_text("this backup is damaged")).to_be_visible(timeout=steps.LONG)
    expect(page.get_by_text("snollygoster")).to_have_count(0)
