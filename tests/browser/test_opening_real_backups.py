"""Backups that phones and other programs wrote, opened on the page without an account and without a network."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import opened, steps
from tests.browser.browsers import NO_PICKER

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
LANGUAGES = CORPUS / "starkdmi+whats_json" / "languages"
IOS = CORPUS / "abrignoni+iLEAPP" / "testdata.whatsApp.whatsAppMessages.josh_ios15_ffs.zip"
CRYPT = CORPUS / "ElDavoo+wa-crypt-tools"
GENERATED = CORPUS / "derived" / "gen5k.db.crypt15"
ROOT_KEY = "6730a595a1484d0c39c101dc0ac82ec5e401bb6f0e1b8ee2dc104a6b3687f017"
#: Messages of each, and a word in its own script.
SCRIPTS = {
    "arabic_ios": (23, "الرسائل"),
    "hindi_ios": (23, "मैसेजेस"),
    "japanese_ios": (23, "通話"),
    "thai_ios": (23, "ข้อความ"),
    "russian_android": (60, "Сообщения"),
}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    context = new_context(accept_downloads=True, timezone_id="UTC")
    context.add_init_script(NO_PICKER)
    return context.new_page()


def messages_found(page: Page, count: int) -> None:
    opened.found(page)
    figure = page.locator(".figure").filter(has_text="Messages").locator("dd")
    expect(figure).to_have_text(f"{count:,}")


def exported(page: Page, to: Path) -> list[str]:
    with page.expect_download(timeout=steps.LONG) as download:
        page.get_by_role("button", name="Export", exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("radio", name="Plain text")).to_be_visible()
        if dialog.get_by_role("radio", name="All chats").count():
            dialog.get_by_role("radio", name="All chats").check()
        dialog.get_by_role("radio", name="Plain text").check()
        page.get_by_role("dialog").get_by_role("button", name="Save as a zip").click()
    download.value.save_as(to)
    with zipfile.ZipFile(to) as written:
        return [written.read(name).decode() for name in written.namelist() if name.endswith(".txt")]


def searched(page: Page, words: str) -> None:
    page.get_by_role("button", name="Search in all chats").click()
    page.get_by_role("searchbox", name="Search in all chats").fill(words)
    expect(page.locator(".hit").first).to_be_visible(timeout=steps.LONG)
    page.keyboard.press("Enter")
    expect(page.locator(".bubble-found mark").first).to_be_visible(timeout=steps.LONG)
    page.keyboard.press("Escape")


def of_kind(page: Page, kind: str, count: int) -> None:
    """Searches for nothing but a kind of message."""
    page.get_by_role("button", name="Search in all chats").click()
    page.get_by_role("searchbox", name="Search in all chats").fill("")
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Kind").select_option(label=kind)
    expect(page.get_by_text(f"{count} results")).to_be_visible(timeout=steps.LONG)


def test_exports_in_five_scripts_are_read_searched_jumped_in_and_exported(page: Page, tmp_path: Path) -> None:
    silence = opened.go(page)
    for name, (count, word) in SCRIPTS.items():
        steps.choose_files(page, LANGUAGES / f"{name}.txt")
        messages_found(page, count)
        opened.read(page)
        searched(page, "Hello World")
        searched(page, word)
        opened.to_day(page, "2022-03-18")
        expect(page.locator("[data-position='0']")).to_be_visible()
        texts = exported(page, tmp_path / f"{name}.zip")
        assert any("Hello World" in text and word in text for text in texts)
        page.get_by_role("button", name="Close the chats").click()
        page.get_by_role("button", name="Choose something else").click()
    assert silence.broken_by == []


def test_a_phones_crypt15_opens_with_its_key_file_and_not_with_another_key(page: Page, tmp_path: Path) -> None:
    silence = opened.go(page)
    steps.choose_files(page, CRYPT / "msgstore.db.crypt15")
    field = page.get_by_label("Key of the backup")
    expect(field).to_be_visible(timeout=steps.LONG)
    field.fill(ROOT_KEY[:-1] + "8")
    page.get_by_role("button", name="Open the backup").click()
    expect(page.get_by_text("not the one that this backup was made with")).to_be_visible(timeout=steps.LONG)
    steps.choose_files(page, CRYPT / "encrypted_backup.key", button="Choose a key file")
    messages_found(page, 9)
    opened.read(page)
    expect(page.get_by_role("list", name="Chats").get_by_role("button")).to_have_count(8)
    page.get_by_role("button", name="Media of all chats").click()
    expect(page.get_by_role("button", name="All 9")).to_be_visible()
    # Its nine messages are pictures and videos without a word.
    of_kind(page, "Picture", 5)
    page.get_by_role("button", name="Next result").click()
    expect(page.locator(".bubble-found").get_by_text("Not in this backup")).to_be_visible(timeout=steps.LONG)
    page.keyboard.press("Escape")
    opened.to_day(page, "1970-01-01")
    expect(page.locator("[data-position='0']")).to_be_visible()
    assert len(exported(page, tmp_path / "chats.zip")) == 9  # eight chats, and the list of what is missing
    assert silence.broken_by == []


def test_five_thousand_messages_of_a_crypt15_are_searched_jumped_in_and_counted(page: Page) -> None:
    silence = opened.go(page)
    steps.choose_files(page, GENERATED)
    page.get_by_label("Key of the backup").fill(ROOT_KEY)
    page.get_by_role("button", name="Open the backup").click()
    messages_found(page, 5000)
    opened.read(page)
    page.get_by_role("list", name="Chats").get_by_role("button").nth(1).click()
    page.get_by_role("button", name="Go to a day").click()
    day = page.get_by_label("Day", exact=True)
    day.fill(str(day.get_attribute("min")))
    page.get_by_role("button", name="Go there").click()
    expect(page.locator("[data-position='0']")).to_be_visible()
    page.get_by_role("button", name="Statistics of all chats").click()
    statistics = page.get_by_role("region", name="Statistics", exact=True)
    expect(statistics.locator(".figure").first).to_contain_text("5,000", timeout=steps.LONG)
    assert silence.broken_by == []


def test_an_iphones_database_is_read_and_its_coordinates_ask_no_map(page: Page, tmp_path: Path) -> None:
    silence = opened.go(page)
    steps.choose_files(page, IOS)
    messages_found(page, 32)
    expect(page.get_by_text("WhatsApp on an iPhone")).to_be_visible()
    opened.read(page)
    searched(page, "QNAP")
    opened.to_day(page, "2023-05-02")
    expect(page.locator("[data-position='0']")).to_be_visible()
    of_kind(page, "Location", 4)
    page.get_by_role("button", name="Next result").click()
    expect(page.get_by_role("button", name="Copy the coordinates").first).to_be_visible()
    page.keyboard.press("Escape")
    assert len(exported(page, tmp_path / "chats.zip")) >= 5
    assert silence.broken_by == []
