"""What happened to a password, as its owner sees it, and "this wasn't me" from the mail to the next sign-in."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import steps
from tests.browser.browsers import DESKTOP, NO_PICKER, PHONE
from tests.browser.product import ROOT, Product
from tests.browser.test_accessibility import Look
from vault.wire.encoding import from_text

PASSWORD = "gangway Seventy rope ladders"


def everywhere(page: Page, look: Look, state: str) -> None:
    """The state at both sizes, in both schemes."""
    for size, window in (("phone", PHONE), ("desktop", DESKTOP)):
        for scheme in ("light", "dark"):
            page.set_viewport_size(window)
            page.emulate_media(color_scheme=scheme)
            look(f"{state}, {size}, {scheme}")


def guess(page: Page, password: str) -> None:
    """From the start page, the safe locked: one guess."""
    page.goto("/app/")
    page.get_by_role("link", name=re.compile("Back up chats|Open backups")).first.click()
    steps.type_password(page, password)


def mailed_link(product: Product, context: BrowserContext, address: str) -> str:
    """The link "this wasn't me" of the mail about a safe's password."""
    mail = steps.latest_mail(product, context, address, holding="/not-me/", tries=480)
    found = re.search(r"/not-me/\?t=\S+", mail)
    assert found
    return found.group(0)


def test_activity_is_shown_downloaded_and_verified(
    product: Product, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    context = new_context(accept_downloads=True)
    context.add_init_script(NO_PICKER)
    page = context.new_page()
    look = Look(page)
    address = steps.some_address("watchful")
    steps.sign_up(product, page, address)
    steps.make_safe_by_password(page, PASSWORD)
    for wrong in ("not this one at all", "nor that one"):
        guess(page, wrong)
        expect(page.get_by_text("Wrong password.")).to_be_visible(timeout=steps.LONG)
    page.goto("/app/")
    page.get_by_role("link", name="Activity").click()
    expect(page.get_by_role("heading", name="Activity")).to_be_visible(timeout=steps.LONG)
    expect(page.get_by_text("2 wrong passwords so far")).to_be_visible(timeout=steps.LONG)
    expect(page.get_by_text("A wrong password: number 2 in a row, 8 guesses left.")).to_be_visible()
    everywhere(page, look, "activity, two wrong")
    page.get_by_role("button", name="Unlocks").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing of this kind has happened.")).to_be_visible()
    everywhere(page, look, "activity, nothing of this kind")
    page.get_by_role("button", name="Everything").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as JSON").click()
    saved = tmp_path / "activity.json"
    download.value.save_as(saved)
    assert verified(page, saved) == {"verified": True, "events": 4, "faults": []}
    changed = json.loads(saved.read_text())
    changed["records"][0]["events"][3]["guesses_left"] = 9
    saved.write_text(json.dumps(changed))
    assert verified(page, saved)["verified"] is False
    guess(page, PASSWORD)
    expect(page.get_by_role("heading", name="Back up chats")).to_be_visible(timeout=steps.LONG)
    page.goto("/app/")
    page.get_by_role("link", name="Activity").click()
    expect(page.get_by_text("No wrong password since your last unlock")).to_be_visible(timeout=steps.LONG)
    assert look.found == []


def verified(page: Page, file: Path) -> dict[str, object]:
    """What the command says, given the key that the vault itself names."""
    identity = page.request.get("/vault/v1/identity").json()
    key = from_text(identity["signing_public_key"], 32).hex()
    command = [sys.executable, "-m", "webapp.cli", "verify-activity", str(file), "--vault-key", key, "--json"]
    answer = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout)
    return {name: answer[name] for name in ("verified", "events", "faults")}


def test_a_safe_without_a_password_has_an_empty_page(
    product: Product, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    look = Look(page)
    steps.sign_up(product, page, steps.some_address("keyed"))
    steps.make_safe_by_key(page)
    safe = re.search(r"[0-9a-f]{32}", page.url)
    assert safe
    page.goto(f"/app/safes/{safe.group(0)}/activity")
    expect(page.get_by_text("This safe has no password")).to_be_visible(timeout=steps.LONG)
    everywhere(page, look, "activity, empty")
    assert look.found == []


def test_this_wasnt_me_closes_the_account_until_the_next_sign_in(
    product: Product, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    address = steps.some_address("robbed")
    steps.sign_up(product, page, address)
    steps.make_safe_by_password(page, PASSWORD)
    guess(page, PASSWORD)
    expect(page.get_by_role("heading", name="Back up chats")).to_be_visible(timeout=steps.LONG)
    reader = new_context().new_page()
    look = Look(reader)
    reader.goto(mailed_link(product, page.context, address))
    expect(reader.get_by_role("heading", name="Was it somebody else?")).to_be_visible()
    everywhere(reader, look, "not me, asking")
    reader.get_by_role("button", name="Sign out everywhere and pause").click()
    expect(reader.get_by_role("heading", name="Done: your account is closed to everybody")).to_be_visible()
    everywhere(reader, look, "not me, done")
    page.goto("/app/")
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible(timeout=steps.LONG)
    steps.sign_in(product, page, address)
    guess(page, PASSWORD)
    expect(page.get_by_role("heading", name="Back up chats")).to_be_visible(timeout=steps.LONG)
    assert look.found == []
