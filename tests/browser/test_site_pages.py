"""The site's pages in a real browser: accessible, first-party, at peace with their own policy, no sideways scroll."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
OPEN = ["/", "/promises/", "/limits/", "/hand-over/", "/accounts/login/", "/accounts/signup/", "/nowhere/", "/inbox/"]
SIGNED_IN = [
    "/accounts/sessions/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/app-tokens/",
    "/accounts/your-data/",
    "/accounts/delete/",
    "/accounts/2fa/totp/activate/",
    "/accounts/logout/",
    "/inbox/",
]


class Watch:
    """Notes what a page should not do."""

    def __init__(self, page: Page, origin: str) -> None:
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("console", self._console)
        page.on("request", lambda request: self._request(request.url, origin))

    def _console(self, message: Any) -> None:
        # An answer other than 200 to the page itself is logged as an error too; those are looked at on purpose.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _request(self, url: str, origin: str) -> None:
        if not url.startswith((origin + "/", "data:")):
            self.complaints.append(f"request to another host: {url}")


def look(page: Page) -> None:
    """axe finds nothing, and nothing sticks out of the window. The page is complete."""
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found] == [], page.url
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, page.url


def code_from_inbox(context: BrowserContext) -> str:
    inbox = context.new_page()
    inbox.goto("/inbox/")
    code = inbox.locator(".inbox-code .mono").first.inner_text()
    inbox.close()
    return code


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_accessible_first_party_and_fits(
    new_context: Callable[..., BrowserContext], product: Any, size: str, scheme: str
) -> None:
    context = new_context(viewport=SIZES[size], color_scheme=scheme)
    page = context.new_page()
    watch = Watch(page, product.origin)
    for path in OPEN:
        page.goto(path)
        look(page)

    page.goto("/accounts/signup/?next=/accounts/sessions/")
    page.get_by_label("E-mail address").fill(f"{size}-{scheme}@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").wait_for()
    look(page)
    page.get_by_label("Code").fill("0000-0000")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("That is not the code").wait_for()
    look(page)
    page.get_by_label("Code").fill(code_from_inbox(context))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Where you are signed in").wait_for()
    for path in SIGNED_IN:
        page.goto(path)
        look(page)
    assert watch.complaints == []


def test_the_first_tab_reaches_the_skip_link_and_it_leads_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_times_are_shown_in_the_readers_zone(new_context: Callable[..., BrowserContext]) -> None:
    context = new_context(timezone_id="Asia/Tokyo", locale="en-US")
    page = context.new_page()
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill("tokyo@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.goto("/inbox/")
    time = page.locator("time").first
    moment = time.get_attribute("datetime")
    in_tokyo = "{dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Tokyo'}"
    expected = page.evaluate(f"moment => new Intl.DateTimeFormat('en', {in_tokyo}).format(new Date(moment))", moment)
    assert time.inner_text() == expected


def test_the_inbox_shows_a_new_mail_by_itself(new_context: Callable[..., BrowserContext]) -> None:
    context = new_context()
    inbox, page = context.new_page(), context.new_page()
    inbox.goto("/inbox/")
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill("arrives@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("heading", name="Enter your code").wait_for()
    inbox.bring_to_front()
    inbox.get_by_text(re.compile("to arrives@example.org")).wait_for(timeout=15_000)


def test_without_scripts_signing_up_still_works(new_context: Callable[..., BrowserContext]) -> None:
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/signup/?next=/accounts/sessions/")
    page.get_by_label("E-mail address").fill("noscript@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_from_inbox(context))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Where you are signed in").wait_for()
