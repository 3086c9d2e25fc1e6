"""What a passkey's PRF gives opens the safe, so it stays in the browser: every byte that the product received, stored
or logged is read for it, and the browser keeps nothing either."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser import steps
from tests.browser.passkeys import Device, add_passkey, lock, to_open_safe
from tests.browser.product import Product
from tests.browser.wire import Wire
from tests.security import scanner
from tests.security.test_server_holds_no_plaintext import (
    KEPT_NOTHING,
    SESSION_COOKIES,
    all_that_the_server_has,
    key_needles,
    what_the_browser_keeps,
)
from vault.wire.hkdf import hkdf_sha256
from webapp.engine.format.passkey import WRAP_LABEL

pytestmark = pytest.mark.browser

# Hears each value as the page gets it, and keeps hold of the array that it came in.
LISTEN = """
  window.heard = [];
  const original = PublicKeyCredential.prototype.getClientExtensionResults;
  PublicKeyCredential.prototype.getClientExtensionResults = function () {
    const results = original.call(this);
    const first = results.prf?.results?.first;
    const list = (buffer) => [...new Uint8Array(buffer)];
    if (first) window.heard.push({ value: list(first), array: first, credential: list(this.rawId) });
    return results;
  };
"""


def heard(page: Page) -> list[dict]:
    script = (
        "() => heard.map(({ value, array, credential }) => ({ value, credential, left: [...new Uint8Array(array)] }))"
    )
    return list(page.evaluate(script))


def test_what_the_passkey_gives_is_in_no_request_storage_log_or_database(
    product: Product, new_context: Callable[..., BrowserContext], wire: Wire, tmp_path: Path
) -> None:
    began = time.time() - 1
    context = new_context(base_url=wire.origin)
    context.add_init_script(LISTEN)
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    page = context.new_page()
    Device(page)
    _, digits = to_open_safe(product, page, tmp_path)
    add_passkey(page)
    values = heard(page)
    lock(page)
    page.get_by_role("button", name="Open with a passkey").click()
    steps.see_backups(page)
    values += heard(page)

    assert len(values) >= 2
    assert len({bytes(each["value"]) for each in values}) == 1, "adding and opening heard the same value"
    assert all(each["left"] == [0] * 32 for each in values), "the page wiped what it was given"
    prf, credential = bytes(values[0]["value"]), bytes(values[0]["credential"])
    needles = key_needles(digits)
    needles += scanner.of_bytes("the PRF value", prf)
    needles += scanner.of_bytes("half of the PRF value", prf[:16])
    needles += scanner.of_bytes("the wrap key", hkdf_sha256(prf, WRAP_LABEL + credential))

    paths = [request.line.split()[1] for request in wire.requests]
    assert any(path.endswith("/passkeys") for path in paths)
    assert any(path.endswith("/used") for path in paths)
    everything = all_that_the_server_has(product, wire, began)
    everything.add("console", "\n".join(said).encode())
    assert everything.find(needles) == []
    stored = what_the_browser_keeps(context, page)
    assert stored.pop("cookies") <= SESSION_COOKIES
    stored.pop("history")
    assert stored == KEPT_NOTHING

    # The same looking finds the credential's id, which is sent and stored, and a value that a careless page would send.
    known = scanner.of_bytes("the credential", credential)
    assert {"table backups_passkey of site.sqlite3"} <= {where for _, where in everything.find(known)}
    page.evaluate("value => fetch('/health/live', {method: 'POST', body: new Uint8Array(value)})", list(prf))
    found = all_that_the_server_has(product, wire, began).find(needles)
    assert ("the PRF value, raw", f"request {len(wire.requests) - 1}, body") in found
