"""Whoever dies in the middle of a backup: what was committed restores bit for bit, and one collection leaves no orphan.

The same with 100 backups: `python -m tests.bench killed-backups`.
"""

from pathlib import Path

from tests.flows.cli.conftest import export_of
from tests.flows.cli.killing import run
from tests.flows.cli.site import make_person, start_site


def test_deaths_at_random_moments_lose_nothing_that_was_committed(tmp_path: Path) -> None:
    product = start_site(tmp_path / "site")
    try:
        person = make_person(product, tmp_path / "home")
        exports = [
            export_of(
                tmp_path / f"chat-{number}.zip", messages=50 + number, media=6, medium_bytes=1_500_000, seed=number
            )
            for number in range(5)
        ]
        told = run(product, person, exports, seed=14)
        assert sum(told.kills[victim] for victim in ("client", "server", "worker")) >= 3
        assert told.committed >= told.done
        assert (told.wrong, told.unsaid, told.strays, told.lacking) == (0, 0, 0, 0)
    finally:
        product.stop()
