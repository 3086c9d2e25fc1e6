"""What the fuzzer starts from, mutated deterministically, and what it once found: all end as they should."""

import random
import time
from pathlib import Path

import pytest

from tests import fixtures_signal
from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import TARGETS
from webapp.engine.readers.signal import passphrase

FINDINGS = Path(__file__).parents[2] / "fuzz" / "findings"
MUTATIONS = 40


@pytest.fixture(autouse=True)
def real_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The targets lower the number of rounds; this brings it back."""
    monkeypatch.setattr(passphrase, "ROUNDS", passphrase.ROUNDS)
    monkeypatch.setattr(fixtures_signal, "ROUNDS", fixtures_signal.ROUNDS)


def mutated(seed: bytes, rolls: random.Random) -> bytes:
    data = bytearray(seed)
    for _ in range(rolls.randrange(1, 6)):
        place = rolls.randrange(len(data) + 1)
        match rolls.randrange(4):
            case 0:
                data[place : place + 1] = rolls.randbytes(1)
            case 1:
                del data[place : place + rolls.randrange(1, 50)]
            case 2:
                data[place:place] = data[max(0, place - 20) : place] * rolls.randrange(1, 4)
            case 3:
                data[place : place + 4] = rolls.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_seeds_end_in_a_typed_error_or_nothing(name: str) -> None:
    rolls = random.Random(name)
    seeds = SEEDS[name]()
    start = time.monotonic()
    for number in range(MUTATIONS):
        TARGETS[name](mutated(seeds[number % len(seeds)], rolls))
    assert time.monotonic() - start < 30


@pytest.mark.parametrize("finding", sorted(FINDINGS.glob("*/*")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_findings_stay_fixed(finding: Path) -> None:
    start = time.monotonic()
    TARGETS[finding.parent.name](finding.read_bytes())
    assert time.monotonic() - start < 10
