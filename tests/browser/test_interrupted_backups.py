"""A backup that is interrupted says why in one sentence, loses nothing, and goes on where it stopped."""

import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import exports, steps
from tests.browser.product import Product, code_in
from tests.browser.wire import Wire

MEGABYTES = 40
MIB = 1024 * 1024
# In the body of an upload each chunk has its id and its length in front.
FRAMING = 32 + 4
# Bytes a second: slow enough to meet a backup half way, and too slow for it to end.
SLOW = 24 * MIB
CRAWL = MIB


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> exports.Export:
    return exports.heavy(tmp_path_factory.mktemp("heavy"), MEGABYTES)


def ready_to_send(product: Product, page: Page, export: exports.Export) -> str:
    """An account, a safe, and the export chosen; returns the address of the account."""
    address = steps.some_address("interrupted")
    steps.sign_up(product, page, address)
    steps.make_safe_by_key(page)
    steps.choose(page, export.path)
    return address


def safe_of(page: Page) -> bytes:
    found = re.search(r"/app/backup/([0-9a-f]{32})", page.url)
    assert found
    return bytes.fromhex(found.group(1))


def stored(product: Product, safe: bytes) -> tuple[int, int]:
    """(chunks, bytes) that the site holds for the safe."""
    with closing(sqlite3.connect(f"file:{product.data / 'site.sqlite3'}?mode=ro", uri=True)) as database:
        count, size = database.execute(
            "SELECT count(*), coalesce(sum(size), 0) FROM backups_chunk c JOIN backups_safe s ON s.id = c.safe_id"
            " WHERE s.safe_id = ?",
            (safe,),
        ).fetchone()
    return int(count), int(size)


def settled(product: Product, safe: bytes) -> tuple[int, int]:
    """The same once no request that was cut off is on its way into the store any more."""
    before = None
    while (now := stored(product, safe)) != before:
        before = now
        time.sleep(1)
    return now


def begin(page: Page) -> None:
    page.get_by_role("button", name="Back up", exact=True).click()


def wait_until_half_way(product: Product, page: Page, wire: Wire) -> None:
    """Until the site holds a good part; from then on hardly anything moves."""
    safe = safe_of(page)
    deadline = time.monotonic() + 60
    while stored(product, safe)[1] < 8 * MIB:
        assert time.monotonic() < deadline, "the backup does not send"
        page.wait_for_timeout(20)
    wire.rate = CRAWL


def see_it_stopped(page: Page, sentence: str, advice: str) -> None:
    expect(page.get_by_role("heading", name="The backup has stopped")).to_be_visible(timeout=steps.LONG)
    alert = page.get_by_role("main").get_by_role("alert")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text(sentence)
    expect(alert).to_contain_text(advice)


def continue_it(page: Page) -> None:
    page.get_by_role("button", name="Continue the backup").click()
    expect(page.get_by_role("heading", name="Backed up")).to_be_visible(timeout=steps.LONG)


def continue_without_sending_twice(product: Product, page: Page, wire: Wire) -> None:
    """What the site held before the retry is not sent again; the snapshot is whole afterwards."""
    safe = safe_of(page)
    chunks_before, bytes_before = settled(product, safe)
    sent_before = wire.uploaded
    assert bytes_before > 0
    continue_it(page)
    chunks, size = stored(product, safe)
    sent = wire.uploaded - sent_before
    assert sent == size - bytes_before + FRAMING * (chunks - chunks_before)
    assert sent > 0


def test_a_cut_network(
    product: Product, new_context: Callable[..., BrowserContext], wire: Wire, heavy: exports.Export
) -> None:
    page = new_context(base_url=wire.origin).new_page()
    ready_to_send(product, page, heavy)
    wire.cut_after(36 * MIB)
    begin(page)
    see_it_stopped(page, "The site did not answer.", "It continues where it stopped.")
    # Trying while it is still gone says the same again, and costs nothing.
    page.get_by_role("button", name="Continue the backup").click()
    see_it_stopped(page, "The site did not answer.", "It continues where it stopped.")
    wire.mend()
    continue_without_sending_twice(product, page, wire)


def test_cancelling(
    product: Product, new_context: Callable[..., BrowserContext], wire: Wire, heavy: exports.Export
) -> None:
    page = new_context(base_url=wire.origin).new_page()
    ready_to_send(product, page, heavy)
    wire.rate = SLOW
    begin(page)
    wait_until_half_way(product, page, wire)
    page.get_by_role("button", name="Cancel").click()
    see_it_stopped(page, "You stopped it.", "What was already sent is kept.")
    wire.rate = None
    continue_without_sending_twice(product, page, wire)


def test_a_session_that_ends_in_mid_backup(
    product: Product, new_context: Callable[..., BrowserContext], wire: Wire, heavy: exports.Export
) -> None:
    context = new_context(base_url=wire.origin)
    page = context.new_page()
    address = ready_to_send(product, page, heavy)
    wire.rate = SLOW
    begin(page)
    wait_until_half_way(product, page, wire)
    revoke_session(product, context)
    see_it_stopped(page, "You have been signed out.", "Nothing is lost.")
    wire.rate = None

    banner = page.get_by_role("alert").filter(has_text="You have been signed out. Sign in again in a new tab")
    with context.expect_page() as opened:
        banner.get_by_role("link", name="Sign in again").click()
    tab = opened.value
    tab.get_by_label("E-mail address").fill(address)
    tab.get_by_role("button", name=re.compile("code", re.I)).first.click()
    tab.get_by_label("Code").fill(code_in(steps.latest_mail(product, context, address)))
    tab.get_by_role("button", name="Continue").click()
    expect(tab.get_by_role("heading", name="Your safes")).to_be_visible(timeout=steps.LONG)
    tab.close()

    continue_without_sending_twice(product, page, wire)
    expect(banner).to_have_count(0)


def revoke_session(product: Product, context: BrowserContext) -> None:
    """As if it were ended from another device."""
    (key,) = [cookie["value"] for cookie in context.cookies() if cookie["name"] == "coffer-session"]
    with closing(sqlite3.connect(product.data / "site.sqlite3", timeout=10)) as database, database:
        assert database.execute("DELETE FROM django_session WHERE session_key = ?", (key,)).rowcount == 1


def test_leaving_and_coming_back_sends_only_the_rest(
    product: Product, new_context: Callable[..., BrowserContext], wire: Wire, heavy: exports.Export, tmp_path: Path
) -> None:
    """The page is gone, and with it all that it knew; the site still knows what it holds."""
    page = new_context(base_url=wire.origin).new_page()
    steps.sign_up(product, page, steps.some_address("interrupted"))
    digits = steps.make_safe_by_key(page)
    steps.choose(page, heavy.path)
    safe = safe_of(page)
    wire.rate = SLOW
    begin(page)
    wait_until_half_way(product, page, wire)
    page.close()
    wire.rate = None
    before = settled(product, safe)[1]
    assert before > 0

    sent_before = wire.uploaded
    page = new_context(base_url=wire.origin, storage_state=page.context.storage_state()).new_page()
    page.goto("/app/")
    page.get_by_role("link", name="Back up chats").click()
    steps.type_key(page, digits)
    steps.back_up(page, heavy.path)
    # The texts' database is made anew, so a little more than the missing part may be sent.
    assert wire.uploaded - sent_before < stored(product, safe)[1] - before + MIB
