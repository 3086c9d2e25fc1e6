"""Where the command line keeps its few files: the sign-in (0600), and what an interrupted backup has sent."""

import os
from pathlib import Path

NAME = "coffer"


def config_file() -> Path:
    """The sign-in: $COFFER_CONFIG, else below $XDG_CONFIG_HOME or ~/.config."""
    given = os.environ.get("COFFER_CONFIG")
    return Path(given) if given else _base("XDG_CONFIG_HOME", ".config") / NAME / "config.json"


def state_folder() -> Path:
    """Journals of uploads: below $XDG_STATE_HOME or ~/.local/state."""
    return _base("XDG_STATE_HOME", ".local/state") / NAME


def _base(variable: str, below_home: str) -> Path:
    given = os.environ.get(variable)
    return Path(given) if given else Path.home() / below_home


def write_private(path: Path, content: bytes) -> None:
    """Only its owner may read it, from its first byte on; all of it or nothing of it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    staged = path.with_name(f"{path.name}.new")
    staged.unlink(missing_ok=True)
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    staged.replace(path)
