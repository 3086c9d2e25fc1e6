"""Before exporting: from when to when, how much that is, and what is missing. On paper: all of it."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import archives, opened, phones, steps
from tests.browser.browsers import NO_PICKER


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    context = new_context(accept_downloads=True, timezone_id="Europe/Berlin")
    context.add_init_script(NO_PICKER)
    context.add_init_script("delete window.showDirectoryPicker")
    return context.new_page()


def long_chat(page: Page, folder: Path, messages: int = 3000) -> None:
    page.goto("/app/open")
    opened.choose_folder(page, archives.account(folder, messages))
    opened.read(page)
    opened.open_chat(page, "Ben Oakes")


def export_dialog(page: Page) -> Locator:
    page.keyboard.press("e")
    return page.get_by_role("dialog", name="Export")


def saved(page: Page) -> list[str]:
    """The lines of the text files in the zip that is saved."""
    with page.expect_download(timeout=steps.LONG) as download:
        page.get_by_role("dialog").get_by_role("button", name="Save as a zip").click()
    content = Path(download.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as written:
        texts = [written.read(name).decode() for name in written.namelist() if name.endswith(".txt")]
    return [line for text in texts for line in text.splitlines()]


def test_only_the_days_between_are_counted_and_exported(page: Page, tmp_path: Path) -> None:
    long_chat(page, tmp_path)
    dialog = export_dialog(page)
    expect(dialog.get_by_text("3,000 messages")).to_be_visible()
    dialog.get_by_role("radio", name="Plain text").check()
    dialog.get_by_label("From").fill("2017-09-02")
    dialog.get_by_label("To", exact=True).fill("2017-09-03")
    # Two days as this device's clock has them, a message every two hours.
    expect(dialog.get_by_text("24 messages")).to_be_visible()
    lines = saved(page)
    assert len(lines) == 24
    assert (lines[0][:10], lines[-1][:10]) == ("2017-09-02", "2017-09-03")


def test_chats_without_messages_in_that_time_are_left_out(page: Page, tmp_path: Path) -> None:
    long_chat(page, tmp_path, 200)
    dialog = export_dialog(page)
    dialog.get_by_role("radio", name="All chats").check()
    dialog.get_by_role("radio", name="Plain text").check()
    dialog.get_by_label("To", exact=True).fill("2017-12-31")
    expect(dialog.get_by_text("200 messages")).to_be_visible()
    assert len(saved(page)) == 200


def test_a_time_without_messages_is_told_and_nothing_can_be_saved(page: Page, tmp_path: Path) -> None:
    long_chat(page, tmp_path, 200)
    dialog = export_dialog(page)
    dialog.get_by_label("From").fill("2017-09-03")
    dialog.get_by_label("To", exact=True).fill("2017-09-02")
    expect(dialog.get_by_text("There are no messages in this time.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Save as a zip")).to_be_disabled()


def test_what_is_missing_is_told_before_it_is_exported(page: Page, tmp_path: Path) -> None:
    page.goto("/app/open")
    opened.choose_folder(page, phones.backup(tmp_path))
    opened.read(page)
    opened.open_chat(page, phones.GROUP)
    dialog = export_dialog(page)
    missing = dialog.get_by_text("1 file that the chats name is not in the backup.")
    expect(dialog.get_by_text("13 messages and 7 pictures, videos and files")).to_be_visible()
    expect(missing).to_be_visible()
    dialog.get_by_role("checkbox", name="With pictures, videos and files").uncheck()
    expect(missing).to_have_count(0)


def printed(page: Page) -> bytes:
    """The PDF of what the dialog lays out for paper, while it lies there."""
    page.evaluate(
        # Printing waits for the person; here, for the test.
        "() => { window.print = () => { document.body.dataset.printing = 'yes';"
        " URL.revokeObjectURL = () => {};"
        " window.kept = document.querySelector('#print-root').cloneNode(true) } }"
    )
    page.get_by_role("dialog").get_by_role("button", name="Print").click()
    expect(page.locator("body")).to_have_attribute("data-printing", "yes", timeout=steps.LONG)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate("document.body.append(window.kept)")
    return page.pdf(prefer_css_page_size=True)


def test_the_browsers_own_key_prints_the_whole_chat_not_the_screen(page: Page, tmp_path: Path) -> None:
    long_chat(page, tmp_path)
    page.keyboard.press("Control+p")
    expect(page.get_by_role("dialog").get_by_role("radio", name="PDF or paper")).to_be_checked()
    pdf = printed(page)
    assert pdf.startswith(b"%PDF")
    sheet = page.locator("#print-root")
    expect(sheet.locator(".printed")).to_have_count(3000)
    expect(sheet.locator(".printed").first).to_contain_text("n0 ")
    expect(sheet.locator(".printed").last).to_contain_text("n2999 ")
    page.emulate_media(media="print")
    expect(page.locator("#app")).to_be_hidden()
    expect(sheet).to_be_visible()
    # Many pages, and no bubble wider than they are.
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") > 50


def test_an_album_is_printed_in_one_bubble_and_only_the_days_asked_for(page: Page, tmp_path: Path) -> None:
    page.goto("/app/open")
    phone = phones.backup(tmp_path)
    opened.choose_folder(page, phone)
    opened.found(page)
    steps.choose_files(page, phones.text_export(tmp_path), button="Add another backup")
    figure = page.locator(".figure").filter(has_text="Messages").locator("dd")
    expect(figure).to_have_text("15", timeout=steps.LONG)
    opened.read(page)
    opened.open_chat(page, phones.GROUP)
    page.keyboard.press("Control+p")
    page.get_by_role("dialog").get_by_label("To", exact=True).fill("2023-11-14")
    expect(page.get_by_role("dialog").get_by_text("13 messages")).to_be_visible()
    printed(page)
    sheet = page.locator("#print-root")
    expect(sheet.locator(".printed-album img")).to_have_count(6)
    expect(sheet).to_contain_text("Picture: IMG-20231115-WA0007.png (not in this backup)")
    expect(sheet).not_to_contain_text("Same again next year?")
