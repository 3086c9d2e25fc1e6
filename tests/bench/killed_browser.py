"""A person's own Chromium, killed with everything of it while it backs up."""

import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright, expect

from tests.bench.bench_backup import _chromium
from tests.browser import steps
from tests.browser.browsers import launch
from tests.browser.product import Product
from tests.flows.cli.site import Person


def signed_in(playwright: Playwright, product: Product, person: Person) -> Sequence[Any]:
    """Their cookies, from a sign-in by the code of a mail."""
    browser = launch(playwright)
    try:
        page = browser.new_context(base_url=product.origin).new_page()
        page.goto(product.origin)
        steps.sign_in(product, page, person.email)
        return page.context.cookies()
    finally:
        browser.close()


def back_up_and_die(
    playwright: Playwright, product: Product, person: Person, cookies: Sequence[Any], export: Path, seconds: float
) -> None:
    """Begins a backup in a browser of its own, which is killed that many seconds later."""
    with tempfile.TemporaryDirectory(prefix="coffer-killed-browser-", ignore_cleanup_errors=True) as folder:
        process, address = _chromium(playwright, Path(folder))
        try:
            browser = playwright.chromium.connect_over_cdp(address)
            context = browser.contexts[0]
            context.add_cookies(list(cookies))
            page = context.pages[0]
            page.goto(f"{product.origin}/app/backup/{person.safe}")
            steps.type_key(page, person.digits)
            expect(page.get_by_role("heading", name="Back up chats")).to_be_visible(timeout=steps.LONG)
            steps.choose(page, export)
            page.get_by_role("button", name="Back up", exact=True).click()
            time.sleep(seconds)
        finally:
            process.kill()
            process.wait()
            subprocess.run(["pkill", "-KILL", "-f", folder], check=False)
