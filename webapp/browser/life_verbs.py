"""Verbs about a backup's later life: trash, keep-rules, staying, folders of one's own, rehearsals, reminders."""

from typing import TYPE_CHECKING, Any

from webapp.engine.errors import CofferError
from webapp.engine.ports import Reporter
from webapp.engine.site_life import KeepRule

from .state import State
from .stores import SITE, describe, found_row

if TYPE_CHECKING:
    from webapp.engine.verify import Rehearsal

Json = dict[str, Any]


async def trash_snapshot(state: State, safe: str, snapshot: str) -> Json:
    from webapp.engine.life import trash_snapshot as trash

    owner = await state.owner(safe)
    _, row = await found_row(state, safe, snapshot, place=SITE)
    return {"purgeAfter": await trash(state.provider, state.site, owner, row)}


async def untrash_snapshot(state: State, safe: str, snapshot: str) -> None:
    await state.site.untrash_snapshot(bytes.fromhex(safe), bytes.fromhex(snapshot))


def _rule(rule: Json | None) -> KeepRule | None:
    return None if rule is None else KeepRule(**{name: int(number) for name, number in rule.items()})


async def preview_keep(state: State, safe: str, rule: Json | None) -> list[str]:
    return [snapshot.hex() for snapshot in await state.site.preview_keep(bytes.fromhex(safe), _rule(rule))]


async def set_keep(state: State, safe: str, rule: Json | None) -> Json:
    from webapp.engine.life import set_keep as keep

    return {"trashed": await keep(state.provider, state.site, await state.owner(safe), _rule(rule))}


async def keep_safe(state: State, safe: str) -> Json:
    return {"expires": await state.site.touch(bytes.fromhex(safe))}


async def answer_reminder(state: State, safe: str, kind: str, answer: str) -> Json:
    return {"due": await state.site.answer_reminder(bytes.fromhex(safe), kind, answer)}


async def use_folder(state: State, safe: str, handle: Any, make: bool) -> Json:
    """Opens the folder for this page; → its snapshots, and how many entries its owner has not signed."""
    from webapp.engine.folder import open_folder

    from .folder_access import HandleAccess

    opened = state.open_safe(safe)
    store = await open_folder(state.provider, HandleAccess(handle), opened.safe, opened.key, make=make)
    state.folders[opened.safe] = store
    return {"name": str(handle.name), "snapshots": await describe(state, safe, store), "refused": store.refused}


async def rehearse(state: State, safe: str, snapshot: str, report: Reporter) -> Json:
    from webapp.engine.verify import verify

    from .reading_verbs import BrowserInflater

    store, row = await found_row(state, safe, snapshot)
    owner = await state.owner(safe)
    found = await verify(state.provider, state.provider, BrowserInflater(), store, owner, row, report)
    told = {
        "snapshot": snapshot,
        "passed": found.passed,
        "chunks": found.chunks,
        "missing": found.missing + found.changed,
        "sampled": found.sampled,
        "failure": found.failure.code if found.failure else None,
    }
    made = None
    if store is state.site:
        # The result stands even where the site cannot take it down just now.
        try:
            made = (await state.site.note_rehearsal(owner.safe, told))["made"]
        except CofferError:
            made = None
    opened = state.open_safe(safe)
    return {**told, **_detail(found), "made": made, "openedBy": sorted(opened.proved)}


def _detail(found: "Rehearsal") -> Json:
    return {
        "sampledBytes": found.sampled_bytes,
        "mismatches": [change.to_json() for change in found.mismatches],
        "error": found.failure.to_json() if found.failure else None,
    }
