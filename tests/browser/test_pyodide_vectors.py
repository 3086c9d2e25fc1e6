"""The vectors in the browser: the built engine over WebCrypto and libsodium.js makes and opens the same bytes as the
native one, as Tink and as the RFCs."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser.product import ROOT, Product
from tests.unit.engine import format_vector
from tests.unit.engine.oracle_tink import tink_open, tink_seal
from tests.unit.opaque import rfc_play
from vault.server.sodium import SodiumGroup
from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto import seal as sealing
from webapp.engine.crypto.secret import Secret

VECTORS = ROOT / "tests" / "vectors"
# Played in the browser too, from the same files as here.
PLAYERS = ("tests/unit/opaque/coffer_vector.py", "tests/unit/opaque/rfc_play.py", "tests/unit/engine/format_vector.py")
SIZES = (0, 1, sealing.FIRST_PLAINTEXT, sealing.FIRST_PLAINTEXT + sealing.NEXT_PLAINTEXT + 1)
AD = b"coffer/v1/chunk/" + bytes(32)
PRELUDE = """
import sys, json, hashlib
for folder in ("/tests/unit/opaque", "/tests/unit/engine"):
    if folder not in sys.path:
        sys.path.insert(0, folder)
from webapp.browser.crypto import BrowserCrypto, crossing
from webapp.browser.sodium import BrowserGroup, browser_configuration
from webapp.engine.crypto import seal as sealing
from webapp.engine.crypto.secret import Secret
"""
ExecuteIn = Callable[[str], Any]


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """engine_harness.ts with the bridge in it, bundled as the app is."""
    output = tmp_path_factory.mktemp("harness") / "engine-harness.js"
    command = ["node_modules/.bin/esbuild", "tests/browser/engine_harness.ts", "--bundle", "--format=esm"]
    external = [f"--external:{name}" for name in ("module", "fs", "path", "crypto", "node:*")]
    subprocess.run([*command, *external, f"--outfile={output}", "--log-level=error"], cwd=ROOT, check=True)
    return output.read_bytes()


@pytest.fixture(scope="module", params=[False, True], ids=["from the beginning", "from its picture"])
def execute(request: pytest.FixtureRequest, product: Product, chromium: Browser, harness: bytes) -> Iterator[ExecuteIn]:
    """Runs Python in a page of the product's origin, under the app's own headers; → what it says in JSON."""
    context = chromium.new_context(base_url=product.origin)
    yield started(context, product, harness, picture=request.param)
    context.close()


def started(context: BrowserContext, product: Product, harness: bytes, *, picture: bool) -> ExecuteIn:
    page = context.new_page()
    serve(page, harness)
    page.goto("/app/assets/engine-harness.html")
    page.wait_for_function("window.engine")
    folder = next((product.folder / "app" / "assets").glob("engine-*")).name
    page.evaluate("([folder, picture]) => engine.start(folder, picture)", [f"/app/assets/{folder}/", picture])
    files = {f"/{name}": (ROOT / name).read_text(encoding="utf-8") for name in PLAYERS}
    files |= {f"/tests/vectors/{path.name}": path.read_text(encoding="utf-8") for path in VECTORS.glob("*.json")}
    page.evaluate("files => engine.run(files, '\"\"')", files)
    return lambda code: json.loads(page.evaluate("code => engine.run({}, code)", PRELUDE + code))


def serve(page: Page, script: bytes) -> None:
    """Two files more under /app/assets/, with the headers that the product gives the app's page."""
    headers = page.context.request.get("/app/").headers
    kept = {name: headers[name] for name in headers if name.startswith(("content-security", "cross-origin"))}
    assert "cross-origin-embedder-policy" in kept
    html = '<!doctype html><title>Harness</title><script type="module" src="/app/assets/engine-harness.js"></script>'

    def fulfill(body: str | bytes, kind: str) -> Callable[[Route], None]:
        return lambda route: route.fulfill(body=body, headers={**kept, "content-type": kind})

    page.route("**/app/assets/engine-harness.html", fulfill(html, "text/html"))
    page.route("**/app/assets/engine-harness.js", fulfill(script, "text/javascript"))


def pinned(name: str) -> Any:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def test_the_format_is_made_to_the_last_byte(execute: ExecuteIn) -> None:
    made = execute(
        """
import format_vector
json.dumps(await format_vector.play(BrowserCrypto, crossing))
"""
    )
    assert made == pinned("format.json")["values"]


def test_small_bytes_that_stay_in_python_give_the_same(execute: ExecuteIn) -> None:
    made = execute(
        """
import format_vector
json.dumps(await format_vector.play(BrowserCrypto, bytes))
"""
    )
    assert made == pinned("format.json")["values"]


def test_what_was_compressed_natively_opens(execute: ExecuteIn) -> None:
    execute(
        """
import format_vector
sealed = json.load(open("/tests/vectors/format.json"))["compressed"]
await format_vector.open_compressed(BrowserCrypto(), crossing, sealed)
"true"
"""
    )


def test_what_is_compressed_here_opens_natively(execute: ExecuteIn) -> None:
    sealed = execute(
        """
import format_vector
json.dumps(await format_vector.compressed(BrowserCrypto, crossing))
"""
    )
    natively(format_vector.open_compressed(NativeCrypto(), bytes, sealed))


def test_a_damaged_chunk_is_refused(execute: ExecuteIn) -> None:
    refused = execute(
        """
import format_vector
from webapp.engine.errors import CofferError
sealed = json.load(open("/tests/vectors/format.json"))["compressed"]
codes = []
for what in ("chunk", "manifest"):
    changed = bytearray.fromhex(sealed[what]); changed[-1] ^= 1
    try:
        await format_vector.open_compressed(BrowserCrypto(), crossing, {**sealed, what: changed.hex()})
    except CofferError as error:
        codes.append(error.code)
json.dumps(codes)
"""
    )
    assert refused == ["chunk_damaged", "manifest_damaged"]


@pytest.mark.parametrize("size", SIZES)
def test_sealed_here_opens_in_tink_and_natively(execute: ExecuteIn, size: int) -> None:
    plaintext = format_vector.drawn("both ways", size)
    sealed = bytes.fromhex(
        execute(
            f"""
import format_vector
provider = BrowserCrypto()
plaintext = crossing(format_vector.drawn("both ways", {size}))
sealed = await sealing.seal(provider, Secret(bytes(range(32))), bytes.fromhex("{AD.hex()}"), plaintext)
json.dumps(provider.load(sealed).hex())
"""
        )
    )
    assert tink_open(bytes(range(32)), AD, sealed) == plaintext
    assert natively(sealing.unseal(NativeCrypto(), Secret(bytes(range(32))), AD, sealed)) == plaintext


@pytest.mark.parametrize("maker", ["tink", "native"])
@pytest.mark.parametrize("size", SIZES)
def test_sealed_elsewhere_opens_here(execute: ExecuteIn, size: int, maker: str) -> None:
    plaintext = os.urandom(size)
    if maker == "tink":
        sealed = tink_seal(bytes(range(32)), AD, plaintext)
    else:
        sealed = bytes(natively(sealing.seal(NativeCrypto(), Secret(bytes(range(32))), AD, plaintext)))
    opened = execute(
        f"""
provider, key, ad = BrowserCrypto(), Secret(bytes(range(32))), bytes.fromhex("{AD.hex()}")
sealed = crossing(bytes.fromhex("{sealed.hex()}"))
json.dumps(provider.load(await sealing.unseal(provider, key, ad, sealed)).hex())
"""
    )
    assert bytes.fromhex(opened) == plaintext


def natively(work: Any) -> Any:
    """Runs a coroutine that never waits, beside the loop that Playwright runs."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waited")


def test_coffers_own_opaque_vector_argon2id_included(execute: ExecuteIn) -> None:
    played = execute(
        """
import coffer_vector
json.dumps(coffer_vector.play(browser_configuration()))
"""
    )
    assert played == pinned("coffer_opaque.json")["values"]


@pytest.mark.parametrize("play", [rfc_play.play_rfc9497, rfc_play.play_rfc9807], ids=["rfc9497", "rfc9807"])
def test_the_rfcs_vectors(execute: ExecuteIn, play: Callable[..., Any]) -> None:
    name = play.__name__.removeprefix("play_")
    rows = execute(
        f"""
import rfc_play
json.dumps(rfc_play.{play.__name__}(BrowserGroup(), json.load(open("/tests/vectors/{name}.json"))))
"""
    )
    assert len(rows) >= 9
    assert [what for what, ours, rfcs in rows if ours != rfcs] == []
    # The same player over the native group, so that it is known to look at what it says.
    assert [tuple(row) for row in rows] == play(SodiumGroup(), pinned(f"{name}.json"))


def test_two_starts_from_one_picture_share_no_randomness(
    new_context: Callable[..., BrowserContext], product: Product, harness: bytes
) -> None:
    """The picture is public: whatever it held would be known to everyone."""
    code = """
import secrets
from webapp.engine.crypto.keys import BackupKey
json.dumps([BackupKey.generate(BrowserCrypto()).secret.expose().hex(), secrets.token_hex(32)])
"""
    drawn = [started(new_context(), product, harness, picture=True)(code) for _ in range(2)]
    assert len({value for values in drawn for value in values}) == 4
