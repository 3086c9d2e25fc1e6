"""Debian's restic, as people use it: a local repository with a password, kept apart from the person's own."""

import os
import shutil
import subprocess
import time
from pathlib import Path


def restic_program() -> str | None:
    """Its path; installed where that is possible and it is missing; None without it."""
    if shutil.which("restic") is None and shutil.which("apt-get") and os.geteuid() == 0:
        command = ["apt-get", "install", "-y", "-q", "restic"]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return shutil.which("restic")


class Restic:
    """One repository. Every method gives the seconds of the whole command."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._repository = folder / "restic"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RESTIC_")}
        places = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "restic-cache")}
        self._environment = {**kept, **places, "RESTIC_PASSWORD": "bench"}
        self._run("init")

    def backup(self, *files: Path) -> float:
        return self._run("backup", "--quiet", *files)

    def restore(self, to: Path) -> float:
        return self._run("restore", "latest", "--quiet", "--target", to)

    @property
    def size(self) -> int:
        """Bytes of the repository."""
        return sum(path.stat().st_size for path in self._repository.rglob("*") if path.is_file())

    def _run(self, *arguments: str | Path) -> float:
        command = [self._program, "--repo", str(self._repository), *map(str, arguments)]
        started = time.perf_counter()
        subprocess.run(command, env=self._environment, check=True, capture_output=True)
        return time.perf_counter() - started
