"""Passkey devices for real pages: Chromium's virtual authenticators, driven over its own protocol."""

import sqlite3
from contextlib import closing

from playwright.sync_api import CDPSession, Page

from tests.browser.product import Product


class Device:
    """An authenticator built into the computer that one page sees. `prf`: whether its passkeys can make secrets."""

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

    def refuse(self) -> None:
        """From now on the person's finger is not the right one."""
        self.protocol.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})

    def accept(self) -> None:
        self.protocol.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": True})


def vault_rows(product: Product) -> list[tuple[int, int, int]]:
    """Of every record in the vault's own database: guesses charged ever, guesses left, events."""
    with closing(sqlite3.connect(f"file:{product.data / 'vault.sqlite3'}?mode=ro", uri=True)) as database:
        return database.execute("SELECT charges, guesses_left, event_count FROM vault_record ORDER BY id").fetchall()
