"""Pictures that were sent together are one grid: opened at the tapped one, found by search, used by keyboard."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import opened, phones, steps
from tests.browser.browsers import DESKTOP
from tests.browser.test_accessibility import SIZES, Look, tab_to


def opened_group(page: Page, folder: Path) -> Locator:
    """The group's pane, with the album's pictures drawn."""
    page.goto("/app/open")
    opened.choose_folder(page, phones.backup(folder))
    opened.read(page)
    opened.open_chat(page, phones.GROUP)
    pane = page.get_by_role("region", name=phones.GROUP)
    expect(pane.locator(".album img")).to_have_count(4, timeout=steps.LONG)
    return pane


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(timezone_id="UTC", viewport=DESKTOP).new_page()


def test_an_album_is_one_grid_that_opens_at_the_tapped_picture(page: Page, tmp_path: Path) -> None:
    pane = opened_group(page, tmp_path)
    album = pane.get_by_role("group", name="Album of 7")
    expect(album.get_by_role("button")).to_have_count(4)
    expect(album.get_by_role("button").last).to_have_accessible_name(re.compile("0004.*and 3 more"))
    expect(album.get_by_text("+3")).to_be_visible()
    # None of them has a bubble besides; the picture that is in no album has.
    expect(pane.get_by_role("button", name="Open picture")).to_have_count(1)
    expect(pane.get_by_role("button", name="Open picture IMG-20231115-WA0009.png")).to_be_visible()
    expect(pane.get_by_text(phones.CAPTION)).to_have_count(1)
    expect(pane.get_by_role("button", name="Reactions: 😍 Ann Merrow")).to_be_visible()

    album.get_by_role("button", name=phones.ALBUM[1]).click()
    expect(page.get_by_role("dialog", name=phones.ALBUM[1]).locator("img")).to_be_visible()
    for name in (*phones.ALBUM[2:], "IMG-20231115-WA0009.png"):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("dialog").get_by_text("Not in this backup")).to_be_visible()
    page.get_by_role("button", name="Show in the chat").click()
    expect(pane.locator(".bubble-found .album-found")).to_be_visible()


def test_words_below_a_picture_of_an_album_are_found_there(page: Page, tmp_path: Path) -> None:
    pane = opened_group(page, tmp_path)
    page.keyboard.press("a")
    page.get_by_role("searchbox", name="Search in all chats").fill("lighthouse")
    expect(page.locator(".hit")).to_have_count(1, timeout=steps.LONG)
    page.keyboard.press("Enter")
    expect(pane.locator(".bubble-found mark")).to_have_text("lighthouse", timeout=steps.LONG)
    expect(pane.locator(".bubble-found .album-found")).to_have_count(1)


def test_an_album_is_reached_and_left_by_keyboard(page: Page, tmp_path: Path) -> None:
    opened_group(page, tmp_path)
    tab_to(page, phones.ALBUM[2])
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=phones.ALBUM[2])).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=phones.ALBUM[2])).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_an_album_is_no_barrier(
    new_context: Callable[..., BrowserContext], tmp_path: Path, size: str, scheme: str
) -> None:
    page = new_context(viewport=SIZES[size], color_scheme=scheme, timezone_id="UTC").new_page()
    look = Look(page)
    opened_group(page, tmp_path)
    look("an album")
    assert look.found == []
