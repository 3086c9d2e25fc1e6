"""Passkey devices for real pages (Chromium's virtual authenticators), and what a person does with them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser import exports, steps
from tests.browser.product import Product

PASSWORD = "orchard Ninety lanterns whistle"


class Device:
    """An authenticator built into the computer that one page sees. prf: whether its passkeys can make secrets."""

    def __init__(self, page: Page, *, prf: bool = True) -> None:
        self.protocol: CDPSession = page.context.new_cdp_session(page)
        self.protocol.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "hasPrf": prf,
            "automaticPresenceSimulation": True,
            "isUserVerified": True,
        }
        self.id = self.protocol.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def credentials(self) -> list[dict]:
        """What it keeps: one entry a passkey."""
        return list(self.protocol.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"])

    def lose(self) -> None:
        """Whatever it kept is gone."""
        self.protocol.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})


def to_ways(page: Page) -> None:
    """From the open safe's page to the ways to open it."""
    page.get_by_role("link", name="Ways to open this safe").click()
    expect(page.get_by_role("heading", name="Ways to open this safe")).to_be_visible(timeout=steps.LONG)


def to_backups(page: Page) -> None:
    """And back."""
    page.get_by_role("link", name="Backups").first.click()
    steps.see_backups(page)


def begin_to_add(page: Page, name: str = "My laptop") -> Locator:
    """On the page of ways: fills in the window for a new passkey and sends it off → the window."""
    page.get_by_role("button", name="Add a passkey").click()
    dialog = page.get_by_role("dialog", name="Add a passkey")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Create the passkey").click()
    return dialog


def add_passkey(page: Page, name: str = "My laptop") -> None:
    """From the open safe's page and back to it."""
    to_ways(page)
    begin_to_add(page, name)
    expect(page.get_by_role("list", name="Passkeys of this safe")).to_contain_text(name, timeout=steps.LONG)
    to_backups(page)


def to_open_safe(product: Product, page: Page, folder: Path) -> tuple[str, str]:
    """Signs up, makes a safe with password and digits, and backs up → (address, digits), on the safe's page."""
    address = steps.some_address("passkey")
    steps.sign_up(product, page, address)
    digits = steps.make_safe_by_password(page, PASSWORD)
    steps.back_up(page, exports.ios(folder).path)
    page.get_by_role("link", name="Coffer").click()
    steps.open_backups(page)
    steps.see_backups(page)
    return address, digits


def lock(page: Page) -> None:
    """As closing the tab does."""
    page.reload()
    expect(page.get_by_role("heading", name="Open this safe")).to_be_visible(timeout=steps.LONG)


def vault_rows(product: Product) -> list[tuple[int, int, int]]:
    """Of every record in the vault's own database: guesses charged ever, guesses left, events."""
    with closing(sqlite3.connect(f"file:{product.data / 'vault.sqlite3'}?mode=ro", uri=True)) as database:
        return database.execute("SELECT charges, guesses_left, event_count FROM vault_record ORDER BY id").fetchall()
