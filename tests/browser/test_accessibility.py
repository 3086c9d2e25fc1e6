"""Every page and state of the app: axe finds nothing, nothing sticks out of the window, in both schemes, at both
sizes, in both directions; and all of it can be done by keyboard."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import exports, steps
from tests.browser.browsers import DESKTOP, NO_PICKER, PHONE
from tests.browser.kept import Kept, open_kept
from tests.browser.product import Product

SIZES = {"phone": PHONE, "desktop": DESKTOP}
PASSWORD = "gangway Seventy rope ladders"


SETTLED = """() => Promise.allSettled(
    document.getAnimations()
        .filter(animation => animation.effect.getTiming().iterations !== Infinity)
        .map(animation => animation.finished)
)"""


class Look:
    """Looks at a page's state: problems are collected by name, so that one run tells all of them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._axe = Axe()
        self.found: list[str] = []

    def __call__(self, state: str) -> None:
        page = self._page
        # Nothing may still be starting or fading in: half-drawn colours have no contrast.
        expect(page.locator(".boot-pill")).to_have_count(0, timeout=steps.LONG)
        page.evaluate(SETTLED)
        for violation in self._axe.run(page).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"]]
            self.found.append(f"{state}: {violation['id']}: {nodes}")
        for direction in ("ltr", "rtl"):
            page.evaluate("direction => { document.documentElement.dir = direction }", direction)
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wider > 0:
                self.found.append(f"{state}: {wider} px wider than the window ({direction})")
        page.evaluate("document.documentElement.dir = 'ltr'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_making_and_filling_a_safe(
    product: Product, new_context: Callable[..., BrowserContext], tmp_path: Path, size: str, scheme: str
) -> None:
    page = new_context(viewport=SIZES[size], color_scheme=scheme).new_page()
    look = Look(page)
    page.goto("/app/")
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    look("signed out")
    steps.sign_up(product, page, steps.some_address("accessible"))
    look("home, empty")
    page.get_by_role("button", name="Make a safe").click()
    look("new safe, choose")
    page.get_by_role("button", name=re.compile("^A password")).click()
    page.get_by_label("Password", exact=True).fill("harbour")
    expect(page.get_by_text("Weak")).to_be_visible(timeout=steps.LONG)
    look("new safe, weak password")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("too easy to guess")).to_be_visible()
    look("new safe, password refused")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    steps.shown_digits(page)
    look("new safe, key")
    page.get_by_role("button", name="I have saved it").click()
    look("new safe, check the key")
    page.get_by_label("Your key").fill("00g")
    page.get_by_role("button", name="Check the key").click()
    expect(page.get_by_text("cannot be in a key")).to_be_visible()
    look("new safe, key mistyped")
    page.get_by_role("button", name="Show the key again").click()
    page.get_by_role("button", name="Not now, I understand").click()
    expect(page.get_by_role("heading", name="Back up chats")).to_be_visible(timeout=steps.LONG)
    page.get_by_text("How to export a chat from WhatsApp").click()
    look("backup, choose")
    (tmp_path / "notes.txt").write_text("Milk, eggs, bread.\n")
    steps.choose_files(page, tmp_path / "notes.txt")
    expect(page.get_by_role("main").get_by_role("alert")).to_be_visible(timeout=steps.LONG)
    look("backup, not an export")
    export = exports.ios(tmp_path)
    steps.choose(page, export.path)
    look("backup, found")
    page.get_by_role("button", name="Back up", exact=True).click()
    expect(page.get_by_role("heading", name="Backed up")).to_be_visible(timeout=steps.LONG)
    look("backup, done")
    page.get_by_role("link", name="Coffer").click()
    expect(page.get_by_role("heading", name="Your safes")).to_be_visible()
    look("home, one safe open")
    page.get_by_label("Account menu").click()
    look("account menu")
    page.goto("/app/nowhere")
    expect(page.get_by_text("There is no such page")).to_be_visible(timeout=steps.LONG)
    look("no such page")
    assert look.found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_opening_and_reading_a_safe(
    new_context: Callable[..., BrowserContext], kept: Kept, size: str, scheme: str
) -> None:
    context = new_context(viewport=SIZES[size], color_scheme=scheme, storage_state=kept.state, accept_downloads=True)
    context.add_init_script(NO_PICKER)
    page = context.new_page()
    look = Look(page)
    page.goto("/app/")
    expect(page.get_by_text("Locked")).to_be_visible(timeout=steps.LONG)
    look("home, one safe locked")
    steps.open_backups(page)
    look("unlock by password")
    page.get_by_role("tab", name="Key").click()
    look("unlock by key")
    steps.type_key(page, kept.digits[:-2])
    expect(page.get_by_text("A key has 64 digits")).to_be_visible()
    look("unlock by key, mistyped")
    page.get_by_role("button", name="Show what is typed").click()
    look("unlock by key, shown")
    steps.type_key(page, kept.digits)
    steps.see_backups(page)
    look("safe")
    page.get_by_role("button", name="Show the key").click()
    steps.shown_digits(page)
    look("the key's dialog")
    page.get_by_role("dialog").get_by_role("button", name="Close").first.click()
    page.get_by_role("button", name="Original files").first.click()
    expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible(timeout=steps.LONG)
    look("the files' dialog")
    page.get_by_role("dialog").get_by_role("button", name="Close").first.click()
    steps.read_chat(page, "Ada Quillfeather")
    picture = page.get_by_role("button", name="Open picture IMG-20261104-WA0001.png")
    expect(picture.locator("img")).to_have_js_property("complete", True, timeout=steps.LONG)
    look("a chat")
    picture.click()
    expect(page.get_by_role("dialog").locator("img")).to_be_visible()
    look("a picture")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="About this chat").or_(page.get_by_title("About this chat")).first.click()
    look("about the chat")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Go to a day").click()
    look("go to a day")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Search in this chat").click()
    page.get_by_role("searchbox").fill("xylotomous")
    expect(page.get_by_text("1 result")).to_be_visible(timeout=steps.LONG)
    look("search")
    assert look.found == []


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until what has the focus has that name."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => {
                const e = document.activeElement;
                // Between two pages nothing has the focus; the body's text is everything that stands there.
                if (e === document.body) return '';
                const label = e.labels?.[0]?.textContent ?? '';
                return [e.getAttribute('aria-label') ?? '', label, e.textContent].join('|');
            }"""
        )
        if name in focused:
            visible = page.evaluate(
                """() => {
                    const style = getComputedStyle(document.activeElement);
                    return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
                }"""
            )
            assert visible, f"the focus on {name} cannot be seen"
            return
    raise AssertionError(f"Tab does not lead to {name}")


def test_a_safe_is_opened_and_read_by_keyboard_alone(new_context: Callable[..., BrowserContext], kept: Kept) -> None:
    page = new_context(storage_state=kept.state).new_page()
    page.goto("/app/")
    expect(page.get_by_role("link", name="Open backups")).to_be_visible(timeout=steps.LONG)
    tab_to(page, "Open backups")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Password of this safe")).to_be_visible()
    tab_to(page, "Password")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Key")).to_be_focused()
    tab_to(page, "The 64-digit key")
    page.keyboard.type(kept.digits)
    page.keyboard.press("Enter")
    steps.see_backups(page)
    tab_to(page, "Read")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Ada Quillfeather")).to_be_visible(timeout=steps.LONG)
    picture = page.get_by_role("button", name="Open picture IMG-20261104-WA0001.png")
    expect(picture).to_be_attached(timeout=steps.LONG)
    tab_to(page, "Open picture IMG-20261104-WA0001.png")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="IMG-20261104-WA0001.png")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Open picture IMG-20261104-WA0001.png")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("snollygoster")
    expect(page.get_by_text("1 result")).to_be_visible(timeout=steps.LONG)
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 1")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_a_backup_as_one_file(
    new_context: Callable[..., BrowserContext], kept: Kept, tmp_path: Path, size: str, scheme: str
) -> None:
    options = {"viewport": SIZES[size], "color_scheme": scheme, "accept_downloads": True}
    context = new_context(storage_state=kept.state, **options)
    context.add_init_script(NO_PICKER)
    page = open_kept(context, kept)
    look = Look(page)
    page.get_by_role("button", name="Download all as one file").first.click()
    steps.shown_digits(page)
    look("one file, the key first")
    page.get_by_label("I have saved the key.").check()
    with page.expect_download(timeout=steps.LONG) as download:
        page.get_by_role("button", name="Save the file").click()
    file = tmp_path / "x.coffer"
    download.value.save_as(file)
    expect(page.get_by_role("heading", name="The file is saved")).to_be_visible()
    look("one file, saved")
    page.goto("/app/open-container")
    expect(page.get_by_role("button", name="Choose the file")).to_be_visible()
    look("open a file")
    steps.choose_files(page, file, button="Choose the file")
    page.get_by_label("The 64-digit key").fill("x")
    page.get_by_role("button", name="Open the backup").click()
    expect(page.get_by_text("cannot be in a key")).to_be_visible(timeout=steps.LONG)
    look("open a file, wrong key")
    assert look.found == []
