"""A folder on this machine's disk that holds backups: the engine's `FolderAccess`."""

import errno
import os
import secrets
from pathlib import Path

from webapp.engine.errors import DiskFull
from webapp.engine.folder import FileNotThere, FolderUnreachable
from webapp.engine.ports import Data

UNFINISHED = ".part"


class DiskFolderAccess:
    """Files below `root`, written beside their place, synced, then renamed."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise FolderUnreachable
        self._root = root

    async def names(self, folder: str) -> list[str]:
        try:
            return [entry.name for entry in os.scandir(self._root / folder) if entry.is_file()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise FolderUnreachable from error

    async def size(self, path: str) -> int | None:
        try:
            return (self._root / path).stat().st_size
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FolderUnreachable from error

    async def read(self, path: str) -> Data:
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            raise FileNotThere from None
        except OSError as error:
            raise FolderUnreachable from error

    async def write(self, path: str, data: Data) -> None:
        place = self._root / path
        unfinished = place.with_name(f"{secrets.token_hex(8)}{UNFINISHED}")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("xb") as file:
                file.write(data)  # type: ignore[arg-type]
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(place)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise DiskFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else FolderUnreachable from error
