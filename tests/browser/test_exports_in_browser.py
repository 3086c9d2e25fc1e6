"""A chat is exported from the page that shows it, in real Chromium: as a zip, and into a folder."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import steps
from tests.browser.kept import Kept, open_kept

NO_PICKERS = "delete window.showDirectoryPicker; delete window.showSaveFilePicker"
# A folder that belongs to the page stands in for the one that a person would choose: the same kind of handle.
OWN_FOLDER = "window.showDirectoryPicker = () => navigator.storage.getDirectory()"
FILES = """async () => {
  const found = {};
  const walk = async (folder, path) => {
    for await (const [name, handle] of folder.entries())
      if (handle.kind === "file") found[path + name] = (await handle.getFile()).size;
      else await walk(handle, `${path}${name}/`);
  };
  await walk(await navigator.storage.getDirectory(), "");
  return found;
}"""


def open_export(page: Page, form: str, button: str) -> None:
    steps.read_chat(page, "Ada Quillfeather")
    page.get_by_role("button", name="Export this chat").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=form).check()
    dialog.get_by_role("button", name=button).click()


def test_a_chat_is_saved_as_a_zip_that_holds_its_messages_and_pictures(
    new_context: Callable[..., BrowserContext], kept: Kept, tmp_path: Path
) -> None:
    context = new_context(storage_state=kept.state, accept_downloads=True)
    context.add_init_script(NO_PICKERS)
    page = open_kept(context, kept)
    with page.expect_download(timeout=steps.LONG) as download:
        open_export(page, "JSON", "Save as a zip")
    download.value.save_as(tmp_path / "export.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "export.zip").read_bytes())) as packed:
        assert packed.testzip() is None
        told = json.loads(packed.read("001 Ada Quillfeather.json"))
        media = [message["media"]["file"] for message in told["messages"] if "file" in message.get("media", {})]
        assert any("The boat leaves from Brindlemoor" in message.get("text", "") for message in told["messages"])
        assert media
        assert set(media) <= set(packed.namelist())
    expect(page.get_by_text("The files are readable by anyone who has them.")).to_be_visible()


def test_a_chat_is_written_into_a_folder_without_a_request_elsewhere(
    new_context: Callable[..., BrowserContext], kept: Kept
) -> None:
    context = new_context(storage_state=kept.state)
    context.add_init_script(OWN_FOLDER)
    page = open_kept(context, kept)
    open_export(page, "Web pages", "Save into a folder")
    expect(page.get_by_text("The files are readable by anyone who has them.")).to_be_visible(timeout=steps.LONG)
    files = page.evaluate(FILES)
    names = {path.partition("/")[2] for path in files}
    assert {"001 Ada Quillfeather.html", "index.html", "style.css"} <= names
    assert any(name.startswith("media/") for name in names)
    assert all(files.values())
