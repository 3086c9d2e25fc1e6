"""The life of a backup as its owner sees it: what changed, trash, keep-rules, a rehearsal, a folder of one's own."""

import re
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import exports, steps
from tests.browser.browsers import NO_PICKER
from tests.browser.product import Product

PASSWORD = "meadow Forty copper kettles"
# The private file system of the browser gives the same handles as a folder on disk, and no dialog has to be driven.
OPFS = """
window.showDirectoryPicker = async () => {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle("Stick", { create: true });
};
"""

# What can be pressed and lies under the line of good news, in this window.
UNDER_TOAST = """() => {
  const toast = document.querySelector(".toast").getBoundingClientRect();
  const under = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return left < toast.right && right > toast.left && top < toast.bottom && bottom > toast.top;
  };
  return [...document.querySelectorAll("main button, main a")].filter(under).map((element) => element.textContent);
}"""


def grown(export: "Home", folder: Path, lines: int) -> Path:
    """The same export under the same name, with more messages at its end."""
    folder.mkdir()
    target = folder / export.path.name
    with zipfile.ZipFile(export.path) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith(".txt"):
                stamp = content.decode().rstrip("\n").splitlines()[-1].split(" - ")[0]
                content = content.rstrip(b"\n") + b"\n"
                content += "".join(f"{stamp} - Tom: one more {number}\n" for number in range(lines)).encode()
            new.writestr(entry, content)
    return target


def safe_page(page: Page) -> None:
    page.get_by_role("link", name="See all backups").click()
    steps.see_backups(page)


@dataclass(frozen=True)
class Home:
    """One backup made: the export's file, and the key's digits."""

    path: Path
    digits: str


@pytest.fixture
def at_home(product: Product, page: Page, tmp_path: Path) -> Home:
    """A signed-up person with one backup, on the page of a backup that is done."""
    page.add_init_script(NO_PICKER)
    steps.sign_up(product, page, steps.some_address("life"))
    digits = steps.make_safe_by_key(page)
    export = exports.android(tmp_path)
    steps.back_up(page, export.path)
    return Home(export.path, digits)


def another(page: Page, path: Path) -> None:
    page.get_by_role("button", name="Back up another chat").click()
    steps.back_up(page, path)


def test_a_second_backup_says_what_is_new_and_the_first_can_go_and_come_back(
    page: Page, at_home: Home, tmp_path: Path
) -> None:
    another(page, grown(at_home, tmp_path / "later", 3))
    main = page.get_by_role("main")
    expect(main).to_contain_text("3 new messages")
    main.get_by_text("1 file", exact=True).click()
    expect(main).to_contain_text("there already")
    safe_page(page)
    rows = page.locator(".snapshot-card")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("3 new messages")
    expect(rows.first).to_contain_text("1 file changed")
    expect(rows.first).to_contain_text("WhatsApp chat export")
    expect(rows.first.get_by_role("button", name=re.compile("^Delete"))).to_have_count(0)
    rows.nth(1).get_by_role("button", name=re.compile("^Delete")).click()
    page.get_by_role("dialog").get_by_role("button", name="Put it into the trash").click()
    expect(page.locator(".toast")).to_be_visible()
    assert page.evaluate(UNDER_TOAST) == []
    expect(rows).to_have_count(1)
    page.get_by_text("1 backup in the trash").click()
    page.get_by_role("button", name=re.compile("^Take the backup")).click()
    expect(rows).to_have_count(2)


def test_a_keep_rule_is_previewed_before_it_is_saved(page: Page, at_home: Home, tmp_path: Path) -> None:
    for number in (1, 2):
        another(page, grown(at_home, tmp_path / str(number), number))
    safe_page(page)
    expect(page.get_by_text("Every backup stays")).to_be_visible()
    page.get_by_role("region", name="How long backups stay").get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Keep only some").check()
    dialog.get_by_label("The last", exact=True).fill("1")
    for name in ("Days", "Weeks", "Months"):
        dialog.get_by_label(name).fill("0")
    expect(dialog.get_by_role("status")).to_contain_text("2 backups would go into the trash now")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(".snapshot-card")).to_have_count(1)
    expect(page.get_by_text("2 backups in the trash")).to_be_visible()
    expect(page.get_by_text("The last 1 stay")).to_be_visible()
    page.get_by_role("button", name="Keep it", exact=True).click()
    expect(page.get_by_text("Kept")).to_be_visible()


def test_a_rehearsal_proves_the_restore_and_is_remembered(page: Page, at_home: Home) -> None:
    safe_page(page)
    section = page.get_by_role("region", name="Can it be restored?")
    expect(section).to_contain_text("It has not been tried yet.")
    section.get_by_role("button", name="Prove that I can restore").click()
    expect(section.get_by_role("status")).to_contain_text("Yes: this backup can be restored", timeout=steps.LONG)
    section.get_by_label("Remind me by mail once a month").check()
    expect(section.get_by_label("Remind me by mail once a month")).to_be_checked()
    page.reload()
    steps.type_key(page, at_home.digits)
    expect(section).to_contain_text("Last proved on", timeout=steps.LONG)
    expect(section.get_by_label("Remind me by mail once a month")).to_be_checked()


def test_a_rehearsal_finds_what_is_missing(product: Product, page: Page, at_home: Home) -> None:
    safe_page(page)
    safe = re.search(r"/app/safe/([0-9a-f]{32})", page.url)
    assert safe
    chunks = sorted(
        (product.data / "chunks" / safe.group(1) / "chunks").glob("*/*"), key=lambda path: path.stat().st_size
    )
    chunks[-1].write_bytes(b"\0" * chunks[-1].stat().st_size)
    section = page.get_by_role("region", name="Can it be restored?")
    section.get_by_role("button", name="Prove that I can restore").click()
    expect(section.get_by_role("alert").first).to_contain_text(
        "Not everything of this backup is there", timeout=steps.LONG
    )
    expect(section).to_contain_text("Not complete")


def test_a_backup_that_shrank_is_asked_about_first(page: Page, at_home: Home, tmp_path: Path) -> None:
    another(page, grown(at_home, tmp_path / "grown", 40))
    page.get_by_role("button", name="Back up another chat").click()
    steps.choose(page, at_home.path)
    page.get_by_role("button", name="Back up", exact=True).click()
    expect(page.get_by_role("heading", name="Much less than last time")).to_be_visible(timeout=steps.LONG)
    expect(page.get_by_role("main").get_by_role("alert")).to_contain_text("Messages: ")
    page.get_by_role("button", name="Back up all the same").click()
    expect(page.get_by_role("heading", name="Backed up")).to_be_visible(timeout=steps.LONG)


def test_a_folder_of_ones_own_takes_backups_and_gives_them_back(
    product: Product, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    context = new_context()
    page = context.new_page()
    page.add_init_script(OPFS)
    page.add_init_script(NO_PICKER)
    steps.sign_up(product, page, steps.some_address("folder"))
    digits = steps.make_safe_by_key(page)
    export = exports.android(tmp_path)
    for again in (False, True):
        steps.choose(page, export.path)
        if not again:
            page.get_by_role("button", name="Use a folder of mine instead").click()
        expect(page.get_by_text("Into the folder “Stick”")).to_be_visible(timeout=steps.LONG)
        page.get_by_role("button", name="Back up", exact=True).click()
        expect(page.get_by_role("heading", name="Backed up")).to_be_visible(timeout=steps.LONG)
        if not again:
            page.get_by_role("button", name="Back up another chat").click()
    expect(page.get_by_text("Nothing has changed since the one before")).to_be_visible()
    # In a fresh page: the site knows of no backup, the folder has two.
    page.goto("/app/")
    page.get_by_role("link", name="Open the safe").click()
    steps.type_key(page, digits)
    steps.see_backups(page)
    expect(page.get_by_text("Nothing has been backed up into this safe yet.")).to_be_visible()
    section = page.get_by_role("region", name="A folder of your own")
    section.get_by_role("button", name="Choose the folder").click()
    expect(section.locator(".snapshot-card")).to_have_count(2, timeout=steps.LONG)
    assert steps.download_original(page, export.path.name, tmp_path / "restored.zip") == export.path.read_bytes()
    section.get_by_role("link", name="Read", exact=True).first.click()
    expect(page.get_by_role("region", name="Ada Quillfeather")).to_be_visible(timeout=steps.LONG)


def test_without_a_folder_picker_the_page_says_so(page: Page, product: Product, tmp_path: Path) -> None:
    page.add_init_script("delete window.showDirectoryPicker")
    steps.sign_up(product, page, steps.some_address("nopicker"))
    digits = steps.make_safe_by_key(page)
    steps.choose(page, exports.android(tmp_path).path)
    expect(page.get_by_text("Where it goes")).to_have_count(0)
    page.goto("/app/")
    page.get_by_role("link", name="Open the safe").click()
    steps.type_key(page, digits)
    expect(page.get_by_text("This browser cannot open folders for a page.")).to_be_visible()


def test_a_due_reminder_asks_once_and_a_right_password_widens_the_interval(
    product: Product, page: Page, tmp_path: Path
) -> None:
    page.add_init_script(NO_PICKER)
    steps.sign_up(product, page, steps.some_address("reminded"))
    digits = steps.make_safe_by_password(page, PASSWORD)
    steps.back_up(page, exports.android(tmp_path).path)
    safe_page(page)
    asked = page.get_by_role("region", name="Do you still know your password?")
    expect(asked).to_have_count(0)
    found = re.search(r"/app/safe/([0-9a-f]{32})", page.url)
    assert found
    with closing(sqlite3.connect(product.data / "site.sqlite3", timeout=10)) as database, database:
        moved = "UPDATE backups_safe SET created = datetime(created, '-4 days') WHERE safe_id = ?"
        assert database.execute(moved, (bytes.fromhex(found.group(1)),)).rowcount == 1
    page.reload()
    # Opening by the key answers for the key; the password is asked for.
    page.get_by_role("tab", name="Key").wait_for(timeout=steps.LONG)
    steps.type_key(page, digits)
    asked.get_by_role("button", name="Try the password").click()
    asked.get_by_role("textbox", name="Your password").fill(PASSWORD)
    asked.get_by_role("button", name="Check", exact=True).click()
    expect(asked).to_have_count(0, timeout=steps.LONG)
    with closing(sqlite3.connect(product.data / "site.sqlite3", timeout=10)) as database:
        rows = "SELECT kind, step FROM backups_reminder r JOIN backups_safe s ON s.id = r.safe_id WHERE s.safe_id = ?"
        assert dict(database.execute(rows, (bytes.fromhex(found.group(1)),))) == {"key": 1, "password": 1}


def test_no_backup_is_made_on_top_of_an_older_state_unasked(
    product: Product, page: Page, at_home: Home, tmp_path: Path
) -> None:
    another(page, grown(at_home, tmp_path / "later", 3))
    with closing(sqlite3.connect(product.data / "site.sqlite3", timeout=30)) as database, database:
        newest, safe = database.execute("SELECT id, safe_id FROM backups_snapshot ORDER BY id DESC LIMIT 1").fetchone()
        database.execute(
            "UPDATE backups_safe SET head = (SELECT previous_head FROM backups_snapshot WHERE id = ?) WHERE id = ?",
            (newest, safe),
        )
        database.execute("DELETE FROM backups_snapshot WHERE id = ?", (newest,))

    page.get_by_role("button", name="Back up another chat").click()
    steps.choose(page, grown(at_home, tmp_path / "again", 9))
    page.get_by_role("button", name="Back up", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("older state of this safe", timeout=steps.LONG)
    with closing(sqlite3.connect(product.data / "site.sqlite3", timeout=30)) as database:
        count = "SELECT count(*) FROM backups_snapshot WHERE safe_id = ?"
        assert database.execute(count, (safe,)).fetchone() == (1,)
        page.get_by_role("button", name="Back up all the same").click()
        expect(page.get_by_role("heading", name="Backed up")).to_be_visible(timeout=steps.LONG)
        assert database.execute(count, (safe,)).fetchone() == (2,)
