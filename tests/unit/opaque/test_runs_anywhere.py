"""vault.opaque runs in the browser too: it may import the standard library and itself, nothing else."""

import ast
import sys
from pathlib import Path

import vault.opaque

SOURCES = sorted(Path(vault.opaque.__file__).parent.glob("*.py"))
NOT_IN_THE_BROWSER = {"ctypes", "socket", "subprocess", "threading", "multiprocessing", "ssl"}


def imported(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level in (0, 1), f"{source.name} reaches outside the package"
            if node.level == 0:
                names.add((node.module or "").partition(".")[0])
    return names


def test_every_module_imports_the_standard_library_and_this_package_alone() -> None:
    assert len(SOURCES) > 5
    for source in SOURCES:
        names = imported(source)
        assert names <= sys.stdlib_module_names, source.name
        assert not names & NOT_IN_THE_BROWSER, source.name
