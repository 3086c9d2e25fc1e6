"""One person, browser and command line: a token from the page, and each reads what the other backed up."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser import exports, steps
from tests.browser.browsers import NO_PICKER
from tests.browser.product import Product
from tests.flows.cli.site import Person


def test_browser_and_command_line_read_each_others_backups(
    product: Product, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    context = new_context(accept_downloads=True)
    context.add_init_script(NO_PICKER)
    page = context.new_page()
    address = steps.some_address("command-line")
    steps.sign_up(product, page, address)
    digits = steps.make_safe_by_key(page)
    first = exports.android(tmp_path)
    steps.back_up(page, first.path)

    page.goto("/accounts/app-tokens/")
    page.get_by_label("Name").fill("laptop")
    page.get_by_label("Restore and check").check()
    page.get_by_role("button", name="Make the token").click()
    found = re.search(r"coffer_[\w-]{43}", page.get_by_role("status").inner_text())
    assert found is not None
    home = tmp_path / "home"
    home.mkdir()
    person = Person(product, home, "", digits, found.group(), address)
    by_key = ["--key-file", str(person.key_file)]

    person.told("restore", "latest", "--out", tmp_path / "out", *by_key)
    assert (tmp_path / "out" / first.path.name).read_bytes() == first.content

    second = exports.ios(tmp_path)
    told = person.told("backup", second.path, *by_key)
    assert told["messages"] == second.messages

    page.goto("/app/")
    steps.open_backups(page)
    steps.type_key(page, digits)
    steps.see_backups(page)
    assert steps.download_original(page, second.path.name, tmp_path / "again.zip") == second.content
    steps.read_chat(page, "Brindlemoor crew")
    expect(page.get_by_text("Who is on deck?")).to_be_visible(timeout=steps.LONG)

    # The command line sends no search index: the browser makes it.
    page.get_by_role("button", name="Search in all chats").first.click()
    page.get_by_role("searchbox").fill("who is on deck")
    expect(page.get_by_role("status").filter(has_text="1 result")).to_be_visible(timeout=steps.LONG)

    page.goto("/accounts/app-tokens/")
    page.get_by_role("button", name="Revoke laptop").click()
    assert person.run("list").returncode == 1
