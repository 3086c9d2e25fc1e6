"""A folder that original files are restored into, with their paths and times. Nothing that is there is overwritten."""

import asyncio
import errno
import os
import secrets
from pathlib import Path, PurePosixPath

from webapp.engine.errors import CofferError, DiskFull
from webapp.engine.format.manifest import ManifestFile
from webapp.engine.ports import Data


class FileInTheWay(CofferError):
    """data: path."""

    code = "file_in_the_way"
    message = "A file of that name is there already; nothing is overwritten."
    next_step = "Name another folder, or move the file away."


class PathRefused(CofferError):
    """data: path."""

    code = "path_refused"
    message = "A file's path leads out of the folder, so it was not written."
    next_step = "Restore the files you need one by one with --file."


class FolderRefused(CofferError):
    code = "folder_refused"
    message = "The folder cannot be written."
    next_step = "Name another one, or check whether you may write there."


def place_of(folder: Path, path: str) -> Path:
    """Where a file of that path goes below the folder. Raises PathRefused."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    if not parts or any(part in ("..", "/") or "\0" in part for part in parts):
        raise PathRefused(data={"path": path})
    place = folder.resolve().joinpath(*parts)
    if not place.resolve().is_relative_to(folder.resolve()):
        raise PathRefused(data={"path": path})
    return place


class FileSink:
    """`Sink` for one file: under a name of its own until all of it is there and on the disk.

    Raises FileInTheWay, PathRefused, FolderRefused, DiskFull.
    """

    def __init__(self, folder: Path, file: ManifestFile) -> None:
        self._place = place_of(folder, file.path)
        self._modified = file.modified
        if self._place.exists():
            raise FileInTheWay(f"{self._place} is there already; nothing is overwritten.", data={"path": file.path})
        # A name that nothing has: a file of the backup, or one that is there, may be called anything.
        self._staged = self._place.with_name(f".{secrets.token_hex(16)}.part")
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            self._open = self._staged.open("xb")
        except OSError as error:
            raise _failure(error) from None

    async def write(self, data: Data) -> None:
        try:
            # While the disk takes this, the next is fetched and opened.
            await asyncio.to_thread(self._open.write, data)  # type: ignore[arg-type]
        except OSError as error:
            raise _failure(error) from None

    async def close(self) -> None:
        try:
            self._open.close()
            if self._modified is not None:
                os.utime(self._staged, (self._modified, self._modified))
            # Never over a file that came in the meantime.
            os.link(self._staged, self._place)
            self._staged.unlink()
        except FileExistsError:
            raise FileInTheWay(data={"path": str(self._place)}) from None
        except OSError as error:
            raise _failure(error) from None

    async def abort(self) -> None:
        self._open.close()
        self._staged.unlink(missing_ok=True)


def _failure(error: OSError) -> CofferError:
    return DiskFull() if error.errno in (errno.ENOSPC, errno.EDQUOT) else FolderRefused()
