"""What a person does, as steps that tests put together. Everything goes through the page, by what is written on it."""

import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, TimeoutError, expect

from tests.browser.product import Product, code_in

LONG = 90_000


def latest_mail(product: Product, context: BrowserContext, address: str, *, holding: str = "", tries: int = 60) -> str:
    """The newest mail to that address (with that text in it), from the development inbox."""
    inbox = context.new_page()
    try:
        for _ in range(tries):
            inbox.goto(f"{product.origin}/inbox/")
            mail = inbox.get_by_label("Mails").locator("li", has_text=address).filter(has_text=holding).first
            if mail.count():
                return mail.inner_text()
            inbox.wait_for_timeout(250)
    finally:
        inbox.close()
    raise AssertionError(f"no mail to {address}")


def origin_of(page: Page) -> str:
    """The product's address as this page uses it (a relay may stand between); empty where only its context knows."""
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def sign_up(product: Product, page: Page, address: str) -> None:
    page.goto(f"{origin_of(page)}/")
    page.goto(f"{origin_of(page)}/accounts/signup/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_in(latest_mail(product, page.context, address)))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Welcome to Coffer")).to_be_visible(timeout=LONG)


def sign_in(product: Product, page: Page, address: str) -> None:
    page.goto(f"{origin_of(page)}/accounts/login/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name=re.compile("code", re.I)).first.click()
    expect(page.get_by_label("Code")).to_be_visible()
    page.get_by_label("Code").fill(code_in(latest_mail(product, page.context, address)))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your safes")).to_be_visible(timeout=LONG)


def make_safe_by_key(page: Page) -> str:
    """Makes a safe, types the key again as asked, and returns the digits."""
    page.get_by_role("button", name=re.compile("^Make (a|another) safe")).click()
    page.get_by_role("button", name=re.compile("^A 64-digit key")).click()
    digits = shown_digits(page)
    page.get_by_role("button", name="I have saved it").click()
    page.get_by_label("Your key").fill(digits.upper().replace(" ", "-"))
    page.get_by_role("button", name="Check the key").click()
    expect(page.get_by_role("heading", name="Back up chats")).to_be_visible(timeout=LONG)
    return digits


def shown_digits(page: Page) -> str:
    """The digits of the key that the page shows, in groups of four."""
    grid = page.get_by_role("list", name="The key: 16 groups of 4 digits").first
    expect(grid).to_be_visible(timeout=LONG)
    digits = " ".join(re.findall(r"\b[0-9a-f]{4}\b", grid.inner_text()))
    assert len(digits) == 79
    return digits


def choose_password(page: Page, password: str) -> str:
    """For a new safe → the digits that are shown to be saved too."""
    page.get_by_role("button", name=re.compile("^Make (a|another) safe")).click()
    page.get_by_role("button", name=re.compile("^A password")).click()
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("The same password again").fill(password)
    page.get_by_role("button", name="Continue").click()
    return shown_digits(page)


def make_safe_by_password(page: Page, password: str) -> str:
    """Makes a safe by a password and returns the digits that are shown to be saved too."""
    digits = choose_password(page, password)
    page.get_by_role("button", name="Not now, I understand").click()
    expect(page.get_by_role("heading", name="Back up chats")).to_be_visible(timeout=LONG)
    return digits


def some_address(who: str) -> str:
    """An address that no other test uses, on a product that may have been used before."""
    return f"{who}-{secrets.token_hex(4)}@example.org"


def choose_files(page: Page, *files: Path, button: str = "Choose files") -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(list(files))


def choose(page: Page, *files: Path) -> None:
    choose_files(page, *files)
    expect(page.get_by_role("heading", name="What we found")).to_be_visible(timeout=LONG)


def back_up(page: Page, *files: Path) -> None:
    choose(page, *files)
    page.get_by_role("button", name="Back up", exact=True).click()
    expect(page.get_by_role("heading", name="Backed up")).to_be_visible(timeout=LONG)


def open_backups(page: Page) -> None:
    page.get_by_role("link", name="Open backups").click()


def type_password(page: Page, password: str) -> None:
    page.get_by_label("Password of this safe").fill(password)
    page.get_by_role("button", name="Open the safe").click()


def type_key(page: Page, digits: str) -> None:
    tab = page.get_by_role("tab", name="Key")
    if tab.count():
        tab.click()
    page.get_by_label("The 64-digit key").fill(digits)
    page.get_by_role("button", name="Open the safe").click()


def see_backups(page: Page) -> None:
    expect(page.get_by_role("heading", name="Backups", exact=True)).to_be_visible(timeout=LONG)


def read_chat(page: Page, name: str) -> None:
    """From the safe's page into one chat of its newest backup (an only chat opens by itself)."""
    page.get_by_role("link", name="Read", exact=True).first.click()
    pane = page.get_by_role("region", name=name)
    row = page.get_by_role("list", name="Chats").get_by_role("button", name=re.compile(re.escape(name)))
    expect(pane.or_(row).first).to_be_visible(timeout=LONG)
    if not pane.is_visible():
        try:
            row.click(timeout=3_000)
        except TimeoutError:
            pass  # it opened by itself meanwhile, and on a phone the list is gone then
    expect(pane).to_be_visible(timeout=LONG)


def download_original(page: Page, name: str, to: Path) -> bytes:
    """From the safe's page: the original file, saved by the browser."""
    page.get_by_role("button", name="Original files").first.click()
    with page.expect_download(timeout=20_000) as download:
        page.get_by_role("button", name=f"Download {name}").click()
    download.value.save_as(to)
    page.get_by_role("dialog").get_by_role("button", name="Close").first.click()
    return to.read_bytes()
