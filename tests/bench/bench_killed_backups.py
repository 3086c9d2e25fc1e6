"""100 backups in which server, worker or client die at random moments: `python -m tests.bench killed-backups`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom

BACKUPS = 100


def measure() -> Iterator[dict[str, object]]:
    """Every committed snapshot is restored and compared; then one collection, and what it leaves."""
    from tests.flows.cli.conftest import export_of
    from tests.flows.cli.killing import run
    from tests.flows.cli.site import make_person, start_site

    with tempfile.TemporaryDirectory(prefix="coffer-killed-") as name:
        folder = Path(name)
        product = start_site(folder / "site")
        try:
            person = make_person(product, folder / "home")
            exports = [
                export_of(
                    folder / f"chat-{number}.zip", messages=50 + number, media=6, medium_bytes=1_500_000, seed=number
                )
                for number in range(BACKUPS)
            ]
            told = run(product, person, exports, seed=SystemRandom().getrandbits(32))
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
