"""Engine boot to ready, beside a bare Pyodide boot of the same version as npm ships it: cold and warm, medians of 7.

Cold: a browser profile that never saw the files. Warm: the same profile's third visit. Both sides are served by the
same server; ours with its compressed twins, the bare one as it is.
"""

import re
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from tests.bench.static_server import serve
from tests.browser.browsers import FLAGS, executable

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "static" / "dist"
RUNS = 7
BARE_WORKER = b"""
import { loadPyodide } from "/npm/pyodide.mjs";
const pyodide = await loadPyodide({ indexURL: "/npm/" });
postMessage(pyodide.runPython("1 + 1"));
"""
PAGE = """<!doctype html><meta charset="utf-8"><title>bench</title><script type="module">
window.bare = () => new Promise((done, failed) => {
  const start = performance.now();
  const worker = new Worker("/bare.mjs", { type: "module" });
  worker.onmessage = () => done(performance.now() - start);
  worker.onerror = (event) => failed(event.message);
});
window.engine = () => new Promise((done, failed) => {
  const start = performance.now();
  const worker = new Worker("%WORKER%", { type: "module" });
  worker.postMessage({ cancelFlag: new Int32Array(new SharedArrayBuffer(4)) });
  worker.onmessage = ({ data }) => (data.value?.ok ? done(performance.now() - start) : failed(JSON.stringify(data)));
  worker.onerror = (event) => failed(event.message);
  worker.postMessage({ id: "boot", type: "APPLY", path: ["ready"], argumentList: [] });
});
</script>"""


def _boot(playwright: Playwright, origin: str, which: str) -> tuple[float, float]:
    """(cold, warm) in milliseconds, in a profile of its own."""
    with tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=executable(playwright), args=FLAGS, headless=True
        )
        times = []
        for _ in range(3):
            page = context.new_page()
            page.goto(f"{origin}/bench.html")
            times.append(float(page.evaluate(f"window.{which}()")))
            page.wait_for_timeout(300)
            page.close()
        context.close()
    return times[0], times[2]


def measure() -> list[dict[str, object]]:
    """Rows of the table, sides alternating so that noise hits both alike."""
    index = (DIST / "index.html").read_text()
    found = re.search(r'name="coffer-worker" content="([^"]+)"', index)
    if found is None:
        raise RuntimeError("build the app first: make app")
    pages = {
        "/bench.html": ("text/html", PAGE.replace("%WORKER%", found.group(1)).encode()),
        "/bare.mjs": ("text/javascript", BARE_WORKER),
    }
    server, origin = serve({"/npm/": ROOT / "node_modules" / "pyodide", "/app/": DIST}, pages)
    bare: list[tuple[float, float]] = []
    ours: list[tuple[float, float]] = []
    try:
        with sync_playwright() as playwright:
            for _ in range(RUNS):
                bare.append(_boot(playwright, origin, "bare"))
                ours.append(_boot(playwright, origin, "engine"))
    finally:
        server.shutdown()
    rows: list[dict[str, object]] = []
    for place, (name, limit) in enumerate((("cold", 0.4), ("warm", 0.6))):
        mine = statistics.median(times[place] for times in ours)
        theirs = statistics.median(times[place] for times in bare)
        rows.append(
            {
                "figure": f"engine boot to ready ÷ bare Pyodide boot, {name}",
                "ours": f"{mine:.0f} ms",
                "beside": f"{theirs:.0f} ms",
                "ratio": mine / theirs,
                "at_most": limit,
            }
        )
    return rows


if __name__ == "__main__":
    for row in measure():
        print(row)
