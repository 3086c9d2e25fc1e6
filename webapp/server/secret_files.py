"""Secrets of this server as files of their own: made once, mode 0600, never overwritten."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's bytes; made from `make()` when it does not exist yet. Two processes that start together agree:
    the complete file is linked into place, and whoever comes second reads the first one's."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            return path.read_bytes()
    finally:
        fresh.unlink()
    return path.read_bytes()


def random_secret(path: Path, length: int = 32) -> bytes:
    """`length` random bytes kept at `path`. Raises ValueError when the file there has another length."""
    value = read_or_make(path, lambda: secrets.token_bytes(length))
    if len(value) != length:
        raise ValueError(f"{path} does not hold {length} bytes; restore it from your backup of the server's secrets")
    return value
