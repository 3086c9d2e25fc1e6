"""Signing in to the account by a passkey: added with a code, used without one, kept apart from the safes' passkeys."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import steps
from tests.browser.passkeys import Device
from tests.browser.product import Product
from tests.browser.wire import Wire


def accessible(page: Page) -> None:
    assert [found["id"] for found in Axe().run(page).response["violations"]] == [], page.url


def test_a_passkey_signs_in_and_the_code_still_does(
    product: Product, new_context: Callable[..., BrowserContext], wire: Wire
) -> None:
    page = new_context(base_url=wire.origin).new_page()
    device = Device(page)
    address = steps.some_address("sign-in")
    steps.sign_up(product, page, address)
    page.goto("/accounts/2fa/")
    accessible(page)
    page.get_by_role("link", name="Add a passkey").click()
    accessible(page)
    page.get_by_label("Name").fill("Desk")
    page.get_by_role("button", name="Create the passkey").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    assert [entry["isResidentCredential"] for entry in device.credentials()] == [True]
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
    accessible(page)

    page.context.clear_cookies()
    page.goto("/accounts/login/")
    accessible(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Welcome to Coffer")).to_be_visible(timeout=steps.LONG)

    # This ceremony asks for no PRF and posts none: only what says whether the passkey is found without a name.
    posted = [bytes(request.body) for request in wire.requests if b"clientDataJSON" in request.body]
    assert len(posted) == 2
    assert not any(b"prf" in body.lower() for body in posted)

    # A passkey is another way in, not one more step: another browser signs in by the code alone.
    other = new_context().new_page()
    other.goto("/accounts/login/")
    other.get_by_label("E-mail address").fill(address)
    other.get_by_role("button", name="Send me a code").click()
    other.get_by_label("Code").fill(steps.code_in(steps.latest_mail(product, other.context, address)))
    other.get_by_role("button", name="Continue").click()
    expect(other.get_by_role("heading", name="Welcome to Coffer")).to_be_visible(timeout=steps.LONG)


def test_a_device_without_the_passkey_is_told_so(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    Device(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used.")
    accessible(page)
