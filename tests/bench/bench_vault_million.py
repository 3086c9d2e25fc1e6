"""The vault with a million records: `python -m tests.bench vault-million`. A quarter of an hour on a calm machine.

Growth and rotation are measured on PostgreSQL with durable commits and software custody (bench_vault.py).
"""

from tests.bench.bench_vault import rotation_rows, run

RECORDS = 1_000_000


def measure() -> list[dict[str, object]]:
    """The figures, each with its goal."""
    found = run("grown", RECORDS, database="postgresql")
    few, many = found["few"], found["many"]
    rows: list[dict[str, object]] = [
        {
            "figure": f"{name}, with {RECORDS:,} records against 1,000",
            "ours": f"{many[key]:.1f}",
            "beside": f"{few[key]:.1f}",
            "ratio": few[key] / many[key] if key == "a_second" else many[key] / few[key],
            "at_most": 1.2,
        }
        for name, key in (
            ("full recoveries a second", "a_second"),
            ("CPU of server and database for one recovery (ms)", "cpu_ms"),
        )
    ]
    return rows + rotation_rows(run("rotation", RECORDS, database="postgresql"), RECORDS, "postgresql", 900)
