"""All figures in one table: `make bench`, or `python -m tests.bench boot seal` for some of them.

`vault-million` takes a quarter of an hour and runs only when it is named."""

import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "opaque",
    "boot",
    "seal",
    "backup",
    "cli",
    "reader",
    "android",
    "search",
    "viewer",
    "export",
    "partial",
    "vault",
    "collection",
)


def _verdict(row: dict[str, object]) -> str:
    value = row.get("ratio", row.get("value"))
    if not isinstance(value, int | float):
        return ""
    if "at_most" in row:
        return "ok" if value <= float(str(row["at_most"])) else "MISSED"
    if "at_least" in row:
        return "ok" if value >= float(str(row["at_least"])) else "MISSED"
    return ""


def _goal(row: dict[str, object]) -> str:
    for name, sign in (("at_most", "≤"), ("at_least", "≥")):
        if name in row:
            return f"{sign} {row[name]}"
    return ""


def _row(row: dict[str, object]) -> dict[str, object]:
    """A room may give name, value, unit and target (an upper bound) instead."""
    if "figure" in row or "name" not in row:
        return row
    shaped: dict[str, object] = {"figure": row["name"], "ours": f"{row.get('value')} {row.get('unit', '')}"}
    if isinstance(row.get("target"), int | float):
        shaped |= {"value": row["value"], "at_most": row["target"]}
    return shaped


def main() -> None:
    wanted = sys.argv[1:] or ROOMS
    # Several rooms run the engine in Chromium: a bundle of another day would be measured, or break.
    subprocess.run([sys.executable, str(ROOT / "static" / "build" / "app.py")], check=True, stdout=subprocess.DEVNULL)
    print(f"{'figure':84} {'ours':>14} {'beside':>14} {'ratio':>7} {'goal':>8}")
    for room in wanted:
        module = f"tests.bench.bench_{room.replace('-', '_')}"
        if importlib.util.find_spec(module) is None:
            continue
        for row in importlib.import_module(module).measure():
            row = _row(row)
            ratio = row.get("ratio")
            shown = f"{ratio:.2f}" if isinstance(ratio, int | float) else ""
            print(
                f"{row.get('figure', row)!s:84} {row.get('ours', '')!s:>14} {row.get('beside', '')!s:>14}"
                f" {shown:>7} {_goal(row):>8} {_verdict(row)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
