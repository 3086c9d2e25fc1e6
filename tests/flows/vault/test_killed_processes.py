"""Real processes, killed with -9 at random moments: the server under guesses and replacements, the worker that sweeps
and rotates. `python -m tests.bench vault` does the same for 500 guesses."""

import pytest

from tests.bench import bench_vault


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whatever_is_killed_no_guess_is_refunded_or_charged_twice_and_no_record_is_half_promoted(database):
    found = bench_vault.run("killed", 40, database=database)
    assert (found["refunded"], found["charged_twice"], found["half_promoted"]) == (0, 0, 0)
    assert found["guesses"] >= 25
    assert found["server_kills"] + found["worker_kills"] > 0
