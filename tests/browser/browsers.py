"""Real Chromium, as containers need it, and the window sizes that tests use."""

import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright

# What a container needs, and nothing that would let Chromium talk to anyone but the product.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# A file picker for saving cannot be driven from outside; without it the page saves through a download.
NO_PICKER = "delete window.showSaveFilePicker"


def executable(playwright: Playwright) -> str | None:
    """None where Playwright has its own Chromium, else the system's."""
    if Path(playwright.chromium.executable_path).exists():
        return None
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def launch(playwright: Playwright, **options: Any) -> Browser:
    """A headless Chromium, Playwright's own where it is installed, else the system's."""
    return playwright.chromium.launch(executable_path=executable(playwright), args=FLAGS, **options)
