"""Backing up an export with 1 GiB of media in real Chromium: memory of interpreter and renderer, and speed."""

import json
import random
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.request
import zipfile
from pathlib import Path

from playwright.sync_api import CDPSession, Page, Playwright, expect, sync_playwright

from tests.browser import steps
from tests.browser.browsers import FLAGS, executable
from tests.browser.product import Product, start
from tests.ports import free_port

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


def _snapshots(product: Product) -> int:
    with sqlite3.connect(product.folder / "data" / "site.sqlite3", timeout=30) as database:
        return int(database.execute("SELECT count(*) FROM backups_snapshot").fetchone()[0])


def _chromium(playwright: Playwright, folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A Chromium that one may leave alone: whoever watches its network makes it copy every request's body."""
    port = free_port()
    program = executable(playwright) or playwright.chromium.executable_path
    command = [program, "--headless", *FLAGS, f"--remote-debugging-port={port}", f"--user-data-dir={folder}/profile"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"{address}/json/version", timeout=1):
                return process, address
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("Chromium did not start")


def _choose(session: CDPSession, export: Path) -> None:
    """Chooses a file of any size, which Playwright itself refuses over this connection."""
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    chooser = {"nodeId": root, "selector": "input[type=file]:not([webkitdirectory])"}
    node = session.send("DOM.querySelector", chooser)["nodeId"]
    session.send("DOM.setFileInputFiles", {"nodeId": node, "files": [str(export)]})


def _report_heap(page: Page) -> None:
    """The worker tells its memory every half second, and the page wears it as its title, readable from outside."""
    page.evaluate(
        "() => { window.heap = new BroadcastChannel('heap');"
        " window.heap.onmessage = ({ data }) => { document.title = `heap ${data}`; }; }"
    )
    page.workers[0].evaluate(
        "() => { const heap = new BroadcastChannel('heap');"
        " setInterval(() => heap.postMessage(self.heapBytes()), 500); }"
    )


def _heap_bytes(address: str) -> int:
    with urllib.request.urlopen(f"{address}/json/list", timeout=10) as reply:
        titles = [str(target["title"]) for target in json.load(reply)]
    return next(int(title.split()[1]) for title in titles if title.startswith("heap "))


PLAIN = """
async ([medium, batches]) => {
  window.heap.close();
  const me = await (await fetch("/api/v1/me")).json();
  const [safe] = await (await fetch("/api/v1/safes")).json();
  const frame = 36 + medium;
  const body = new Uint8Array(2 * frame);
  for (let at = 0; at < body.length; at += 65536) {
    crypto.getRandomValues(body.subarray(at, Math.min(at + 65536, body.length)));
  }
  for (const start of [0, frame]) new DataView(body.buffer).setUint32(start + 32, medium);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const started = performance.now();
  for (let sent = 0; sent < batches; sent += 1) {
    for (const start of [0, frame]) crypto.getRandomValues(body.subarray(start, start + 32));
    const headers = { "content-type": "application/octet-stream", "x-csrftoken": me.csrf };
    const reply = await fetch(`/api/v1/safes/${safe.safe}/chunks`, { method: "PUT", headers, body });
    if (!reply.ok) throw new Error(await reply.text());
  }
  document.title = `plain ${(performance.now() - started) / 1000}`;
}
"""


def _plain_upload(playwright: Playwright, address: str) -> float:
    """Seconds that the same page needs to send as many bytes to the same server with nothing but `fetch`; nobody is
    attached meanwhile either."""
    browser = playwright.chromium.connect_over_cdp(address)
    page = browser.contexts[0].pages[0]
    page.evaluate(
        f"(order) => {{ const send = {PLAIN}; setTimeout(() => send(order), 0); }}",
        [MEDIUM_BYTES, MEDIA // 2],
    )
    browser.close()
    for _ in range(6000):
        with urllib.request.urlopen(f"{address}/json/list", timeout=10) as reply:
            titles = [str(target["title"]) for target in json.load(reply)]
        found = [title for title in titles if title.startswith("plain ")]
        if found:
            return float(found[0].split()[1])
        time.sleep(0.1)
    raise TimeoutError("the plain upload did not end")


def measure() -> list[dict[str, object]]:
    """Rows of the table. The backup itself runs with nobody attached to the browser."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        export = folder / "WhatsApp Chat with Tom.zip"
        _export(export)
        product = start(folder)
        process, address = _chromium(playwright, folder)
        try:
            browser = playwright.chromium.connect_over_cdp(address)
            context = browser.contexts[0]
            page = context.pages[0]
            page.goto(product.origin)
            steps.sign_up(product, page, "bench@example.org")
            steps.make_safe_by_key(page)
            _choose(context.new_cdp_session(page), export)
            expect(page.get_by_role("heading", name="What we found")).to_be_visible(timeout=60_000)
            peak = _Peak(_renderers(browser.new_browser_cdp_session()))
            _report_heap(page)
            button = page.get_by_role("button", name="Back up", exact=True)
            button.evaluate("button => setTimeout(() => button.click(), 1500)")
            browser.close()
            time.sleep(1.5)
            peak.start()
            started = time.perf_counter()
            while _snapshots(product) == 0 and time.perf_counter() - started < 600:
                time.sleep(0.1)
            seconds = time.perf_counter() - started
            peak.running = False
            time.sleep(1.5)
            heap = _heap_bytes(address)
            plain = _plain_upload(playwright, address)
        finally:
            process.terminate()
            process.wait()
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
        {
            "figure": "backing up 1 GiB ÷ plain fetch of as many bytes to the same server: speed",
            "ours": f"{size / MIB / seconds:.0f} MiB/s",
            "beside": f"{size / MIB / plain:.0f} MiB/s",
            "ratio": plain / seconds,
            "at_least": 0.7,
        },
    ]


if __name__ == "__main__":
    for row in measure():
        print(row)
