"""A phone's database and a text export of the same chat, chosen at once: one history, and what came from where."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import opened, phones, steps
from tests.browser.test_accessibility import SIZES, Look


def chosen_at_once(page: Page, folder: Path) -> None:
    phone = phones.backup(folder)
    page.goto("/app/open")
    steps.choose_files(page, phone / "msgstore.db", phone / "wa.db", phones.text_export(folder))
    opened.found(page)


def open_group(page: Page) -> None:
    opened.read(page)
    opened.open_chat(page, phones.GROUP)
    expect(page.get_by_role("log").get_by_text("Same again next year?")).to_be_visible(timeout=steps.LONG)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(timezone_id="UTC").new_page()


def test_the_page_tells_of_both_files_before_anything_is_read(page: Page, tmp_path: Path) -> None:
    chosen_at_once(page, tmp_path)
    for row, words in (("msgstore.db", "10 of them nowhere else"), ("The walk", "1 of them nowhere else")):
        expect(page.get_by_role("listitem").filter(has_text=row).filter(has_text=words)).to_have_count(1)


def test_a_chat_and_each_message_tell_which_files_have_them(page: Page, tmp_path: Path) -> None:
    chosen_at_once(page, tmp_path)
    open_group(page)
    messages = page.get_by_role("log")
    both = messages.get_by_role("listitem").filter(has_text="What a day")
    both.get_by_role("button", name="Found in msgstore.db and WhatsApp Chat with The walk.txt").click()
    expect(both.get_by_role("listitem").filter(has_text="msgstore.db")).to_be_visible()
    alone = messages.get_by_role("listitem").filter(has_text="Same again next year?")
    expect(alone.get_by_role("button", name="Found in WhatsApp Chat with The walk.txt")).to_be_visible()
    phone = messages.get_by_role("listitem").filter(has_text="on my own")
    expect(phone.get_by_role("button", name="Found in msgstore.db")).to_be_visible()

    page.keyboard.press("i")
    rows = page.get_by_role("dialog", name=phones.GROUP).get_by_role("listitem")
    expect(rows.filter(has_text="msgstore.db").filter(has_text="WhatsApp on Android")).to_contain_text("9 only here")
    expect(rows.filter(has_text="WhatsApp chat export")).to_contain_text("1 only here")


def test_a_chat_of_one_file_says_nothing_of_it(page: Page, tmp_path: Path) -> None:
    page.goto("/app/open")
    opened.choose_folder(page, phones.backup(tmp_path))
    opened.read(page)
    opened.open_chat(page, phones.GROUP)
    expect(page.get_by_text("on my own")).to_be_visible()
    expect(page.get_by_role("button", name="Found in")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_is_no_barrier(new_context: Callable[..., BrowserContext], tmp_path: Path, size: str, scheme: str) -> None:
    page = new_context(viewport=SIZES[size], color_scheme=scheme, timezone_id="UTC").new_page()
    look = Look(page)
    chosen_at_once(page, tmp_path)
    look("found in two files")
    open_group(page)
    page.get_by_role("button", name="Found in msgstore.db and").first.click()
    look("a message of two files")
    page.keyboard.press("i")
    expect(page.get_by_role("dialog").get_by_text("WhatsApp chat export")).to_be_visible()
    look("a chat of two files")
    assert look.found == []
