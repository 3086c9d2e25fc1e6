"""The same sources give the same bytes, wherever and by whom they are built, and the list of digests is true: so that
anyone can build the app and compare it with what a site serves."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser  # slow: compiles the engine twice

ROOT = Path(__file__).resolve().parents[3]
PINS = {"opaque_public_key": "A" * 43, "signing_public_key": "B" * 43}
TWINS = (".br", ".zst")
# Names that stand for a vocabulary and are never asked for.
VOCABULARIES = {"www.w3.org"}
HOSTS = re.compile(rb"https?://([a-zA-Z0-9.-]+\.[a-zA-Z]{2,})")


@dataclass(frozen=True)
class Built:
    engine: Path
    app: Path

    @property
    def manifest(self) -> dict[str, Any]:
        return dict(json.loads((self.app / "manifest.json").read_text()))


def build(folder: Path, **surroundings: str) -> Built:
    """From the sources alone: nothing kept from an earlier build."""
    folder.mkdir(parents=True)
    pins = folder / "pins.json"
    pins.write_text(json.dumps(PINS))
    built = Built(folder / "engine", folder / "app")
    run = {"cwd": ROOT, "check": True, "env": {**os.environ, **surroundings}, "capture_output": True}
    subprocess.run([sys.executable, "static/build/engine_bundle.py", str(built.engine)], **run)
    command = ["node", "static/build/build.mjs", "--pins", pins, "--out", built.app, "--engine", built.engine]
    subprocess.run(command, **run)
    return built


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("first") / "a", PYTHONHASHSEED="1", TZ="UTC", LANG="C.UTF-8")


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("second") / "elsewhere, and deeper" / "b"
    before = os.umask(0o077)
    try:
        return build(folder, PYTHONHASHSEED="2", TZ="Pacific/Auckland", LANG="tr_TR.UTF-8")
    finally:
        os.umask(before)


def files_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_engine_is_the_same_to_the_last_byte(first: Built, second: Built) -> None:
    names = set(files_of(first.engine))
    assert {"python_stdlib.zip", "pyodide-lock.json"} < names
    assert any(name.endswith(".whl") for name in names)
    assert files_of(first.engine) == files_of(second.engine)


def test_the_app_is_the_same_to_the_last_byte(first: Built, second: Built) -> None:
    assert first.manifest["digest"] == second.manifest["digest"]
    assert files_of(first.app) == files_of(second.app)


def test_the_folder_for_the_day_the_site_is_gone_is_the_same_too(first: Built, second: Built, tmp_path: Path) -> None:
    zips = []
    for built in (first, second):
        zips.append(tmp_path / f"{len(zips)}.zip")
        command = [sys.executable, "static/build/offline.py", "--app", str(built.app), "--out", str(zips[-1])]
        subprocess.run(command, cwd=ROOT, check=True)
    assert zips[0].read_bytes() == zips[1].read_bytes()


def test_the_list_of_digests_names_every_file_and_is_true(first: Built) -> None:
    served = {
        name: digest
        for name, digest in files_of(first.app).items()
        if name != "manifest.json" and not name.endswith(TWINS)
    }
    assert first.manifest["files"] == served
    lines = "".join(f"{name}\0{digest}\n" for name, digest in sorted(served.items()))
    assert first.manifest["digest"] == hashlib.sha256(lines.encode()).hexdigest()


def test_every_address_of_an_asset_is_made_of_its_content(first: Built) -> None:
    for name in files_of(first.app / "assets"):
        assert re.match(r"engine-[0-9a-f]{16}/|.+-[0-9A-Z]{8}\.\w+$", name), name


def test_what_the_browser_runs_names_no_other_host(first: Built) -> None:
    """Scripts, styles and the page. The policy forbids other hosts anyway; here nothing even asks."""
    named = {}
    for path in first.app.rglob("*"):
        if path.suffix in (".html", ".css") or (path.suffix == ".js" and path.parent.name == "assets"):
            named[path.name] = {host.decode() for host in HOSTS.findall(path.read_bytes())} - VOCABULARIES
    assert len(named) >= 4
    assert {name: hosts for name, hosts in named.items() if hosts} == {}


def test_the_pins_are_part_of_the_bundle(first: Built) -> None:
    scripts = [path.read_text(encoding="utf-8") for path in (first.app / "assets").glob("*.js")]
    assert any(all(pin in script for pin in PINS.values()) for script in scripts)
