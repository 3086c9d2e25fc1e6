"""Backing up an export with 1 GiB of media in real Chromium: memory of the interpreter and of the renderer, and speed."""

import random
import tempfile
import threading
import time
import zipfile
from pathlib import Path

from playwright.sync_api import CDPSession, Page, expect, sync_playwright

from tests.browser import steps
from tests.browser.browsers import DESKTOP, launch
from tests.browser.product import start

MEDIA = 128
MEDIUM_BYTES = 8 * 1024 * 1024
MIB = 1024 * 1024


def _export(path: Path) -> None:
    noise = random.Random(1)
    lines = [
        f"{1 + n % 28:02}/05/2026, 10:{n % 60:02} - Tom: VID-202605{1 + n % 28:02}-WA{n:04}.mp4 (file attached)"
        for n in range(MEDIA)
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr("WhatsApp Chat with Tom.txt", "\n".join(lines))
        for number in range(MEDIA):
            name = f"VID-202605{1 + number % 28:02}-WA{number:04}.mp4"
            archive.writestr(name, b"\x00\x00\x00\x18ftypmp42" + noise.randbytes(MEDIUM_BYTES - 12))


def _renderers(browser_session: CDPSession) -> list[int]:
    processes = browser_session.send("SystemInfo.getProcessInfo")["processInfo"]
    return [int(process["id"]) for process in processes if process["type"] == "renderer"]


def _resident(process: int) -> int:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


class _Peak(threading.Thread):
    """The largest memory of any renderer while it runs."""

    def __init__(self, processes: list[int]) -> None:
        super().__init__(daemon=True)
        self.processes, self.bytes, self.running = processes, 0, True

    def run(self) -> None:
        while self.running:
            for process in self.processes:
                try:
                    self.bytes = max(self.bytes, _resident(process))
                except OSError:
                    continue
            time.sleep(0.05)


def _back_up(page: Page, export: Path, peak: _Peak) -> float:
    steps.choose(page, export)
    peak.start()
    started = time.perf_counter()
    page.get_by_role("button", name="Back up", exact=True).click()
    expect(page.get_by_role("heading", name="Backed up")).to_be_visible(timeout=600_000)
    peak.running = False
    return time.perf_counter() - started


def measure() -> list[dict[str, object]]:
    """Rows of the table."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        export = folder / "WhatsApp Chat with Tom.zip"
        _export(export)
        product = start(folder)
        try:
            browser = launch(playwright)
            page = browser.new_context(base_url=product.origin, viewport=DESKTOP).new_page()
            steps.sign_up(product, page, "bench@example.org")
            steps.make_safe_by_key(page)
            peak = _Peak(_renderers(browser.new_browser_cdp_session()))
            seconds = _back_up(page, export, peak)
            heap = int(page.workers[0].evaluate("() => self.heapBytes()"))
            browser.close()
        finally:
            product.stop()
    size = MEDIA * MEDIUM_BYTES
    return [
        {"figure": "backing up 1 GiB: wasm heap", "ours": f"{heap / MIB:.0f} MiB", "value": heap / MIB, "at_most": 64},
        {
            "figure": "backing up 1 GiB: renderer memory, peak",
            "ours": f"{peak.bytes / MIB:.0f} MiB",
            "value": peak.bytes / MIB,
            "at_most": 400,
        },
        {"figure": "backing up 1 GiB: speed", "ours": f"{size / MIB / seconds:.0f} MiB/s"},
    ]


if __name__ == "__main__":
    for row in measure():
        print(row)
