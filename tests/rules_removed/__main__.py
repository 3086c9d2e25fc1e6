"""Every rule of docs/vault-protocol.md is taken out, and its tests must notice: `python -m tests.rules_removed`.

For each removal of the table (removals.py) the code is copied to a folder of its own, changed there, and the tests that
the removal names are run against it. Each of them must fail; one that passes does not hold its rule. With words behind
the command only the removals whose rule contains all of them.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.rules_removed.removals import REMOVALS, Removal

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("vault", "webapp", "tests", "templates", "static", "docs", "manage.py", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("dist", "__pycache__", "node_modules", ".*")
SECONDS = 900


def changed(removal: Removal, folder: Path) -> dict[Path, str]:
    """Take the rule out of the copy; → what its files were. Raises LookupError where the code is no longer the one
    that the table names."""
    before: dict[Path, str] = {}
    for name, old, new in removal.edits:
        path = folder / name
        text = path.read_text()
        before.setdefault(path, text)
        if text.count(old) != 1:
            raise LookupError(f"{name}: {text.count(old)} times: {old!r}")
        path.write_text(text.replace(old, new))
    return before


def passed(removal: Removal, folder: Path) -> list[str]:
    """Run its tests against the changed copy; → those that noticed nothing. Raises RuntimeError where they did not
    run at all."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=no", "-rf"]
    command += ["-p", "tests.rules_removed.no_shrinking"]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, *removal.tests], cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS
    )
    # An import that broke, or a fixture: that says nothing of the rule.
    if done.returncode not in (0, 1) or re.search(r"^ERROR ", done.stdout, re.MULTILINE):
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    failed = set(re.findall(r"^FAILED ([^\s]+)", done.stdout, re.MULTILINE))
    return [test for test in removal.tests if not any(_is_of(one, test) for one in failed)]


def _is_of(failed: str, named: str) -> bool:
    """named: a file, a test, or one of its cases."""
    return failed == named or failed.startswith((f"{named}[", f"{named}::"))


def main(words: list[str]) -> int:
    wanted = [one for one in REMOVALS if all(word in one.rule for word in words)]
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="coffer-rules-") as made:
        folder = Path(made)
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
            else:
                shutil.copy(ROOT / name, folder / name)
        for removal in wanted:
            begun = time.monotonic()
            try:
                before = changed(removal, folder)
                unnoticed = passed(removal, folder)
                said = f"NOT noticed by {', '.join(unnoticed)}" if unnoticed else f"{len(removal.tests)} tests fail"
            except (LookupError, RuntimeError, subprocess.TimeoutExpired) as error:
                unnoticed, said = ["?"], f"could not be tried: {error}"
            wrong += bool(unnoticed)
            for path, text in before.items():
                path.write_text(text)
            print(f"{removal.rule}\n    {removal.taken}: {said} ({time.monotonic() - begun:.0f} s)", flush=True)
    print(f"{len(wanted) - wrong} of {len(wanted)} removals were noticed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
