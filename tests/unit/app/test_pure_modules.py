"""The app's rules that need no browser, run by Node: pure_modules.test.ts beside this file."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"
#: What a browser has and Node may lack; the zone is far from UTC, so that a time read in the wrong zone shows.
BROWSER = 'Object.defineProperty(globalThis, "navigator", { value: { languages: ["en-US"] }, configurable: true });'


@pytest.mark.skipif(not ESBUILD.exists(), reason="the app's packages are not installed")
def test_the_pure_modules_keep_their_promises(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node is not None, "Node runs these tests; bootstrap.sh puts it on the PATH"
    bundle = tmp_path / "pure_modules.test.mjs"
    subprocess.run(
        [
            ESBUILD,
            Path(__file__).with_name("pure_modules.test.ts"),
            "--bundle",
            "--format=esm",
            "--platform=node",
            "--jsx=automatic",
            "--jsx-import-source=preact",
            f"--banner:js={BROWSER}",
            f"--outfile={bundle}",
            "--log-level=error",
        ],
        check=True,
        cwd=ROOT,
        env={**os.environ, "NODE_PATH": str(ROOT / "node_modules")},
    )
    ran = subprocess.run(
        [node, "--test", bundle],
        capture_output=True,
        text=True,
        env={**os.environ, "TZ": "Pacific/Auckland"},
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-6000:]
    assert "# pass 0" not in ran.stdout
