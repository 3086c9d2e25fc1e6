"""Runs Python in the product's own interpreter, in real Chromium, over the real bridge."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bench.static_server import serve
from tests.browser.browsers import launch

ROOT = Path(__file__).resolve().parents[2]
PAGE = """<!doctype html><meta charset="utf-8"><title>engine</title><script type="module">
window.run = (python, argument, engine, lock) => new Promise((done, failed) => {
  const worker = new Worker("/worker/engine_worker.js", { type: "module" });
  worker.onmessage = ({ data }) => {
    worker.terminate();
    data.error ? failed(new Error(data.error)) : done(data.value);
  };
  worker.onerror = (event) => failed(new Error(event.message));
  worker.postMessage({ python, arguments: argument, engine: new URL(engine, location.href).href, lock });
});
</script>"""


class EngineInBrowser:
    """`run(python, argument)`: the Python reads `arguments` (JSON text) and ends with an expression, JSON text too."""

    def __init__(self, page: Page, engine: str, lock: str) -> None:
        self.page, self._engine, self._lock = page, engine, lock

    def run(self, python: str, argument: Any = None) -> Any:
        call = "([python, argument, engine, lock]) => window.run(python, argument, engine, lock)"
        return self.page.evaluate(call, [python, argument, self._engine, self._lock])


@contextmanager
def engine_in_browser(dist: Path, folder: Path, more: dict[str, Path] | None = None) -> Iterator[EngineInBrowser]:
    """dist: a build of the app; folder: where the worker is bundled to; more: folders to serve, by their path."""
    engine = next((dist / "assets").glob("engine-*"))
    subprocess.run(
        [
            str(ROOT / "node_modules" / ".bin" / "esbuild"),
            str(ROOT / "tests" / "bench" / "engine_worker.ts"),
            "--bundle",
            "--splitting",
            "--format=esm",
            "--log-level=error",
            f"--outdir={folder}",
            *(f"--external:{name}" for name in ("module", "fs", "path", "crypto")),
        ],
        check=True,
        cwd=ROOT,
    )
    server, origin = serve(
        {"/app/": dist, "/worker/": folder, **(more or {})}, {"/run.html": ("text/html", PAGE.encode())}
    )
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            page = browser.new_page()
            page.goto(f"{origin}/run.html")
            lock = (engine / "pyodide-lock.json").read_text()
            yield EngineInBrowser(page, f"/app/assets/{engine.name}/", lock)
            browser.close()
    finally:
        server.shutdown()
