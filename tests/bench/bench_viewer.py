"""Opening a chat of 100,000 messages and jumping to any of its days, in Chromium: `python -m tests.bench viewer`.

The product's own page reads a generated export and is then used as a person would use it. What is measured is the time
from the click to the frame after the wanted messages stand in the document, that is, until they are painted.
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.static_server import serve
from tests.browser import archives, opened
from tests.browser.browsers import DESKTOP, launch

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = 100_000
OPENINGS, JUMPS = 15, 40
FIRST = datetime.fromtimestamp(archives.LONG_FROM, UTC)

#: Milliseconds from a click to the frame in which the message of that position is on the screen.
PAINTED = """async ([button, position]) => {
  const onScreen = () => {
    const list = document.querySelector('.messages')?.getBoundingClientRect();
    const message = document.querySelector(`[data-position="${position}"]`)?.getBoundingClientRect();
    return list && message && message.bottom > list.top && message.top < list.bottom;
  };
  const frame = () => new Promise(requestAnimationFrame);
  const painted = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  });
  const start = performance.now();
  button.click();
  do await frame(); while (!onScreen());
  await painted();
  return performance.now() - start;
}"""

SMOOTH = """async () => {
  const list = document.querySelector('.messages');
  const frames = [];
  let last = performance.now();
  for (let step = 0; step < 240; step += 1) {
    list.scrollTop -= 180;
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
  }
  return frames.slice(1).sort((a, b) => a - b);
}"""


def place_of(day: datetime, messages: int) -> int:
    """Where the first message of that day stands, or the last message."""
    seconds = int((day - FIRST).total_seconds())
    return min(max(0, -(-seconds // archives.LONG_STEP)), messages - 1)


def jump(page: Page, day: datetime, messages: int) -> float:
    page.get_by_role("button", name="Go to a day").click()
    page.get_by_label("Day", exact=True).fill(day.date().isoformat())
    button = page.get_by_role("button", name="Go there").element_handle()
    return float(page.evaluate(PAINTED, [button, place_of(day, messages)]))


def opening(page: Page, messages: int) -> float:
    page.get_by_role("button", name="Harbour club").click()
    page.wait_for_timeout(200)
    row = page.get_by_role("list", name="Chats").get_by_role("button").filter(has_text=archives.BEN[0]).first
    return float(page.evaluate(PAINTED, [row.element_handle(), messages - 1]))


def measure(messages: int = MESSAGES) -> list[dict[str, object]]:
    """Rows: milliseconds to open the chat, to jump to a day, and between frames while scrolling."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        subprocess.run([sys.executable, "static/build/app.py"], cwd=ROOT, check=True, capture_output=True)
        dist = ROOT / "static" / "dist"
        html = ("text/html; charset=utf-8", (dist / "index.html").read_bytes())
        server, origin = serve({"/app/": dist, "/static/": ROOT / "static"}, {"/app/open": html})
        account = archives.account(Path(folder), messages)
        browser = launch(playwright)
        page = browser.new_context(viewport=DESKTOP, timezone_id="UTC", base_url=origin).new_page()
        page.goto("/app/open")
        page.get_by_text(opened.COMPLETE).wait_for(timeout=90_000)
        start = time.perf_counter()
        opened.choose_folder(page, account)
        page.get_by_role("heading", name="What we found").wait_for(timeout=600_000)
        reading = time.perf_counter() - start
        opened.read(page)
        openings = sorted(opening(page, messages) for _ in range(OPENINGS))
        chance = random.Random(7)
        span = timedelta(seconds=archives.LONG_STEP * messages)
        days = [(FIRST + span * chance.random()).replace(hour=0, minute=0, second=0) for _ in range(JUMPS)]
        jumps = sorted(jump(page, day + timedelta(days=1), messages) for day in days)
        frames = page.evaluate(SMOOTH)
        browser.close()
        server.shutdown()
    return [
        _row(f"opening a chat of {messages:,} messages, click to painted: median (slowest)", openings, 150),
        _row(f"jumping to any day of {messages:,} messages, click to painted: median (slowest)", jumps, 150),
        {
            "figure": "scrolling 43,000 px of it at 180 px a frame: median frame (95 %)",
            "ours": f"{statistics.median(frames):.0f} ms",
            "beside": f"{frames[len(frames) * 95 // 100]:.0f} ms",
        },
        {"figure": f"reading {messages:,} messages of a Telegram export in Chromium", "ours": f"{reading:.1f} s"},
    ]


def _row(figure: str, times: list[float], at_most: int) -> dict[str, object]:
    return {
        "figure": figure,
        "ours": f"{statistics.median(times):.0f} ms",
        "beside": f"{times[-1]:.0f} ms",
        "value": statistics.median(times),
        "at_most": at_most,
    }


if __name__ == "__main__":
    for row in measure(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES):
        print("  ".join(f"{name} {value}" for name, value in row.items()))
