"""A passkey as a way into a safe, in real Chromium with its virtual authenticators, against the real product."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import passkeys, steps
from tests.browser.passkeys import PASSWORD, Device, add_passkey, lock, to_backups, to_open_safe, to_ways, vault_rows
from tests.browser.product import Product
from tests.browser.test_accessibility import SETTLED

NewContext = Callable[..., BrowserContext]


def see(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible(timeout=steps.LONG)


def open_with_passkey(page: Page) -> None:
    page.get_by_role("button", name="Open with a passkey").click()


def test_a_passkey_opens_the_safe_and_costs_no_guess(product: Product, new_context: NewContext, tmp_path: Path) -> None:
    page = new_context().new_page()
    device = Device(page)
    address, _ = to_open_safe(product, page, tmp_path)
    add_passkey(page)
    assert len(device.credentials()) == 1
    to_ways(page)
    see(page, "Not used yet")
    to_backups(page)

    before = vault_rows(product)
    lock(page)
    open_with_passkey(page)
    steps.see_backups(page)
    assert vault_rows(product) == before
    to_ways(page)
    see(page, "Last used")

    # Another browser, without the passkey, is told so, and the other ways are there.
    other = new_context().new_page()
    Device(other)
    steps.sign_in(product, other, address)
    steps.open_backups(other)
    open_with_passkey(other)
    see(other, "The passkey was not used.")
    steps.type_password(other, PASSWORD)
    steps.see_backups(other)
    assert vault_rows(product) != before, "the counter that did not move above is one that moves"


def test_a_device_that_lost_the_passkey_opens_nothing_and_costs_nothing(
    product: Product, new_context: NewContext, tmp_path: Path
) -> None:
    page = new_context().new_page()
    device = Device(page)
    _, digits = to_open_safe(product, page, tmp_path)
    add_passkey(page)
    lock(page)
    before = vault_rows(product)
    device.lose()
    open_with_passkey(page)
    see(page, "The passkey was not used.")
    steps.type_key(page, digits)
    steps.see_backups(page)
    assert vault_rows(product) == before


def test_a_passkey_that_cannot_make_secrets_is_refused_in_plain_words(
    product: Product, new_context: NewContext, tmp_path: Path
) -> None:
    page = new_context().new_page()
    Device(page, prf=False)
    to_open_safe(product, page, tmp_path)
    to_ways(page)
    dialog = passkeys.begin_to_add(page)
    see(page, "This browser, or the passkey you chose, cannot open safes.")
    see(page, "The password and the 64-digit key always work.")
    dialog.get_by_role("button", name="Close").click()
    see(page, "There is no passkey for this safe yet.")


@pytest.mark.parametrize(
    "lacking",
    [
        "delete window.PublicKeyCredential",
        "PublicKeyCredential.getClientCapabilities = async () => ({ 'extension:prf': false })",
    ],
    ids=["no passkeys", "no PRF"],
)
def test_a_browser_that_cannot_says_so_and_what_else_works(
    product: Product, new_context: NewContext, tmp_path: Path, lacking: str
) -> None:
    page = new_context().new_page()
    Device(page)
    address, digits = to_open_safe(product, page, tmp_path)
    add_passkey(page)

    context = new_context()
    context.add_init_script(lacking)
    other = context.new_page()
    steps.sign_in(product, other, address)
    steps.open_backups(other)
    see(other, "This browser cannot open safes with passkeys")
    expect(other.get_by_role("button", name="Open with a passkey")).to_have_count(0)
    steps.type_key(other, digits)
    steps.see_backups(other)
    to_ways(other)
    expect(other.get_by_role("list", name="Passkeys of this safe")).to_contain_text("My laptop")
    expect(other.get_by_role("button", name="Add a passkey")).to_have_count(0)


def test_a_device_takes_one_passkey_a_safe_and_removing_needs_another_way_proved(
    product: Product, new_context: NewContext, tmp_path: Path
) -> None:
    page = new_context().new_page()
    device = Device(page)
    _, digits = to_open_safe(product, page, tmp_path)
    add_passkey(page)
    to_ways(page)
    dialog = passkeys.begin_to_add(page)
    see(page, "This device already has a passkey for this safe.")
    dialog.get_by_role("button", name="Close").click()
    assert len(device.credentials()) == 1

    # Whoever came in by the passkey has shown no other way yet.
    to_backups(page)
    lock(page)
    open_with_passkey(page)
    steps.see_backups(page)
    to_ways(page)
    page.get_by_role("button", name="Remove My laptop").click()
    proof = page.get_by_role("dialog", name="First show another way in")
    expect(proof).to_be_visible()
    proof.get_by_label("Password of this safe").fill("not the password at all")
    proof.get_by_role("button", name="Continue").click()
    see(page, "Wrong password. 9 guesses left.")
    proof.get_by_role("tab", name="Key").click()
    proof.get_by_label("The 64-digit key").fill(digits)
    proof.get_by_role("button", name="Continue").click()
    page.get_by_role("dialog", name="Remove this passkey?").get_by_role("button", name="Remove the passkey").click()
    see(page, "There is no passkey for this safe yet.")

    # A wrap that is gone opens nothing any more, though the device still has its passkey.
    to_backups(page)
    lock(page)
    expect(page.get_by_role("button", name="Open with a passkey")).to_have_count(0)
    assert len(device.credentials()) == 1


def test_a_passkey_whose_wrap_was_changed_is_told_as_it_is(
    product: Product, new_context: NewContext, tmp_path: Path
) -> None:
    page = new_context().new_page()
    Device(page)
    to_open_safe(product, page, tmp_path)
    add_passkey(page)
    lock(page)

    def damage(route: object) -> None:
        reply = route.fetch()  # type: ignore[attr-defined]
        rows = reply.json()
        wrapped = rows[0]["wrapped_key"]
        rows[0]["wrapped_key"] = ("A" if wrapped[0] != "A" else "B") + wrapped[1:]
        route.fulfill(response=reply, json=rows)  # type: ignore[attr-defined]

    page.context.route("**/passkeys", damage)
    open_with_passkey(page)
    see(page, "This passkey does not open the safe.")
    page.context.unroute("**/passkeys")
    open_with_passkey(page)
    steps.see_backups(page)


def test_the_passkey_pages_are_accessible_and_work_by_keyboard(
    product: Product, new_context: NewContext, tmp_path: Path
) -> None:
    page = new_context().new_page()
    Device(page)
    to_open_safe(product, page, tmp_path)
    to_ways(page)
    add = page.get_by_role("button", name="Add a passkey")
    add.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Add a passkey")).to_be_visible()
    page.get_by_label("Name").fill("Keyboard")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Passkeys of this safe")).to_contain_text("Keyboard", timeout=steps.LONG)
    assert violations(page) == []
    page.get_by_role("button", name="Remove Keyboard").click()
    expect(page.get_by_role("button", name="Remove the passkey")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    to_backups(page)
    lock(page)
    button = page.get_by_role("button", name="Open with a passkey")
    expect(button).to_be_visible()
    assert violations(page) == []
    button.focus()
    page.keyboard.press("Enter")
    steps.see_backups(page)


def violations(page: Page) -> list[str]:
    # What is fading in or out has no contrast yet.
    page.evaluate(SETTLED)
    return [found["id"] for found in Axe().run(page).response["violations"]]
