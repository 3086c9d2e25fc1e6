"""A coverage-guided fuzzer for every reader: `make fuzz`, or `python -m tests.fuzz --seconds 60 telegram zips`.

targets    one function a reader: any bytes in, a typed error or nothing out
seeds      inputs to begin with, made by our own generators
run        one target under Atheris, in a process of its own
findings/  inputs that once broke a reader; the suite replays them (tests/unit/readers/test_fuzz_replay.py)
"""

import argparse
import subprocess
import sys
from pathlib import Path

from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import TARGETS

HOME = Path(".fuzz")
"""What the fuzzer has learnt, kept between runs (not committed), and what it found."""

ONE_INPUT_SECONDS = 20
MOST_MEGABYTES = 1500


def fuzz(name: str, seconds: int) -> bool:
    """One target; True where nothing was found."""
    learnt, found = HOME / name / "learnt", HOME / name / "found"
    learnt.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    for number, seed in enumerate(SEEDS[name]()):
        (learnt / f"seed{number}").write_bytes(seed)
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.fuzz.run", name, str(learnt), f"-max_total_time={seconds}",
            f"-artifact_prefix={found}/", f"-timeout={ONE_INPUT_SECONDS}", f"-rss_limit_mb={MOST_MEGABYTES}",
            "-max_len=65536", "-print_final_stats=1",
        ],
        capture_output=True, text=True, check=False, errors="replace",
    )  # fmt: skip
    lines = done.stderr.splitlines()
    runs = next((line.split()[-1] for line in lines if "number_of_executed_units" in line), "?")
    print(f"{name:14} {runs:>10} inputs  {'nothing found' if done.returncode == 0 else 'FOUND'}", flush=True)
    if done.returncode:
        print("\n".join([*done.stdout.splitlines()[-30:], *lines[-15:]]))
    return done.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzzes the readers.")
    parser.add_argument("targets", nargs="*", default=[], help=f"of {', '.join(TARGETS)}; without any: all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    arguments = parser.parse_args()
    names = arguments.targets or list(TARGETS)
    clean = [fuzz(name, arguments.seconds) for name in names]
    return 0 if all(clean) else 1


if __name__ == "__main__":
    raise SystemExit(main())
