"""Verbs that open a snapshot and read from it: chats, messages, search, media, original files."""

from typing import TYPE_CHECKING, Any

from webapp.engine.errors import CofferError, HeadMismatch, ManifestDamaged
from webapp.engine.ports import Progress, Reporter

from . import bridge
from .crossing import crossing
from .files import BrowserSink
from .state import State
from .stores import describe, found_row

if TYPE_CHECKING:
    from webapp.engine.opened import OpenedSnapshot
    from webapp.engine.opened_reading import OpenedReading

Json = dict[str, Any]


class NothingOpened(CofferError):
    """A reading verb without an opened snapshot."""

    code = "nothing_opened"
    message = "No backup is open."
    next_step = "Go back to your safe and open one."


class BrowserInflater:
    """The `Inflater` port over DecompressionStream."""

    async def inflate(self, data: Any, size: int) -> Any:
        from webapp.engine.errors import ChunkDamaged

        inflated = await bridge.js.inflate(crossing(data), size)
        if inflated is None:
            raise ChunkDamaged
        return inflated


class Unreported:
    """A reporter for verbs that the page does not follow."""

    def __call__(self, progress: Progress) -> None:
        return

    def check(self) -> None:
        return


async def snapshots(state: State, safe: str) -> list[Json]:
    return await describe(state, safe, state.site)


async def standing(state: State, safe: str) -> Json:
    from webapp.engine.restore import require_newest

    from .account_verbs import vault

    opened = state.open_safe(safe)
    rows = await state.site.snapshots(opened.safe)
    try:
        await require_newest(state.provider, state.site, await state.owner(safe), rows, opened.vault_head)
    except (HeadMismatch, ManifestDamaged) as mismatch:
        return {"warning": mismatch.to_json()}
    if rows and opened.vault_head != rows[0].head:
        client = await vault(state)
        await client.set_head(opened.safe, opened.key, rows[0].head)
        opened.vault_head = rows[0].head
    return {"warning": None}


async def open_snapshot(state: State, safe: str, snapshot: str, report: Reporter) -> Json:
    from webapp.engine.opened import OpenedSnapshot
    from webapp.engine.restore import SnapshotReader, fetch_manifest

    owner = await state.owner(safe)
    store, row = await found_row(state, safe, snapshot)
    manifest = await fetch_manifest(state.provider, store, owner, row)
    reader = SnapshotReader(state.provider, store, owner, manifest)
    opened = OpenedSnapshot(state.provider, BrowserInflater(), state.provider, manifest, reader)
    await opened.open(report)
    state.show(opened)
    return {
        "snapshot": snapshot,
        "source": manifest.source,
        "counts": manifest.counts,
        "files": [{"path": file.path, "size": file.size} for file in manifest.files],
        "mismatches": [change.to_json() for change in opened.mismatches],
    }


async def open_inspected(state: State) -> Json:
    """Shows what `inspect` has read. Raises NothingRead."""
    from webapp.engine.opened_reading import OpenedReading

    from .backup_verbs import NothingRead

    reading = state.reading
    if reading is None:
        raise NothingRead
    state.show(OpenedReading(reading, state.provider, BrowserInflater()))
    found = reading.found
    return {
        "snapshot": "",
        "source": reading.source,
        "counts": {"chats": len(found.chats), "messages": found.messages, "media": found.media},
        "files": [{"path": source.name, "size": source.size} for source in reading.sources],
        "mismatches": [],
    }


def opened(state: State) -> "OpenedSnapshot | OpenedReading":
    """What is open. Raises NothingOpened."""
    if state.opened is None:
        raise NothingOpened
    return state.opened


async def media(state: State, identity: int) -> Any:
    # A Blob put together from parts: the browser may keep it on disk, and seeks in it (docs/decisions/0021).
    sink = BrowserSink(None)
    mime = await opened(state).save_media(identity, sink, Unreported())
    return bridge.js.typed(sink.blob(), mime)


async def download(state: State, path: str, to: Any, report: Reporter) -> Any:
    sink = BrowserSink(to)
    await opened(state).save(path, sink, report)
    return sink.blob()
