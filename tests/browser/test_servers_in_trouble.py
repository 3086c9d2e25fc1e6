"""A product of its own, to be ill-treated: its disk full, its web server killed, its vault guessed at."""

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import exports, steps
from tests.browser.browsers import DESKTOP
from tests.browser.product import Product, start
from tests.browser.test_interrupted_backups import (
    MIB,
    begin,
    continue_without_sending_twice,
    see_it_stopped,
    wait_until_half_way,
)
from tests.browser.wire import Wire

ROOM = 30 * MIB
PASSWORD = "harbour Ninety lanterns whistle"


@pytest.fixture(scope="module")
def small_disk() -> Iterator[Path]:
    """A file system of 30 MiB, in memory."""
    folder = Path(tempfile.mkdtemp(prefix="coffer-small-disk-"))
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder], capture_output=True)
    yield folder
    if made.returncode == 0:
        subprocess.run(["umount", "--lazy", folder], check=True)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def troubled(small_disk: Path) -> Iterator[Product]:
    """Its chunks lie on the small disk. The vault does not let a guesser wait, so that ten guesses fit into a test."""
    folder = Path(tempfile.mkdtemp(prefix="coffer-troubled-"))
    (folder / "data").mkdir()
    (folder / "data" / "chunks").symlink_to(small_disk, target_is_directory=True)
    running = start(folder, {"COFFER_VAULT_BACKOFF": "off"})
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


def empty(folder: Path) -> None:
    """What other tests left there."""
    for left in folder.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def lose_running_guesses(product: Product) -> None:
    """As a crash would. Without it the last guess is given a minute to be proved right."""
    with closing(sqlite3.connect(product.data / "vault.sqlite3", timeout=10)) as database, database:
        assert database.execute("DELETE FROM vault_loginstate").rowcount > 0


@pytest.fixture
def new_browser(chromium: Browser, troubled: Product) -> Iterator[Callable[[str], BrowserContext]]:
    opened: list[BrowserContext] = []

    def make(origin: str) -> BrowserContext:
        context = chromium.new_context(base_url=origin, viewport=DESKTOP)
        context.set_default_timeout(20_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def line(troubled: Product) -> Iterator[Wire]:
    with Wire(troubled.port) as relay:
        yield relay


def test_a_full_disk_of_the_server(
    troubled: Product, small_disk: Path, new_browser: Callable[[str], BrowserContext], line: Wire, tmp_path: Path
) -> None:
    if not small_disk.is_mount():
        pytest.skip("mounting a small file system needs root")
    export = exports.heavy(tmp_path, 24)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(ROOM - 20 * MIB))
    page = new_browser(line.origin).new_page()
    steps.sign_up(troubled, page, steps.some_address("full-disk"))
    steps.make_safe_by_key(page)
    steps.choose(page, export.path)
    begin(page)
    see_it_stopped(page, "The site's disk is full.", "what was stored before is kept")
    filler.unlink()
    continue_without_sending_twice(troubled, page, line)


def test_a_web_server_that_dies_in_mid_upload(
    troubled: Product, small_disk: Path, new_browser: Callable[[str], BrowserContext], line: Wire, tmp_path: Path
) -> None:
    empty(small_disk)
    page = new_browser(line.origin).new_page()
    steps.sign_up(troubled, page, steps.some_address("restart"))
    steps.make_safe_by_key(page)
    steps.choose(page, exports.heavy(tmp_path, 24).path)
    line.rate = 8 * MIB
    begin(page)
    wait_until_half_way(troubled, page, line)
    troubled.crash()
    see_it_stopped(page, "The site did not answer.", "It continues where it stopped.")
    troubled.start_again()
    line.rate = None
    continue_without_sending_twice(troubled, page, line)


def test_ten_wrong_guesses_destroy_the_password_and_not_the_backups(
    troubled: Product, new_browser: Callable[[str], BrowserContext], tmp_path: Path
) -> None:
    export = exports.android(tmp_path)
    address = steps.some_address("guesses")
    page = new_browser(troubled.origin).new_page()
    steps.sign_up(troubled, page, address)
    digits = steps.make_safe_by_password(page, PASSWORD)
    steps.back_up(page, export.path)

    other = new_browser(troubled.origin).new_page()
    steps.sign_in(troubled, other, address)
    steps.open_backups(other)
    for guess in range(1, 10):
        steps.type_password(other, f"not the password {guess}")
        left = 10 - guess
        words = f"Wrong password. {left} guess{'es' if left > 1 else ''} left."
        expect(other.get_by_role("alert").filter(has_text=words)).to_be_visible(timeout=steps.LONG)
    steps.type_password(other, "not the password 10")
    expect(other.get_by_text("The password no longer opens this safe")).to_be_visible(timeout=20_000)
    expect(other.get_by_label("Password of this safe")).to_have_count(0)

    # Not in another browser either, and not with the right password: there is no field for it any more.
    lose_running_guesses(troubled)
    third = new_browser(troubled.origin).new_page()
    steps.sign_in(troubled, third, address)
    expect(third.get_by_text("Password no longer works")).to_be_visible()
    steps.open_backups(third)
    steps.type_key(third, digits)
    steps.see_backups(third)
    expect(third.get_by_text("The safe is open now. Save its key before you lock it")).to_be_visible()
    steps.read_chat(third, "Ada Quillfeather")
    expect(third.get_by_text("The boat leaves from Brindlemoor at eight.")).to_be_visible(timeout=steps.LONG)
