"""Ways to open a safe, as a person uses them: the password changed and removed, ways back in, the end of a safe."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import steps
from tests.browser.browsers import DESKTOP, PHONE
from tests.browser.product import Product

OLD = "harbour Ninety lanterns whistle"
NEW = "orchard Seven thimbles gallop"
SIZES = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture
def open_safe(product: Product, new_context: Callable[..., BrowserContext]) -> Callable[..., tuple[Page, str, str]]:
    """→ (page on the ways to open a fresh safe with password and digits, its digits, the address)."""

    def made(viewport: dict) -> tuple[Page, str, str]:
        page = new_context(viewport=viewport).new_page()
        address = steps.some_address("ways")
        steps.sign_up(product, page, address)
        digits = steps.make_safe_by_password(page, OLD)
        page.goto("/app/")
        page.get_by_role("link", name="Back up").click()
        steps.type_password(page, OLD)
        expect(page.get_by_role("heading", name="Back up chats")).to_be_visible(timeout=steps.LONG)
        return page, digits, address

    return made


def to_ways(page: Page) -> None:
    safe = page.url.rstrip("/").rsplit("/", 1)[-1]
    go(page, f"/app/safes/{safe}/protectors")
    expect(page.get_by_role("heading", name="Ways to open this safe")).to_be_visible(timeout=steps.LONG)
    expect(page.get_by_role("region", name="Password")).to_be_visible(timeout=steps.LONG)


def go(page: Page, path: str) -> None:
    """Within the app, so that what is unlocked stays unlocked."""
    page.evaluate("path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path)


def choose_password(page: Page, password: str, button: str) -> None:
    page.get_by_role("textbox", name=re.compile("^(New p|P)assword$")).fill(password)
    page.get_by_label("The same password again").fill(password)
    page.get_by_role("button", name=button).click()


def lock_and_go(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=steps.LONG)


@SIZES
def test_the_password_is_changed_and_only_the_new_one_opens(open_safe, viewport: dict) -> None:
    page, _, _ = open_safe(viewport)
    to_ways(page)
    page.get_by_role("button", name="Change the password").click()
    choose_password(page, NEW, "Change the password")
    expect(page.get_by_text("Only the new password opens this safe now.")).to_be_visible(timeout=steps.LONG)
    lock_and_go(page, page.url)
    steps.type_password(page, OLD)
    expect(page.get_by_text("Wrong password. 9 guesses left.")).to_be_visible(timeout=steps.LONG)
    steps.type_password(page, NEW)
    expect(page.get_by_role("heading", name="Ways to open this safe")).to_be_visible(timeout=steps.LONG)


def test_a_change_that_fails_leaves_the_old_password_and_goes_on(open_safe) -> None:
    page, _, _ = open_safe(DESKTOP)
    to_ways(page)
    page.get_by_role("button", name="Change the password").click()
    page.route("**/vault/v1/replacements/logins", lambda route: route.abort())
    choose_password(page, NEW, "Change the password")
    expect(page.get_by_text("Nothing was changed: the old password still works.")).to_be_visible(timeout=steps.LONG)
    page.unroute("**/vault/v1/replacements/logins")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Only the new password opens this safe now.")).to_be_visible(timeout=steps.LONG)


def test_the_password_goes_only_after_the_digits_were_checked(open_safe) -> None:
    page, digits, _ = open_safe(DESKTOP)
    to_ways(page)
    page.get_by_role("button", name="Remove", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Remove the password")).to_have_count(0)
    wrong = digits[:-1] + ("0" if digits[-1] != "0" else "1")
    dialog.get_by_label("The digits as you saved them").fill(wrong)
    dialog.get_by_role("button", name="Check the key").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("The digits as you saved them").fill(digits)
    dialog.get_by_role("button", name="Check the key").click()
    dialog.get_by_role("button", name="Remove the password").click()
    expect(page.get_by_role("button", name="Add a password")).to_be_visible(timeout=steps.LONG)
    page.get_by_role("button", name="Add a password").click()
    choose_password(page, NEW, "Set this password")
    expect(page.get_by_text("The password opens this safe now.")).to_be_visible(timeout=steps.LONG)


def test_a_forgotten_password_is_replaced_with_the_digits_at_hand(open_safe) -> None:
    page, digits, _ = open_safe(PHONE)
    to_ways(page)
    lock_and_go(page, page.url)
    page.get_by_role("link", name="I forgot my password").click()
    steps.type_key(page, digits)
    choose_password(page, NEW, "Change the password")
    expect(page.get_by_role("heading", name="The new password works")).to_be_visible(timeout=steps.LONG)
    page.get_by_role("button", name="Open backups").click()
    steps.see_backups(page)


def test_lost_digits_are_shown_again_with_the_password_at_hand(open_safe) -> None:
    page, digits, _ = open_safe(DESKTOP)
    to_ways(page)
    lock_and_go(page, page.url)
    page.get_by_role("link", name="I lost my key").click()
    steps.type_password(page, OLD)
    assert steps.shown_digits(page) == digits
    page.get_by_role("button", name="I have saved it").click()
    page.get_by_label("The digits as you saved them").fill(digits)
    page.get_by_role("button", name="Check the key").click()
    expect(page.get_by_role("heading", name="The key is saved")).to_be_visible()


def test_a_safe_nobody_can_open_goes_through_the_trash(product: Product, open_safe) -> None:
    page, _, address = open_safe(DESKTOP)
    to_ways(page)
    safe = page.url.split("/")[-2]
    lock_and_go(page, page.url)
    page.get_by_role("link", name="I have neither").click()
    expect(page.get_by_text("Nobody but you can open this safe")).to_be_visible()
    expect(page.get_by_text("10 guesses are left")).to_be_visible()
    expect(page.get_by_text("A new safe has a key of its own and starts empty.", exact=False)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Put it into the trash")).click()
    page.get_by_role("dialog").get_by_role("button", name="Put it into the trash").click()
    expect(page.get_by_text("In the trash", exact=True)).to_be_visible()
    go(page, f"/app/safes/{safe}/both-lost")
    expect(page.get_by_role("heading", name="In the trash")).to_be_visible()
    assert "is in the trash" in steps.latest_mail(product, page.context, address)
    page.get_by_role("button", name="Take it out of the trash").click()
    expect(page.get_by_role("heading", name="Put this safe into the trash")).to_be_visible()
    go(page, "/app/")
    expect(page.get_by_role("link", name="Back up")).to_be_visible()
    expect(page.get_by_text("In the trash", exact=True)).to_have_count(0)


def test_an_open_safe_is_deleted_at_once_after_typing_the_address(product: Product, open_safe) -> None:
    page, _, address = open_safe(DESKTOP)
    to_ways(page)
    page.get_by_role("button", name=re.compile("^Delete this safe")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("somebody@example.org")
    dialog.get_by_role("button", name="Delete it for good").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("textbox").fill(address)
    dialog.get_by_role("button", name="Delete it for good").click()
    expect(page.get_by_role("heading", name="Welcome to Coffer")).to_be_visible(timeout=steps.LONG)
    assert "was deleted" in steps.latest_mail(product, page.context, address)
