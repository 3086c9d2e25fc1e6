"""Verbs for a backup as one file: saving it, and opening it without any site."""

from typing import Any

from webapp.engine.ports import Reporter

from .files import BrowserSink, BrowserSource
from .reading_verbs import BrowserInflater
from .state import State
from .stores import SITE, found_row

Json = dict[str, Any]


async def save_container(state: State, safe: str, snapshot: str, to: Any, report: Reporter) -> Any:
    from webapp.engine.container import save_container as save

    owner = await state.owner(safe)
    _, row = await found_row(state, safe, snapshot, place=SITE)
    sink = BrowserSink(to)
    await save(state.provider, state.site, owner, row, sink, report)
    return sink.blob()


async def open_container(state: State, file: Any, text: str, report: Reporter) -> Json:
    from webapp.engine.container import open_container as open_file
    from webapp.engine.opened import OpenedSnapshot
    from webapp.engine.recovery_key import parse_digits
    from webapp.engine.restore import SnapshotReader, fetch_manifest

    key = parse_digits(text)
    container = await open_file(state.provider, BrowserSource(file, file.name), key)
    owner = container.owner(key)
    (row,) = await container.snapshots(owner.safe)
    manifest = await fetch_manifest(state.provider, container, owner, row)
    reader = SnapshotReader(state.provider, container, owner, manifest)
    opened = OpenedSnapshot(state.provider, BrowserInflater(), state.provider, manifest, reader)
    await opened.open(report)
    state.show(opened)
    return {
        "snapshot": row.snapshot.hex(),
        "source": manifest.source,
        "counts": manifest.counts,
        "files": [{"path": original.path, "size": original.size} for original in manifest.files],
    }
