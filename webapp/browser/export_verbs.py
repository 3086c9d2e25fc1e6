"""The verbs that write chats to the person's disk, and tell before how much that is."""

from dataclasses import asdict
from typing import Any

from webapp.engine.archive.rows import MediaRow
from webapp.engine.errors import DiskFull
from webapp.engine.ports import Data, Reporter, Sink

from . import bridge
from .crypto import crossing
from .files import QUOTA_ERRORS, BrowserSink, SaveFailed
from .reading_verbs import opened
from .state import State

Json = dict[str, Any]


class HandleFolder:
    """`Folder` over a folder that the person chose."""

    def __init__(self, handle: Any) -> None:
        self._folder = bridge.js.exportFolder(handle)

    async def open(self, path: str) -> Sink:
        failed = await self._folder.open(path)
        if failed:
            raise SaveFailed(data={"reason": failed})
        return _FolderFile(self._folder)

    async def close(self) -> None:
        return


class _FolderFile:
    """The file that is open in the folder: one at a time."""

    def __init__(self, folder: Any) -> None:
        self._folder = folder

    async def write(self, data: Data) -> None:
        _checked(await self._folder.write(crossing(data)))

    async def close(self) -> None:
        _checked(await self._folder.close())

    async def abort(self) -> None:
        await self._folder.abort()


def _checked(failed: str) -> None:
    if failed in QUOTA_ERRORS:
        raise DiskFull
    if failed:
        raise SaveFailed(data={"reason": failed})


def _chats(options: Json) -> list[int] | None:
    chats = options.get("chats")
    return None if chats is None else [int(chat) for chat in chats]


def _range(options: Json) -> tuple[int | None, int | None]:
    since, until = (None if options.get(end) is None else int(options[end]) for end in ("since", "until"))
    return since, until


async def export_extent(state: State, options: Json) -> Json:
    from webapp.engine.export.extent import extent_of

    return asdict(extent_of(opened(state).archive, _chats(options), *_range(options)))


async def export_chats(state: State, options: Json, to: Any | None, report: Reporter) -> Any:
    from webapp.engine.export import ExportJob, ZipFolder
    from webapp.engine.export import export_chats as run_export

    reading = opened(state)

    async def fetch(media: MediaRow) -> Data:
        data, _ = await reading.media(media.id)
        return data

    zone = [(int(start), int(minutes)) for start, minutes in options.get("zone") or ()]
    media = None if options.get("media") is False else fetch
    job = ExportJob(reading.archive, str(options.get("format")), _chats(options), media, zone, *_range(options))
    if to is not None and bridge.js.isFolder(to):
        await run_export(job, HandleFolder(to), report)
        return None
    sink = BrowserSink(to)
    try:
        await run_export(job, ZipFolder(sink, state.provider), report)
    except BaseException:
        await sink.abort()
        raise
    return sink.blob()
