"""Builds the browser app when something in it changed: `python static/build/app.py [--out FOLDER] [--pins FILE]`.

Without --pins, the keys in the file COFFER_VAULT_PINS are pinned (what `python -m vault.host identity` printed on the
vault's host), or those of this installation's own vault (`manage.py setup` has made them).
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import offline
from compress import add_twins

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
ENGINE_INPUTS = (
    "webapp/engine",
    "webapp/browser",
    "webapp/__init__.py",
    "vault/opaque",
    "vault/wire",
    "vault/__init__.py",
)
ENGINE_TOOLS = (
    "static/build/engine_bundle.py",
    "static/build/bytecode.mjs",
    "static/build/snapshot.mjs",
    "pyproject.toml",
    "package-lock.json",
)
PAGE_INPUTS = (
    "static/app",
    "static/design",
    "static/build/build.mjs",
    "static/build/compress.py",
    "static/build/offline.py",
    "static/build/offline",
    "tsconfig.json",
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=ROOT / "static" / "dist")
    parser.add_argument("--pins", type=Path)
    options = parser.parse_args()
    BUILD.mkdir(exist_ok=True)
    pins = options.pins or _pins_of_another_host() or _own_pins()

    with _alone():
        _build(options.out, pins)


@contextmanager
def _alone() -> Iterator[None]:
    """One build at a time: all of them share the compiled engine."""
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(out: Path, pins: Path) -> None:
    engine = BUILD / "engine"
    engine_digest = _digest([*ENGINE_INPUTS, *ENGINE_TOOLS])
    if _stamp(engine) != engine_digest:
        print("coffer: compiling the engine for the browser", file=sys.stderr)
        # Beside the old one, which stays whole until it gives way, whatever ends this build.
        fresh = BUILD / "engine.new"
        shutil.rmtree(fresh, ignore_errors=True)
        subprocess.run([sys.executable, "static/build/engine_bundle.py", str(fresh)], cwd=ROOT, check=True)
        shutil.rmtree(engine, ignore_errors=True)
        fresh.rename(engine)
        _set_stamp(engine, engine_digest)

    page_digest = _digest([*PAGE_INPUTS, str(pins)], engine_digest)
    if _stamp(out) != page_digest:
        print("coffer: building the app", file=sys.stderr)
        command = [
            "node",
            "static/build/build.mjs",
            "--pins",
            str(pins),
            "--out",
            str(out),
            "--engine",
            str(engine),
        ]
        subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
        add_twins(out, BUILD / "twins")
        offline.write(out, out / offline.NAME)
        _set_stamp(out, page_digest)


def _pins_of_another_host() -> Path | None:
    file = os.environ.get("COFFER_VAULT_PINS")
    if file is None and "COFFER_VAULT_URL" in os.environ:
        sys.exit(
            "Set COFFER_VAULT_PINS to a file with what `python -m vault.host identity` prints on the vault's host."
        )
    return None if file is None else Path(file)


def _own_pins() -> Path:
    pins = BUILD / "pins.json"
    try:
        identity = _manage("vault_identity")
    except subprocess.CalledProcessError:
        # A first start, or one after an update: the vault is set up, then it knows its keys.
        _manage("setup")
        identity = _manage("vault_identity")
    if not pins.exists() or pins.read_text() != identity:
        pins.write_text(identity)
    return pins


def _manage(command: str) -> str:
    run = [sys.executable, "manage.py", command]
    return subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _files(names: Iterable[str]) -> Iterable[Path]:
    for name in names:
        path = ROOT / name
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
        else:
            yield path


def _digest(names: Iterable[str], seed: str = "") -> str:
    state = hashlib.sha256(seed.encode())
    for path in _files(names):
        state.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return state.hexdigest()


def _stamp(folder: Path) -> str | None:
    stamp = folder.with_name(f"{folder.name}.stamp")
    return stamp.read_text() if stamp.exists() and folder.exists() else None


def _set_stamp(folder: Path, digest: str) -> None:
    stamp = folder.with_name(f"{folder.name}.stamp")
    part = stamp.with_name(f"{stamp.name}.part")
    part.write_text(digest)
    part.replace(stamp)


if __name__ == "__main__":
    main()
