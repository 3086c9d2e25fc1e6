"""Backups of others, read by the built engine in Chromium: the same messages as natively, attachments opened there."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.product import Product
from tests.browser.test_pyodide_vectors import harness, started  # noqa: F401 - a fixture
from tests.fixtures_crypt import ROOT, mcrypt1_metadata
from tests.fixtures_export import tell, zip_of
from tests.fixtures_ios import device_backup
from tests.fixtures_ios import story as iphone
from tests.fixtures_opened import MemorySource, told
from tests.fixtures_signal import JPEG, PASSPHRASE
from tests.fixtures_signal import story as signal
from tests.fixtures_telegram import account, chat, message, written

pytestmark = pytest.mark.browser
READ = """
import base64
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.registry import recognise
from webapp.engine.readers.signal.attachment import open_attachment, seal_from

class Held:
    name, modified = "backup", None
    def __init__(self, content): self.content, self.size = content, len(content)
    def read(self, offset, length): return self.content[offset:offset + length]

class Quiet:
    def __call__(self, progress): pass
    def check(self): pass

async def read(content, key):
    source = Held(base64.b64decode(content))
    options = ReadOptions(keys=(Secret(key),))
    recognised = await recognise([source], options, BrowserCrypto(), Quiet())
    return source, list(recognised.events(options))
"""


@pytest.fixture(scope="module")
def execute(product: Product, chromium: Browser, harness: bytes) -> Iterator[Callable[[str], Any]]:  # noqa: F811
    context = chromium.new_context(base_url=product.origin)
    yield started(context, product, harness, picture=False)
    context.close()


def in_browser(execute: Callable[[str], Any], content: bytes, last: str) -> Any:
    encoded = base64.b64encode(content).decode()
    return execute(f"{READ}\nsource, events = await read({encoded!r}, {PASSPHRASE.encode()!r})\n{last}")


MESSAGES = 'json.dumps([repr(event) for event in events if type(event).__name__ == "Message"])'


@pytest.mark.parametrize("version", [0, 1])
def test_a_signal_backup_opens_with_web_crypto(execute: Callable[[str], Any], version: int) -> None:
    content = signal(version).end()
    found = told(content, PASSPHRASE)
    assert in_browser(execute, content, MESSAGES) == [repr(message) for message in found.messages]
    seal = "next(seal_from(event.seal) for event in events if getattr(event, 'seal', ''))"
    opened = (
        f"seal = {seal}\n"
        "data = await open_attachment(seal, source.read(seal.offset, seal.sealed_length), BrowserCrypto())\n"
        "json.dumps(BrowserCrypto().load(data).hex())"
    )
    assert in_browser(execute, content, opened) == JPEG.hex()


@pytest.mark.parametrize(
    "content",
    [
        written(account(chat([message(number, "hi 😀") for number in range(1, 50)]))),
        zip_of(iphone()),
        zip_of(device_backup(iphone())),
    ],
    ids=["telegram", "iphone", "device backup"],
)
def test_other_backups_are_read_as_natively(execute: Callable[[str], Any], content: bytes) -> None:
    natively = [repr(message) for message in tell(MemorySource("backup", content)).messages]
    assert natively
    assert in_browser(execute, content, MESSAGES) == natively
    assert json.dumps(natively)


def test_the_name_of_a_medium_of_drive_is_read_with_webcrypto(execute: Callable[[str], Any]) -> None:
    metadata = base64.b64encode(mcrypt1_metadata({"name": "Media/WhatsApp Images/IMG-1.jpg"})).decode()
    run = f"""
import base64
from webapp.engine.readers.whatsapp_crypt.keys import key_of_digits
from webapp.engine.readers.whatsapp_crypt.media import name_on_the_phone
content = base64.b64decode({metadata!r})
names = [await name_on_the_phone(BrowserCrypto(), key_of_digits(key), content) for key in ({ROOT.hex()!r}, "0" * 64)]
try:
    await BrowserCrypto().aes_cbc_open(bytes(32), bytes(16), bytes(32))
    names.append("opened")
except Exception as error:
    names.append(type(error).__name__)
json.dumps(names)
"""
    assert execute(run) == ["Media/WhatsApp Images/IMG-1.jpg", None, "SealBroken"]
