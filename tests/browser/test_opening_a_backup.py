"""Opening a backup without an account: everything works without a network, and what is in a backup stays content."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import archives, exports, opened, steps
from tests.browser.browsers import NO_PICKER
from tests.browser.kept import Kept
from tests.browser.test_requests import Watch


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    made = new_context(accept_downloads=True, timezone_id="UTC", permissions=["clipboard-read", "clipboard-write"])
    made.add_init_script(NO_PICKER)
    made.add_init_script("delete window.showDirectoryPicker; window.print = () => { window.printed = document.title }")
    return made


@pytest.fixture
def silence(context: BrowserContext) -> opened.Silence:
    return opened.go(context.new_page())


def page_of(context: BrowserContext) -> Page:
    return context.pages[0]


def opened_account(context: BrowserContext, folder: Path) -> Page:
    page = page_of(context)
    opened.choose_folder(page, archives.account(folder))
    opened.read(page)
    return page


def test_reading_searching_and_exporting_ask_nobody_for_anything(context: BrowserContext, tmp_path: Path) -> None:
    watch = Watch(context)
    silence = opened.go(context.new_page())
    page = opened_account(context, tmp_path)
    opened.open_chat(page, "Harbour club")
    page.get_by_label("Messages with Harbour club").press("Home")
    expect(page.get_by_role("button", name="Open picture photo_1.png")).to_be_visible()

    page.keyboard.press("a")
    page.get_by_role("searchbox", name="Search in all chats").fill("n2997 harbour")
    expect(page.get_by_text("1 result")).to_be_visible(timeout=steps.LONG)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Ben Oakes").get_by_text("n2997")).to_be_visible()
    page.keyboard.press("Escape")

    opened.to_day(page, "2017-09-01")
    first_of_september = (1_504_224_000 - 1_500_000_000 + 7199) // 7200
    expect(page.get_by_text(f"n{first_of_september} ")).to_be_visible()

    page.get_by_role("button", name="Media of all chats").click()
    expect(page.get_by_role("button", name="All 6")).to_be_visible()
    page.get_by_role("button", name="Picture photo_2.png").click()
    expect(page.get_by_role("dialog", name="photo_2.png").locator("img")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Statistics of all chats").click()
    expect(page.get_by_role("region", name="Statistics").locator("canvas")).to_have_count(3)

    with page.expect_download() as download:
        page.get_by_role("button", name="Export", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Save as a zip").click()
    download.value.save_as(tmp_path / "chats.zip")
    with zipfile.ZipFile(tmp_path / "chats.zip") as written:
        names = written.namelist()
        assert "index.html" in names
        assert any(name.endswith("photo_1.png") for name in names)

    assert silence.broken_by == []
    assert [complaint for complaint in watch.complaints if "ERR_INTERNET_DISCONNECTED" not in complaint] == []


def test_the_ear_hears_requests(context: BrowserContext, silence: opened.Silence) -> None:
    page_of(context).evaluate("fetch('/health/live').catch(() => {})")
    page_of(context).workers[0].evaluate("fetch('/health/ready').catch(() => {})")
    page_of(context).wait_for_timeout(300)
    assert [url.rpartition("/")[2] for url in silence.broken_by] == ["live", "ready"]


@pytest.mark.usefixtures("silence")
def test_each_kind_of_message_shows_what_it_carries(context: BrowserContext, tmp_path: Path) -> None:
    page = opened_account(context, tmp_path)
    opened.open_chat(page, "Harbour club")
    pane = page.get_by_role("region", name="Harbour club")
    page.get_by_label("Messages with Harbour club").press("Home")
    expect(pane.get_by_role("button", name="Reactions: 👍 Ann Merrow and Cleo Park; 🎉 Cleo Park")).to_be_visible()
    pane.get_by_role("button", name="Copy the coordinates").click()
    expect(pane.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "53.541300, 9.984100"
    expect(pane.get_by_text("Pier 3")).to_be_visible()
    expect(pane.get_by_text("+4915550100")).to_be_visible()
    expect(pane.get_by_text("4 votes")).to_be_visible()
    expect(pane.get_by_text("Edited")).to_be_visible()
    expect(pane.get_by_text("Forwarded")).to_be_visible()
    expect(pane.get_by_text("1:05")).to_be_visible()
    expect(pane.get_by_text("Not in this backup")).to_be_visible()
    link = pane.get_by_role("link", name="https://example.org/times").first
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"


@pytest.mark.usefixtures("silence")
def test_markup_in_a_message_and_drawings_are_never_rendered(context: BrowserContext, tmp_path: Path) -> None:
    page = opened_account(context, tmp_path)
    page.on("dialog", lambda dialog: pytest.fail(f"a script of the backup ran: {dialog.message}"))
    opened.open_chat(page, "Harbour club")
    pane = page.get_by_role("region", name="Harbour club")
    expect(pane.get_by_text(archives.MARKUP)).to_be_visible()
    assert pane.locator("img[src='x'], script, iframe, object, embed").count() == 0
    expect(pane.get_by_role("button", name="Download drawing.svg")).to_be_visible()
    page.keyboard.press("m")
    page.get_by_role("button", name="File drawing.svg").click()
    dialog = page.get_by_role("dialog", name="drawing.svg")
    expect(dialog.get_by_text("This kind of file is not shown here")).to_be_visible()
    assert dialog.locator("img, iframe, object, embed, .lightbox-image").count() == 0


@pytest.mark.usefixtures("silence")
def test_a_quote_leads_to_its_message(context: BrowserContext, tmp_path: Path) -> None:
    page = opened_account(context, tmp_path)
    opened.open_chat(page, "دينا حداد")
    page.get_by_role("button", name="دينا حداد صباح الخير").click()
    expect(page.locator(".bubble-found")).to_contain_text("صباح الخير")
    assert page.locator(".bubble-found .bubble-text").evaluate("e => getComputedStyle(e).direction") == "rtl"


@pytest.mark.usefixtures("silence")
def test_a_search_is_narrowed_by_person_kind_and_day(context: BrowserContext, tmp_path: Path) -> None:
    page = opened_account(context, tmp_path)
    page.get_by_role("button", name="Search in all chats").click()
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Kind").select_option(label="Location")
    expect(page.get_by_text("1 result")).to_be_visible(timeout=steps.LONG)
    page.get_by_role("combobox", name="Kind").select_option(label="Anything")
    page.get_by_role("combobox", name="From").select_option(label="Cleo Park")
    expect(page.get_by_text("4 results")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    page.get_by_label("First day").fill("2017-09-01")
    page.get_by_label("Last day").fill("2017-09-01")
    expect(page.get_by_text("12 results")).to_be_visible()


@pytest.mark.usefixtures("silence")
def test_statistics_are_told_in_a_table_too(context: BrowserContext, tmp_path: Path) -> None:
    page = opened_account(context, tmp_path)
    opened.open_chat(page, "Ben Oakes")
    page.keyboard.press("s")
    pane = page.get_by_role("region", name="Statistics", exact=True)
    expect(pane.get_by_role("img").first).to_have_attribute("aria-label", "The most, 372 messages: August 2017")
    pane.get_by_text("As a table").first.click()
    table = pane.get_by_role("region", name="Messages over time").get_by_role("row")
    expect(table.filter(has_text="August 2017")).to_contain_text("372")
    expect(pane.get_by_role("row").filter(has_text="Ben Oakes")).to_contain_text("2,000")


@pytest.mark.parametrize(("form", "ending"), [("Plain text", ".txt"), ("Table (CSV)", ".csv"), ("JSON", ".json")])
@pytest.mark.usefixtures("silence")
def test_one_chat_is_exported(context: BrowserContext, tmp_path: Path, form: str, ending: str) -> None:
    page = opened_account(context, tmp_path)
    opened.open_chat(page, "Harbour club")
    page.keyboard.press("e")
    page.get_by_role("dialog").get_by_role("radio", name=form).check()
    page.get_by_role("dialog").get_by_role("checkbox", name="With pictures, videos and files").uncheck()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="Save as a zip").click()
    assert download.value.suggested_filename == "Harbour club.zip"
    download.value.save_as(tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as written:
        texts = [name for name in written.namelist() if name.endswith(ending)]
        assert texts
        assert not any("media/" in name for name in written.namelist())
        content = "".join(written.read(name).decode() for name in texts)
    assert "early ferry" in content
    assert "n2999" not in content
    if ending == ".json":
        for name in texts:
            with zipfile.ZipFile(tmp_path / "one.zip") as written:
                json.loads(written.read(name))


@pytest.mark.usefixtures("silence")
def test_a_chat_is_printed_whole_and_leaves_nothing_behind(context: BrowserContext, tmp_path: Path) -> None:
    page = opened_account(context, tmp_path)
    page.evaluate(
        "() => { window.print = () => { window.sheet = document.querySelector('#print-root').innerText;"
        " document.body.dataset.pictures = document.querySelectorAll('#print-root img').length } }"
    )
    opened.open_chat(page, "Harbour club")
    page.keyboard.press("e")
    page.get_by_role("dialog").get_by_role("radio", name="PDF or paper").check()
    page.get_by_role("dialog").get_by_role("button", name="Print").click()
    expect(page.locator("body")).to_have_attribute("data-pictures", "2", timeout=steps.LONG)
    sheet = page.evaluate("window.sheet")
    for words in ("early ferry", "Pier 3", "Friday: 4", "👍 2", archives.MARKUP):
        assert words in sheet
    expect(page.locator("#print-root")).to_have_count(0)


@pytest.mark.usefixtures("silence")
def test_a_further_backup_joins_and_each_tells_what_it_has(context: BrowserContext, tmp_path: Path) -> None:
    (tmp_path / "newer").mkdir()
    older = exports.android(tmp_path)
    newer = exports.android(tmp_path / "newer")
    with zipfile.ZipFile(newer.path) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".txt"))
        text = archive.read(name).decode()
    (tmp_path / "newer" / name).write_text(text + "14/11/2026, 08:00 - Tom: One more day\n")
    page = page_of(context)
    steps.choose_files(page, older.path)
    opened.found(page)
    steps.choose_files(page, tmp_path / "newer" / name, button="Add another backup")
    expect(page.locator(".figure").filter(has_text="Messages").locator("dd")).to_have_text(
        str(older.messages + 1), timeout=steps.LONG
    )
    opened.read(page)
    page.get_by_role("button", name="About this backup").click()
    dialog = page.get_by_role("dialog", name="About this backup")
    expect(dialog.get_by_text("1 only here")).to_be_visible()
    expect(dialog.get_by_text("0 only here")).to_be_visible()


@pytest.mark.usefixtures("silence")
def test_a_database_beyond_what_memory_holds_is_refused_by_its_size(context: BrowserContext, tmp_path: Path) -> None:
    page = page_of(context)
    with (tmp_path / "msgstore.db").open("wb") as database:
        database.write(b"SQLite format 3\0")
        database.truncate((2040 << 20) + 1)
    steps.choose_files(page, tmp_path / "msgstore.db")
    expect(page.get_by_text("The chat database is too large to be read here")).to_be_visible(timeout=steps.LONG)
    expect(page.get_by_text("Read this backup with the command line")).to_be_visible()


def test_what_was_opened_is_backed_up_without_choosing_it_again(
    new_context: Callable[..., BrowserContext], kept: Kept, tmp_path: Path
) -> None:
    page = new_context(storage_state=kept.state).new_page()
    page.goto("/app/open")
    export = exports.ios(tmp_path)
    steps.choose_files(page, export.path)
    opened.read(page)
    page.get_by_role("button", name="Back up what you see").click()
    steps.type_password(page, kept.password)
    opened.found(page)
    expect(page.get_by_text("Brindlemoor crew").first).to_be_visible()
    expect(page.get_by_role("button", name="Back up", exact=True)).to_be_enabled()


def test_signed_out_the_way_to_keep_it_leads_through_a_new_tab(page: Page, tmp_path: Path) -> None:
    page.goto("/app/open")
    steps.choose_files(page, exports.ios(tmp_path).path)
    opened.found(page)
    page.get_by_role("button", name="Back up what you see").click()
    dialog = page.get_by_role("dialog", name="Back up what you see")
    link = dialog.get_by_role("link", name="Make an account")
    expect(link).to_be_visible()
    assert link.get_attribute("target") == "_blank"


def test_the_landing_page_leads_there_and_nobody_is_asked_who_they_are(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.get_by_role("link", name="Open a backup").first.click()
    expect(page.get_by_role("heading", name="Open a backup")).to_be_visible(timeout=steps.LONG)
    expect(page.get_by_text(opened.COMPLETE)).to_be_visible(timeout=steps.LONG)
    assert not [url for url in asked if "/api/" in url]


@pytest.mark.usefixtures("silence")
def test_shortcuts_work_are_listed_and_can_be_switched_off(context: BrowserContext, tmp_path: Path) -> None:
    page = opened_account(context, tmp_path)
    page.keyboard.press("]")
    expect(page.get_by_role("region", name="دينا حداد")).to_be_visible()
    page.keyboard.press("]")
    expect(page.get_by_role("region", name="Harbour club")).to_be_visible()
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="Use single letters as shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.get_by_role("region", name="Media")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
