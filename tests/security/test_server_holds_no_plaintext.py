"""After the whole circle, by password and by key: everything the server stored and received is read, and nothing in
it is plaintext of the export, a name, K, a key made of K, or the password. The browser kept nothing either."""

import time
import zipfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import exports, steps
from tests.browser.browsers import NO_PICKER
from tests.browser.product import Product
from tests.browser.wire import Wire
from tests.security import scanner
from tests.security.page_http import PageHttp
from vault.server.sodium import native_configuration
from vault.wire.encoding import from_text
from webapp.cli.crypto import NativeCrypto
from webapp.engine import vault_client, vault_wrap
from webapp.engine.crypto.keys import BackupKey, prepare_password
from webapp.engine.crypto.secret import Secret
from webapp.engine.site_client import SiteClient

pytestmark = pytest.mark.browser

PASSWORD = "lantern Ünder ninety quays"
WRONG = "lantern Under ninety quay"
SESSION_COOKIES = {"coffer-session", "coffer-csrf"}


def finished[T](work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine that never really waits (the page's requests are answered at once)."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    raise AssertionError("it waited")


def back_up(page: Page, export: exports.Export) -> None:
    steps.choose(page, export.path)
    expect(page.get_by_text("Ada Quillfeather").first).to_be_visible()
    page.get_by_role("button", name="Back up", exact=True).click()
    expect(page.get_by_role("heading", name="Backed up")).to_be_visible(timeout=steps.LONG)


def read_all_of_it(page: Page, export: exports.Export, to: Path) -> None:
    steps.see_backups(page)
    assert steps.download_original(page, export.path.name, to) == export.content
    steps.read_chat(page, "Ada Quillfeather")
    expect(page.get_by_text("The boat leaves from Brindlemoor at eight.")).to_be_visible(timeout=steps.LONG)
    picture = page.get_by_role("button", name=f"Open picture {exports.SECRET_PICTURE}").locator("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    page.get_by_role("button", name="Search in this chat").click()
    page.get_by_role("searchbox").fill("xylotomous")
    expect(page.get_by_text("1 result")).to_be_visible(timeout=steps.LONG)


def export_needles(export: exports.Export) -> list[scanner.Needle]:
    needles = [needle for word in exports.SECRET_WORDS for needle in scanner.of_text("a secret word", word)]
    needles += scanner.of_text("a message in another script", "元気ですか、灯台守")
    needles += scanner.of_text("the file's name", export.path.name)
    needles += scanner.of_file("the zip", export.content, every=256)
    with zipfile.ZipFile(export.path) as archive:
        for name in archive.namelist():
            needles += scanner.of_text("a name in the zip", name)
            needles += scanner.of_file("a file in the zip", archive.read(name), every=256)
    return needles


def key_needles(digits: str) -> list[scanner.Needle]:
    raw = bytes.fromhex(digits)
    key = BackupKey(Secret(raw))
    needles = [
        scanner.Needle("K, in groups", digits.encode(), folded=True),
        scanner.Needle("K, in groups with dashes", digits.replace(" ", "-").encode(), folded=True),
    ]
    for part, value in {"K": raw, "half of K": raw[:16], "the other half of K": raw[16:]}.items():
        needles += scanner.of_bytes(part, value)
    for label in ("chunk_name", "chunk_seal", "manifest_seal", "owner_seed"):
        needles += scanner.of_bytes(f"the key {label}", getattr(key, label).expose())
    return needles


def password_needles(page: Page, password: str, digits: str, monkeypatch: pytest.MonkeyPatch) -> list[scanner.Needle]:
    """The password itself, and what a login makes of it in the browser: made again here, from a login of our own."""
    noted: list[bytes] = []
    hkdf = vault_wrap.hkdf_sha256

    def noting(key: bytes, info: bytes, *rest: Any) -> bytes:
        derived = hkdf(key, info, *rest)
        noted.extend([key, derived])
        return derived

    monkeypatch.setattr(vault_wrap, "hkdf_sha256", noting)
    provider, http = NativeCrypto(), PageHttp(page)
    site = SiteClient(http, provider)
    me = finished(site.me())
    http.csrf = me["csrf"]
    identity = finished(http.json("GET", "/vault/v1/identity"))
    pins = vault_client.VaultPins(
        from_text(identity["opaque_public_key"], 32), from_text(identity["signing_public_key"], 32)
    )
    client = vault_client.VaultClient(
        http, provider, native_configuration(), pins, site.ticket, bytes.fromhex(me["account"])
    )
    (safe,) = finished(site.safes())
    unlocked = finished(client.login_with_password(safe.safe, safe.key_check, prepare_password(password)))
    assert unlocked.key.secret.expose() == bytes.fromhex(digits)
    export_key, wrapping_key = noted
    needles = scanner.of_password("the password", password)
    needles += scanner.of_bytes("the export key", export_key)
    needles += scanner.of_bytes("the wrapping key", wrapping_key)
    return needles


def all_that_the_server_has(product: Product, wire: Wire, since: float) -> scanner.Haystack:
    """Files (both databases with their logs of changes, chunks, broker, custody, secrets), rows (mails among them),
    the product's log, and every request it received. since: chunks written before this test cannot hold anything of
    it, and other tests leave many."""
    haystack = scanner.Haystack()
    chunks = product.data / "chunks"
    haystack.add_folder(product.data, lambda path: chunks in path.parents and path.stat().st_mtime < since)
    haystack.add("product.log", product.log.read_bytes())
    for database in ("site.sqlite3", "vault.sqlite3"):
        haystack.add_database(product.data / database)
    for number, request in enumerate(wire.requests):
        haystack.add(f"request {number}, head", request.head)
        haystack.add(f"request {number}, body", bytes(request.body))
    return haystack


def what_the_browser_keeps(context: BrowserContext, page: Page) -> dict[str, Any]:
    stored: dict[str, Any] = page.evaluate(
        """async () => {
            const files = [];
            for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
            return {
                local: Object.keys(localStorage),
                session: Object.keys(sessionStorage),
                databases: (await indexedDB.databases()).map((database) => database.name),
                caches: await caches.keys(),
                workers: (await navigator.serviceWorker.getRegistrations()).length,
                files,
                history: history.state === null ? null : JSON.stringify(history.state),
            };
        }"""
    )
    return stored | {"cookies": {cookie["name"] for cookie in context.cookies()}}


KEPT_NOTHING = {"local": [], "session": [], "databases": [], "caches": [], "workers": 0, "files": []}


def test_nothing_readable_is_stored_or_received(
    product: Product,
    new_context: Callable[..., BrowserContext],
    wire: Wire,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A second earlier, since some file systems note times coarsely.
    began = time.time() - 1
    export = exports.secretive(tmp_path)
    needles = export_needles(export)

    # By the password.
    address = steps.some_address("no-plaintext")
    first = new_context(base_url=wire.origin)
    page = first.new_page()
    steps.sign_up(product, page, address)
    digits = steps.make_safe_by_password(page, PASSWORD)
    back_up(page, export)
    elsewhere = new_context(base_url=wire.origin, accept_downloads=True)
    elsewhere.add_init_script(NO_PICKER)
    other = elsewhere.new_page()
    steps.sign_in(product, other, address)
    steps.open_backups(other)
    steps.type_password(other, WRONG)
    expect(other.get_by_text("Wrong password. 9 guesses left.")).to_be_visible(timeout=steps.LONG)
    steps.type_password(other, PASSWORD)
    read_all_of_it(other, export, tmp_path / "one.zip")
    needles += key_needles(digits) + password_needles(other, PASSWORD, digits, monkeypatch)
    needles += scanner.of_password("the wrong password", WRONG)

    # By the key, as somebody else.
    by_key = new_context(base_url=wire.origin, accept_downloads=True)
    by_key.add_init_script(NO_PICKER)
    third = by_key.new_page()
    steps.sign_up(product, third, steps.some_address("no-plaintext"))
    needles += key_needles(key_digits := steps.make_safe_by_key(third))
    back_up(third, export)
    third.reload()
    third.goto("/app/")
    steps.open_backups(third)
    steps.type_key(third, key_digits)
    read_all_of_it(third, export, tmp_path / "two.zip")

    # What was recorded is the whole of it: at least the sealed export of both.
    assert wire.uploaded > 2 * len(export.content)
    assert {request.line.split()[1].split("?")[0] for request in wire.requests} >= {
        "/accounts/signup/",
        "/api/v1/safes",
        "/vault/v1/registrations/finish",
        "/vault/v1/logins",
    }
    everything = all_that_the_server_has(product, wire, began)
    names = {name for name, _ in everything.places}
    assert {"site.sqlite3", "vault.sqlite3", "product.log", "table vault_record of vault.sqlite3"} <= names
    assert any("/chunks/" in name for name in names)
    assert everything.find(needles) == []

    for context, opened in ((first, page), (elsewhere, other), (by_key, third)):
        stored = what_the_browser_keeps(context, opened)
        assert stored.pop("cookies") <= SESSION_COOKIES
        history = stored.pop("history")
        assert stored == KEPT_NOTHING
        assert not history or scanner.Haystack([("history", history.encode())]).find(needles) == []

    # The same looking finds what a careless page would send, and what a careless server would write down.
    other.evaluate("word => fetch(`/health/live?q=${word}`, {method: 'POST', body: word.repeat(2)})", "xylotomous")
    with product.log.open("ab") as log:
        log.write(f"planted {key_digits.replace(' ', '').upper()}\n".encode())
    found = all_that_the_server_has(product, wire, began).find(needles)
    assert ("K, hex", "product.log") in found
    last = len(wire.requests) - 1
    assert {where for what, where in found if what.startswith("a secret word")} >= {
        f"request {last}, head",
        f"request {last}, body",
    }
