"""Builds what Python needs in the browser: the engine wheel and the standard library, both as bytecode, and the lock.

    python static/build/engine_bundle.py OUTPUT_FOLDER

Writes coffer_engine-*.whl, python_stdlib.zip, pyodide-lock.json and snapshot.bin there. Reproducible: entries are
sorted, stored (the transport compresses them) and dated 1980; the bytecode is made by Pyodide's own interpreter.
`pyodide-build` writes the lock and checks the wheel (docs/decisions/0002-pyodide-build.md).
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYODIDE = ROOT / "node_modules" / "pyodide"
EPOCH = (1980, 1, 1, 0, 0, 0)
# Modules of the standard library that need what a browser does not have, or that only serve developers.
LEFT_OUT = (
    *("ensurepip", "idlelib", "lib2to3", "pydoc_data", "test", "tkinter", "turtledemo", "venv", "curses", "__phello__"),
    *("unittest", "multiprocessing", "xmlrpc", "wsgiref", "dbm"),
    *("bdb.py", "cProfile.py", "doctest.py", "ftplib.py", "imaplib.py", "mailbox.py", "optparse.py", "pdb.py"),
    *("pickletools.py", "poplib.py", "profile.py", "pstats.py", "pydoc.py", "smtplib.py", "turtle.py"),
)


def main() -> None:
    output = Path(sys.argv[1])
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        wheel = _engine_wheel(work, output)
        _standard_library(work, output)
        _lock(work, wheel, output)
        _snapshot(output)


def _compile(source: Path, target: Path, prefix: str, *, optimize: int) -> None:
    target.mkdir(parents=True, exist_ok=True)
    command = ["node", str(ROOT / "static" / "build" / "bytecode.mjs"), str(source), str(target), prefix, str(optimize)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _zip(target: Path, entries: dict[str, bytes]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(entries):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), entries[name])


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _engine_wheel(work: Path, output: Path) -> Path:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    version = project["project"]["version"]
    source = work / "engine"
    for package in project["tool"]["coffer"]["bundle"]["packages"]:
        place = Path(*package.split("."))
        shutil.copytree(ROOT / place, source / place, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        for parent in place.parents[:-1]:
            shutil.copyfile(ROOT / parent / "__init__.py", source / parent / "__init__.py")
    compiled = work / "engine-compiled"
    _compile(source, compiled, "/lib/python3.14/site-packages", optimize=0)
    entries = _files(compiled)
    info = f"coffer_engine-{version}.dist-info"
    entries[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: coffer-engine\nVersion: {version}\n".encode()
    entries[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: coffer\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    entries[f"{info}/top_level.txt"] = b"vault\nwebapp\n"
    record = "".join(
        f"{name},sha256={_record_digest(content)},{len(content)}\n" for name, content in sorted(entries.items())
    )
    entries[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    wheel = output / f"coffer_engine-{version}-py3-none-any.whl"
    _zip(wheel, entries)
    return wheel


def _record_digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _standard_library(work: Path, output: Path) -> None:
    source, compiled = work / "stdlib", work / "stdlib-compiled"
    with zipfile.ZipFile(PYODIDE / "python_stdlib.zip") as archive:
        names = [name for name in archive.namelist() if name.split("/")[0] not in LEFT_OUT]
        archive.extractall(source, names)
    # Without docstrings and assertions, which nobody reads there: a fifth fewer bytes to fetch and to parse.
    _compile(source, compiled, "/lib/python314.zip", optimize=2)
    _zip(output / "python_stdlib.zip", _files(compiled))


def _lock(work: Path, wheel: Path, output: Path) -> None:
    stock = json.loads((PYODIDE / "pyodide-lock.json").read_text())
    base = work / "pyodide-lock.json"
    # None of the stock packages ships with Coffer, so none is named: a missing one fails here, never at a CDN.
    base.write_text(json.dumps({"info": stock["info"], "packages": {}}))
    lock = output / "pyodide-lock.json"
    command = [
        sys.executable,
        "-m",
        "pyodide_cli",
        "lockfile",
        "add-wheels",
        "--input",
        str(base),
        "--output",
        str(lock),
    ]
    done = subprocess.run([*command, "--base-path", str(output), str(wheel)], capture_output=True, text=True)
    if done.returncode:
        # Its one warning otherwise, that a wheel of bytecode names no import, is of no use to anybody.
        raise SystemExit(done.stderr)
    (package,) = json.loads(lock.read_text())["packages"].values()
    if package["sha256"] != hashlib.sha256(wheel.read_bytes()).hexdigest() or package["depends"]:
        raise SystemExit("the lock does not describe the wheel")


def _snapshot(output: Path) -> None:
    """The interpreter's memory with the engine imported: where a page may begin (static/build/snapshot.mjs)."""
    command = ["node", str(ROOT / "static" / "build" / "snapshot.mjs"), str(output.resolve())]
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
