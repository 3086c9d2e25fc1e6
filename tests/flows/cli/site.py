"""A site as `make run` starts it, without the browser app, and people who use it from the command line."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.product import ROOT, Product, environment, launch, wait_until_ready
from tests.ports import free_port

ALL = "backup,restore,unlock"


def start_site(folder: Path) -> Product:
    """Real web server, database, vault and store."""
    port = free_port()
    settings: dict[str, str] = {}
    subprocess.run(
        [sys.executable, "manage.py", "setup"],
        cwd=ROOT,
        env=environment(folder, port, settings),
        check=True,
        capture_output=True,
    )
    product = Product(folder, port, launch(folder, port, settings), settings)
    wait_until_ready(product)
    return product


@dataclass
class Person:
    """Somebody with a safe, at a machine of their own (home)."""

    product: Product
    home: Path
    safe: str
    digits: str
    token: str
    email: str

    @property
    def key_file(self) -> Path:
        path = self.home / "key.txt"
        if not path.exists():
            path.write_text(self.digits)
        return path

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COFFER_", "XDG_"))}
        return {**kept, "HOME": str(self.home), "COFFER_SITE": self.product.origin, "COFFER_TOKEN": self.token, **more}

    def start(self, *arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "webapp.cli", *map(str, arguments)]
        pipe = subprocess.PIPE
        options = {"env": self.environment(), "stdin": subprocess.DEVNULL, "stdout": pipe, "stderr": pipe} | options
        return subprocess.Popen(command, cwd=ROOT, text=True, **options)

    def run(self, *arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        """The command, to its end."""
        process = self.start(*arguments, **options)
        output, errors = process.communicate(timeout=300)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def told(self, *arguments: str | Path, **options: Any) -> Any:
        """What it tells with --json, after it went well."""
        done = self.run(*arguments, "--json", **options)
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)


def make_person(product: Product, home: Path, scopes: str = ALL, password: str | None = None) -> Person:
    command = [sys.executable, "-m", "tests.flows.cli.make_person", scopes, *([password] if password else [])]
    env = environment(product.folder, product.port, product.settings)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    home.mkdir(exist_ok=True, parents=True)
    return Person(product, home, **json.loads(done.stdout))
