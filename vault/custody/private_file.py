"""Files that hold a secret of custody: used only while nobody but this process's user can read or change them."""

import os
import stat
from pathlib import Path

from .base import KeysExposed, KeysMissing


def guarded(path: Path) -> os.stat_result:
    """The file's facts. Raises KeysExposed (a link, another owner's, or open to others), KeysMissing."""
    try:
        facts = os.lstat(path)
    except OSError as error:
        raise KeysMissing(f"{path.name} is not there, or cannot be reached") from error
    check(facts, path.name)
    return facts


def check(facts: os.stat_result, name: str) -> None:
    """Raises KeysExposed."""
    if not stat.S_ISREG(facts.st_mode):
        raise KeysExposed(f"{name} is not a plain file")
    if facts.st_uid != os.geteuid():
        raise KeysExposed(f"{name} belongs to another user")
    if stat.S_IMODE(facts.st_mode) & 0o077:
        raise KeysExposed(f"others can read or change {name}: set its mode to 0600")


def read(path: Path) -> bytes:
    """The content of the very file that was checked, not of one that took its place. Raises OSError, KeysExposed."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        check(os.fstat(file.fileno()), path.name)
        return file.read()


def sync_folder(folder: Path) -> None:
    """Wait until the folder's entries are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
