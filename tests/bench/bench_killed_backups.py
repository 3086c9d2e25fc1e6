"""100 backups in which server, worker, client or browser die at random moments: `python -m tests.bench killed-backups`.

The browser is a real Chromium; COFFER_BENCH_BACKUPS: another number of backups.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom

BACKUPS = int(os.environ.get("COFFER_BENCH_BACKUPS", "100"))


def measure() -> Iterator[dict[str, object]]:
    """Every committed snapshot is restored and compared; then one collection, and what it leaves."""
    from playwright.sync_api import sync_playwright

    from tests.bench.killed_browser import back_up_and_die, signed_in
    from tests.browser.product import start
    from tests.flows.cli.conftest import export_of
    from tests.flows.cli.killing import run
    from tests.flows.cli.site import make_person

    with tempfile.TemporaryDirectory(prefix="coffer-killed-") as name, sync_playwright() as playwright:
        folder = Path(name)
        folder.joinpath("site").mkdir()
        product = start(folder / "site")
        try:
            person = make_person(product, folder / "home")
            exports = [
                export_of(
                    folder / f"chat-{number}.zip", messages=50 + number, media=6, medium_bytes=1_500_000, seed=number
                )
                for number in range(BACKUPS)
            ]
            cookies = signed_in(playwright, product, person)

            def in_browser(export: Path, seconds: float) -> None:
                back_up_and_die(playwright, product, person, cookies, export, seconds)

            told = run(product, person, exports, SystemRandom().getrandbits(32), in_browser)
        finally:
            product.stop()
    deaths = ", ".join(f"{count} {victim}" for victim, count in told.kills.items())
    yield {
        "figure": f"{BACKUPS} backups, {deaths}: committed, of them said so",
        "ours": f"{told.committed}, {told.done}",
    }
    for what, value in (
        ("committed snapshots that do not restore bit for bit", told.wrong),
        ("backups that said they were done and are not there", told.unsaid),
        ("orphans after one collection", told.strays),
        ("rows without their object", told.lacking),
    ):
        yield {"figure": what, "ours": str(value), "value": value, "at_most": 0}
