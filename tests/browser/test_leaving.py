"""A person looks at what is held about them, takes it along, deletes the account, and thinks again."""

import json
import zipfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_site_pages import code_from_inbox


def sign_in(page: Page, context: BrowserContext, address: str, start: str, button: str) -> None:
    page.goto(start)
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name=button).click()
    page.get_by_label("Code").wait_for()
    page.get_by_label("Code").fill(code_from_inbox(context))
    page.get_by_role("button", name="Continue").click()


def test_data_are_taken_along_and_a_deletion_is_undone_by_signing_in(page: Page, tmp_path: Path) -> None:
    context, address = page.context, "leaving@example.org"
    sign_in(page, context, address, "/accounts/signup/?next=/accounts/your-data/", "Send me a code")
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download").click()
    started.value.save_as(tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        assert json.loads(archive.read("held.json"))["account"] == address

    page.get_by_role("link", name="Delete the account").click()
    page.get_by_label(f"Type {address} to confirm").fill("somebody@example.org")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("alert")).to_have_text("That is not the address of this account.")
    page.get_by_label(f"Type {address} to confirm").fill(address)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your account is being deleted")).to_be_visible()
    page.goto("/accounts/your-data/")
    expect(page.get_by_role("heading", name="Your data")).not_to_be_visible()

    sign_in(page, context, address, "/accounts/login/?next=/accounts/your-data/", "Send me a code")
    expect(page.get_by_text("Your account and its backups stay")).to_be_visible()
    page.goto("/accounts/delete/")
    expect(page.get_by_role("button", name="Delete my account")).to_be_visible()
