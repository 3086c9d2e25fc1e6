"""Where the page's snapshots lie: on the site, or in a folder chosen for this page; and what is told of them."""

from typing import TYPE_CHECKING, Any

from webapp.engine.errors import CofferError

from .state import State

if TYPE_CHECKING:
    from webapp.engine.changes import Summary
    from webapp.engine.site_client import SnapshotRow
    from webapp.engine.store import SnapshotStore

Json = dict[str, Any]
SITE = "site"
FOLDER = "folder"


class FolderNotChosen(CofferError):
    """The page was told to use a folder and knows none: it was reloaded, or the safe was locked meanwhile."""

    code = "folder_not_chosen"
    message = "No folder is open on this page."
    next_step = "Choose the folder again."


def store_of(state: State, safe: str, place: str) -> "SnapshotStore":
    """Raises FolderNotChosen."""
    if place == SITE:
        return state.site
    store = state.folders.get(bytes.fromhex(safe))
    if store is None:
        raise FolderNotChosen
    return store


async def found_row(
    state: State, safe: str, snapshot: str, place: str | None = None
) -> "tuple[SnapshotStore, SnapshotRow]":
    """A snapshot and where it lies; the folder is asked first where one is open, the site only where it must.

    Raises snapshot_missing.
    """
    identity, wanted = bytes.fromhex(safe), bytes.fromhex(snapshot)
    stores: list[SnapshotStore] = []
    if place != SITE and identity in state.folders:
        stores.append(state.folders[identity])
    if place != FOLDER:
        stores.append(state.site)
    for store in stores:
        for row in await store.snapshots(identity):
            if row.snapshot == wanted:
                return store, row
    raise CofferError(
        "This backup is no longer there.", code="snapshot_missing", next_step="Choose another backup of this safe."
    )


async def summary(state: State, safe: str, store: "SnapshotStore", row: "SnapshotRow") -> "Summary | None":
    """What its manifest says, read once; None where it cannot be read: opening the snapshot says why."""
    from webapp.engine.changes import summary_of
    from webapp.engine.restore import fetch_manifest

    if row.head not in state.summaries:
        try:
            manifest = await fetch_manifest(state.provider, store, await state.owner(safe), row)
        except CofferError:
            return None
        state.summaries[row.head] = summary_of(manifest)
    return state.summaries[row.head]


async def describe(state: State, safe: str, store: "SnapshotStore") -> list[Json]:
    """The snapshots of a store as the page shows them; with what their manifests tell while the safe is open."""
    from dataclasses import asdict

    from webapp.engine.changes import changes, last_of_the_same

    rows = await store.snapshots(bytes.fromhex(safe))
    open_here = bytes.fromhex(safe) in state.unlocked
    known = [await summary(state, safe, store, row) if open_here else None for row in rows]
    described: list[Json] = []
    for place, (row, told) in enumerate(zip(rows, known, strict=True)):
        before = last_of_the_same(told, known[place + 1 :]) if told else None
        described.append(
            {
                "snapshot": row.snapshot.hex(),
                "created": row.created,
                "bytes": row.size,
                "chunks": row.chunks,
                "newest": place == 0,
                "trashed": row.trashed,
                "purgeAfter": row.purge_after,
                "source": told.source if told else None,
                "counts": dict(told.counts) if told else None,
                "files": [{"path": path, "size": size} for path, size in told.sizes.items()] if told else None,
                "changes": asdict(changes(before, told)) if told and before else None,
            }
        )
    return described
