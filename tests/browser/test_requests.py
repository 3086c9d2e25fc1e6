"""Every request of the whole circle goes to the product, tells nothing in its address, and no policy is broken."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Worker, expect

from tests.browser import exports, steps
from tests.browser.browsers import NO_PICKER
from tests.browser.product import Product

PASSWORD = "quayside Ninety lanterns whistle"
POLICY = "content-security-policy"
# Whatever the page's policy refuses is told on the console, so that one place hears it.
TELL = "addEventListener('securitypolicyviolation', event => console.error('POLICY ' + event.blockedURI))"
IDENTITIES = re.compile(r"^(?:[0-9a-f]{32}|[0-9a-f]{64})$")
WORDS = re.compile(r"^[a-z0-9._-]*$", re.IGNORECASE)
# A picture or file being shown or saved: bytes that the page itself holds.
OWN = ("blob:", "data:")


class Watch:
    """Hears all that a context's pages ask for and complain of, their workers included."""

    def __init__(self, context: BrowserContext) -> None:
        self.requests: list[Request] = []
        self.workers: list[Worker] = []
        self.complaints: list[str] = []
        context.add_init_script(TELL)
        context.on("request", lambda request: self.requests.append(request))
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("page", lambda page: page.on("worker", lambda worker: self.workers.append(worker)))

    def _console(self, message: ConsoleMessage) -> None:
        # "Failed to load resource": the answer 409 or 403 to a request; asked for on purpose (a wrong password).
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")


def whole_circle(product: Product, context: BrowserContext, other: BrowserContext, folder: Path) -> tuple[Page, str]:
    export = exports.ios(folder)
    page = context.new_page()
    address = steps.some_address("requests")
    steps.sign_up(product, page, address)
    digits = steps.make_safe_by_password(page, PASSWORD)
    steps.back_up(page, export.path)
    page = other.new_page()
    steps.sign_in(product, page, address)
    steps.open_backups(page)
    steps.type_password(page, PASSWORD)
    steps.see_backups(page)
    assert steps.download_original(page, export.path.name, folder / "restored.zip") == export.content
    steps.read_chat(page, "Brindlemoor crew")
    expect(page.get_by_text("Who is on deck?")).to_be_visible(timeout=steps.LONG)
    picture = page.get_by_role("button", name="Open picture 00000003-PHOTO").locator("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    return page, digits


def test_the_circle_asks_nobody_else_and_breaks_no_policy(
    product: Product, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    context, other = new_context(), new_context(accept_downloads=True)
    other.add_init_script(NO_PICKER)
    watches = [Watch(context), Watch(other)]
    page, digits = whole_circle(product, context, other, tmp_path)

    requests = [request for watch in watches for request in watch.requests]
    addresses = [request.url for request in requests if not request.url.startswith(OWN)]
    # The engine's own requests, made in a worker, are heard too.
    assert any(address.endswith("/chunks/read") for address in addresses)
    assert {f"{part.scheme}://{part.netloc}" for part in map(urlsplit, addresses)} == {product.origin}

    forbidden = [PASSWORD, digits.replace(" ", ""), "Brindlemoor", "Quillfeather", "example.org"]
    for address in addresses:
        parts = urlsplit(address)
        assert not any(secret.lower() in address.lower() for secret in forbidden), parts.path
        assert parts.query in ("", "next=/app/", "next=%2Fapp%2F"), parts.path
        for name in parts.path.split("/"):
            assert len(name) < 32 or IDENTITIES.match(name) or "/app/assets/" in parts.path, parts.path
            assert WORDS.match(name), parts.path
    assert all(request.headers.get("referer", "").rstrip("/") in _own_pages(product) for request in requests)
    assert [complaint for watch in watches for complaint in watch.complaints] == []

    worker = page.workers[0]
    for side in (page, worker):
        assert side.evaluate("self.crossOriginIsolated") is True
    for resource in (page.url, worker.url):
        policy = page.request.get(resource).headers[POLICY]
        assert "'wasm-unsafe-eval'" in policy
        assert "'unsafe-eval'" not in policy
        assert "'unsafe-inline'" not in policy


def _own_pages(product: Product) -> set[str]:
    pages = ("", "/accounts/signup", "/accounts/login", "/accounts/login/code/confirm", "/accounts/confirm-email")
    return {"", *(product.origin + page for page in pages), product.origin + "/inbox"}


def test_code_made_of_text_does_not_run(page: Page) -> None:
    page.goto("/app/")
    attempt = (
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; %s; return window.ran }"
    )
    assert page.evaluate(attempt % "document.head.append(s)") is None
    # From a timer: what a test evaluates directly is let through.
    late = "new Promise(done => setTimeout(() => { try { done(Function('return 1')()) } catch (e) { done(e.name) } }))"
    refused = page.evaluate(late)
    assert refused == "EvalError"


def test_the_watch_hears_what_it_is_for(new_context: Callable[..., BrowserContext]) -> None:
    context = new_context()
    watch = Watch(context)
    page = context.new_page()
    page.goto("/app/")
    page.evaluate("fetch('https://elsewhere.invalid/x').catch(() => {})")
    page.wait_for_timeout(300)
    assert any("POLICY https://elsewhere.invalid" in complaint for complaint in watch.complaints)
