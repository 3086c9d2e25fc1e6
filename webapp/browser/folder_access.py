"""A folder that the person picked: the engine's `FolderAccess` over a directory handle."""

from typing import Any

from webapp.engine.errors import DiskFull
from webapp.engine.folder import FileNotThere, FolderUnreachable
from webapp.engine.ports import Data

from . import bridge
from .crossing import crossing
from .files import QUOTA_ERRORS

ABSENT = -1
UNREACHABLE = -2


class HandleAccess:
    """Every answer of the bridge is a value or says that the folder cannot be reached."""

    def __init__(self, handle: Any) -> None:
        self._folder = bridge.js.backupFolder(handle)

    async def names(self, folder: str) -> list[str]:
        names = await self._folder.names(folder)
        if names is None:
            raise FolderUnreachable
        return list(names)

    async def size(self, path: str) -> int | None:
        size = int(await self._folder.size(path))
        if size == UNREACHABLE:
            raise FolderUnreachable
        return None if size == ABSENT else size

    async def read(self, path: str) -> Data:
        data = await self._folder.read(path)
        if isinstance(data, int | float):
            raise FolderUnreachable if int(data) == UNREACHABLE else FileNotThere
        return data  # type: ignore[no-any-return]

    async def write(self, path: str, data: Data) -> None:
        failed = await self._folder.write(path, crossing(data))
        if failed in QUOTA_ERRORS:
            raise DiskFull
        if failed:
            raise FolderUnreachable(data={"reason": failed})
