"""The programs that figures stand beside: installed, by hash, into an environment of their own under `.build/`."""

import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / ".build" / "bench-peers"
GENERATOR = ROOT.parent / "shared" / "tools" / "gen_msgstore.py"
"""Makes WhatsApp databases of any size; it lies beside the project, and without it there is no row."""


def peer(name: str) -> str:
    """The path of a peer's program."""
    if not (PEERS / "bin" / name).exists():
        venv.create(PEERS, with_pip=True)
        command = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "-q", "--require-hashes", "-r"]
        subprocess.run([*command, str(ROOT / "requirements-bench.txt")], check=True)
    return str(PEERS / "bin" / name)
