"""Bytes that came back damaged are refused by name, nothing of them is shown, and a retry works once they are whole."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import exports, steps
from tests.browser.browsers import NO_PICKER
from tests.browser.kept import Kept, open_kept
from tests.browser.product import Product

DAMAGED = "came back damaged, so it was not used."
# A file of the browser's own stands for the one that a person would choose in the dialog; its disk can be made small.
PRIVATE_FILE = """
    window.showSaveFilePicker = async ({suggestedName}) =>
        (await navigator.storage.getDirectory()).getFileHandle(suggestedName, {create: true})
"""


@contextmanager
def damaged(product: Product, page: Page, kind: str) -> Iterator[None]:
    """One bit of every object of that kind turned over, in the store on the server's disk; whole again afterwards."""
    found = re.search(r"/app/safe/([0-9a-f]{32})", page.url)
    assert found
    files = sorted((product.data / "chunks" / found.group(1)).glob(kind))
    assert files
    for file in files:
        flip(file)
    try:
        yield
    finally:
        for file in files:
            flip(file)


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def unlocked(new_context: Callable[..., BrowserContext], kept: Kept, script: str = NO_PICKER) -> Page:
    context = new_context(storage_state=kept.state, accept_downloads=True)
    context.add_init_script(script)
    return open_kept(context, kept)


def test_a_damaged_chunk_of_an_original_file(
    product: Product, new_context: Callable[..., BrowserContext], kept: Kept, tmp_path: Path
) -> None:
    page = unlocked(new_context, kept)
    name = kept.export.path.name
    page.get_by_role("button", name="Original files").first.click()
    row = page.get_by_role("dialog").get_by_role("listitem").filter(has_text=name)
    expect(row).to_be_visible(timeout=steps.LONG)
    with damaged(product, page, "chunks/*/*"):
        row.get_by_role("button", name=f"Download {name}").click()
        alert = row.get_by_role("alert")
        expect(alert).to_contain_text(DAMAGED)
        expect(alert).to_contain_text(name)
    with page.expect_download() as download:
        alert.get_by_role("button", name="Try again").click()
    download.value.save_as(tmp_path / "restored.zip")
    assert (tmp_path / "restored.zip").read_bytes() == kept.export.content


def test_damaged_texts(product: Product, new_context: Callable[..., BrowserContext], kept: Kept) -> None:
    page = unlocked(new_context, kept)
    with damaged(product, page, "chunks/*/*"):
        page.get_by_role("link", name="Read", exact=True).first.click()
        alert = page.get_by_role("main").get_by_role("alert")
        expect(alert).to_contain_text(DAMAGED)
        expect(page.get_by_text("Brindlemoor")).to_have_count(0)
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The boat leaves from Brindlemoor at eight.")).to_be_visible(timeout=steps.LONG)


def test_a_damaged_manifest(product: Product, new_context: Callable[..., BrowserContext], kept: Kept) -> None:
    page = unlocked(new_context, kept)
    with damaged(product, page, "snapshots/*.manifest"):
        page.get_by_role("link", name="Read", exact=True).first.click()
        alert = page.get_by_role("main").get_by_role("alert")
        expect(alert).to_contain_text("The description of this backup is damaged.")
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The boat leaves from Brindlemoor at eight.")).to_be_visible(timeout=steps.LONG)


@pytest.mark.parametrize("room", [1, 700], ids=["for no byte", "for a part"])
def test_no_room_on_the_persons_disk(
    product: Product, new_context: Callable[..., BrowserContext], kept: Kept, room: int
) -> None:
    page = unlocked(new_context, kept, PRIVATE_FILE)
    quota = page.context.new_cdp_session(page)
    quota.send("Storage.overrideQuotaForOrigin", {"origin": product.origin, "quotaSize": room})
    name = kept.export.path.name
    page.get_by_role("button", name="Original files").first.click()
    page.get_by_role("button", name=f"Download {name}").click()
    alert = page.get_by_role("dialog").get_by_role("alert")
    expect(alert).to_contain_text("There is no room left on this device.", timeout=20_000)
    expect(alert).to_contain_text("Free some space and try again.")

    quota.send("Storage.overrideQuotaForOrigin", {"origin": product.origin})
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_text(f"{name} is saved")).to_be_visible()
    written = page.evaluate(
        """async name => {
            const handle = await (await navigator.storage.getDirectory()).getFileHandle(name);
            return [...new Uint8Array(await (await handle.getFile()).arrayBuffer())];
        }""",
        name,
    )
    assert bytes(written) == kept.export.content


def test_files_that_are_no_chat_export(new_context: Callable[..., BrowserContext], kept: Kept, tmp_path: Path) -> None:
    page = unlocked(new_context, kept)
    page.get_by_role("link", name="Back up chats").click()
    (tmp_path / "holiday.jpg").write_bytes(exports.png(10, 10, 1, 2, 3))
    (tmp_path / "notes.txt").write_text("Milk, eggs, bread.\n")
    whole = exports.android(tmp_path).content
    (tmp_path / "cut-off.zip").write_bytes(whole[: len(whole) * 2 // 3])
    (tmp_path / "empty.zip").write_bytes(b"")
    for name, sentence in {
        "holiday.jpg": "These are pictures or recordings without the chat they belong to.",
        "notes.txt": "The text you chose is not an exported chat",
        "cut-off.zip": "The zip file is damaged",
        "empty.zip": "There is nothing in what you chose",
    }.items():
        steps.choose_files(page, tmp_path / name)
        alert = page.get_by_role("main").get_by_role("alert")
        expect(alert).to_contain_text(sentence, timeout=steps.LONG)
        # One sentence more: what to do.
        expect(alert.get_by_role("paragraph")).to_have_count(2)
        expect(page.get_by_role("heading", name="Back up chats")).to_be_visible()
    # Nothing of all that is in the way of the right file.
    steps.choose(page, kept.export.path)
