"""A folder on this machine's disk, to export into."""

import errno
from pathlib import Path
from typing import BinaryIO

from webapp.engine.errors import CofferError, DiskFull
from webapp.engine.ports import Data, Sink


class FolderInUse(CofferError):
    """The folder exists and is not empty. data: {path}."""

    code = "folder_in_use"
    message = "The folder to export into is not empty."
    next_step = "Name a new folder, or empty this one."


class FolderRefused(CofferError):
    """The folder or a file in it cannot be written."""

    code = "folder_refused"
    message = "The folder to export into cannot be written."
    next_step = "Name another folder, or check whether you may write there."


class DiskFolder:
    """`Folder` on disk. Raises FolderInUse, FolderRefused."""

    def __init__(self, path: Path) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise FolderInUse(data={"path": str(path)})
        except OSError:
            raise FolderRefused from None
        self._path = path.resolve()

    async def open(self, path: str) -> Sink:
        file = (self._path / path).resolve()
        if not file.is_relative_to(self._path):
            raise FolderRefused
        try:
            file.parent.mkdir(exist_ok=True)
            return _FileSink(file.open("xb"))
        except OSError as error:
            raise _failure(error) from None

    async def close(self) -> None:
        return


class _FileSink:
    """One file being written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    async def write(self, data: Data) -> None:
        try:
            self._file.write(data)  # type: ignore[arg-type]
        except OSError as error:
            raise _failure(error) from None

    async def close(self) -> None:
        try:
            self._file.close()
        except OSError as error:
            raise _failure(error) from None

    async def abort(self) -> None:
        self._file.close()


def _failure(error: OSError) -> CofferError:
    return DiskFull() if error.errno in (errno.ENOSPC, errno.EDQUOT) else FolderRefused()
