"""Verbs that read chosen files and back them up."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from webapp.engine.errors import CofferError
from webapp.engine.ports import Reporter

from . import bridge
from .crossing import crossing
from .files import BrowserSource
from .state import State
from .stores import SITE, found_row, store_of, summary

if TYPE_CHECKING:
    from webapp.engine.changes import Summary

Json = dict[str, Any]
SNAPSHOT_ID_BYTES = 16
TRAVELLING = 2
"""Batches under way at once: one is sealed while the other travels."""
LOOK_BACK = 20
"""Snapshots that a new one may be compared with."""
LONGEST_KEY_FILE = 1 << 16
# The page's words for the order of day and month ↔ the readers'.
ORDERS = {"day-month": "DMY", "month-day": "MDY", "year-first": "YMD"}
LABELS = {
    "merged": "Several backups",
    "whatsapp_text": "WhatsApp chat export",
    "whatsapp_android": "WhatsApp on Android",
    "whatsapp_ios": "WhatsApp on an iPhone",
    "telegram": "Telegram export",
    "signal": "Signal backup",
}


class NothingRead(CofferError):
    """`backup` without a reading."""

    code = "nothing_read"
    message = "No files are ready to be backed up."
    next_step = "Choose your chat export first."


async def sample(state: State) -> Any:
    from webapp.engine.sample import sample_export

    name, content = sample_export()
    return bridge.js.toFile(crossing(content), name, "application/zip")


def _secret(key: Any) -> bytes:
    """A typed key's letters, or a key file's content."""
    if isinstance(key, str):
        return key.encode()
    file = BrowserSource(key, "key")
    return file.read(0, min(file.size, LONGEST_KEY_FILE))


async def inspect(state: State, files: list[Json], options: Json, report: Reporter) -> Json:
    from webapp.engine.archive import origins_of
    from webapp.engine.chosen import read_chosen
    from webapp.engine.crypto.secret import Secret
    from webapp.engine.readers.reading import ReadOptions

    earlier = state.reading if options.get("add") else None
    if earlier is None:
        await forget(state)
    order: Any = ORDERS.get(options.get("dateOrder") or "")
    now = datetime.fromisoformat(bridge.js.now())
    keys = tuple(Secret(_secret(key)) for key in options.get("keys") or ())
    chosen = ReadOptions(now=now, date_order=order, keys=keys, salvage=bool(options.get("salvage")))
    sources = [BrowserSource(given["file"], given["path"]) for given in files]
    reading = await read_chosen(sources, chosen, state.provider, report)
    if earlier is not None:
        from webapp.engine.chosen import merge_readings

        _stop_showing(state)
        try:
            reading = merge_readings([earlier, reading], report)
        except BaseException:
            reading.close()
            raise
    state.reading, state.job = reading, None
    found = reading.found
    guess = next((chat.date_guess for chat in found.chats if chat.date_guess), None)
    shown = {order: name for name, order in ORDERS.items()}
    people: dict[int, list[str]] = {}
    members = "SELECT m.chat, p.name FROM members m JOIN participants p ON p.id = m.participant ORDER BY p.id"
    for chat, name in reading.archive.execute(members):
        people.setdefault(chat, []).append(name)
    return {
        "source": reading.source,
        "sourceLabel": LABELS.get(reading.source, reading.source),
        "files": [{"name": source.name, "size": source.size} for source in reading.sources],
        "origins": [
            {
                "label": LABELS.get(origin.reader, origin.reader),
                "name": "/".join(filter(None, (origin.name, origin.member))),
                "messages": origin.messages,
                "only": origin.only,
            }
            for origin in origins_of(reading.archive)
        ],
        "chats": [
            {
                "name": chat.title,
                "messages": chat.messages,
                "media": chat.media,
                "first": chat.first,
                "last": chat.last,
                "participants": people.get(chat.id, []),
            }
            for chat in found.chats
        ],
        "messages": found.messages,
        "byKind": found.by_kind,
        "media": found.media,
        "mediaBytes": found.media_bytes,
        "missingMedia": found.media_missing,
        "first": found.first,
        "last": found.last,
        "unknown": found.unknown,
        "dateOrder": {"order": shown[guess.order], "certain": found.dates_certain} if guess else None,
    }


def _stop_showing(state: State) -> None:
    """What is open to be looked at may be the reading that ends."""
    if state.opened is not None and state.opened.safe is None:
        state.show(None)


async def forget(state: State) -> None:
    _stop_showing(state)
    if state.reading is not None:
        state.reading.close()
    state.reading = state.job = None


async def backup(state: State, safe: str, options: Json, report: Reporter) -> Json:
    """options: {to: "site" or "folder"; shrunk, older: true where the person has seen that it holds less, or that the
    site shows an older state}."""
    from webapp.engine.backup import backup as run_backup
    from webapp.engine.changes import changes
    from webapp.engine.restore import require_newest

    started = datetime.now(UTC)
    owner = await state.owner(safe)
    place = options.get("to") or SITE
    store = store_of(state, safe, place)
    rows = await store.snapshots(owner.safe)
    if place == SITE and not options.get("older"):
        # Before anything is sent: what is committed now follows the first row, and its head goes to the vault.
        await require_newest(state.provider, store, owner, rows, state.open_safe(safe).vault_head)
    if state.job is None or state.job[:2] != (owner.safe, place):
        state.job = (owner.safe, place, await _prepare(state, safe, store, rows))
    job = state.job[2]
    before = await _last_of_the_same(state, safe, store, rows)
    if before is not None:
        job.compare(before.totals, accepted=bool(options.get("shrunk")))
    result = await run_backup(job, rows[0].head if rows else None, report)
    await forget(state)
    if place == SITE:
        await _remember_head(state, safe, result.head)
    _, row = await found_row(state, safe, result.snapshot.hex(), place)
    now = await summary(state, safe, store, row)
    return {
        "snapshot": result.snapshot.hex(),
        "sentBytes": result.sent,
        "knownBytes": result.known,
        "newChunks": result.new_chunks,
        "knownChunks": result.known_chunks,
        "files": [asdict(share) for share in result.files],
        "changes": asdict(changes(before, now)) if before and now else None,
        "seconds": (datetime.now(UTC) - started).total_seconds(),
    }


async def _last_of_the_same(state: State, safe: str, store: Any, rows: list[Any]) -> "Summary | None":
    """The newest earlier backup of the same chats, among the last few."""
    from webapp.engine.completeness import same_chats

    if state.reading is None:
        raise NothingRead
    paths = [source.name for source in state.reading.sources]
    for row in rows[:LOOK_BACK]:
        told = await summary(state, safe, store, row)
        if told and same_chats(state.reading.source, paths, told.source, told.sizes):
            return told
    return None


async def _prepare(state: State, safe: str, store: Any, rows: list[Any]) -> Any:
    from webapp.engine.backup import Backup
    from webapp.engine.chosen import content_of
    from webapp.engine.folder import NO_ACCOUNT
    from webapp.engine.known_chunks import older_rows
    from webapp.engine.owner import Owner
    from webapp.engine.restore import fetch_manifest

    if state.reading is None:
        raise NothingRead
    owner = await state.owner(safe)
    if store is not state.site:
        owner = Owner(NO_ACCOUNT, owner.safe, owner.key)
    job = Backup(
        state.provider,
        store,
        owner,
        content_of(state.reading),
        snapshot=state.provider.random_bytes(SNAPSHOT_ID_BYTES),
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        travelling=TRAVELLING,
    )
    if rows:
        job.known.trust((await fetch_manifest(state.provider, store, owner, rows[0])).chunks)
    if store is state.site:
        job.known.look_further(older_rows(state.provider, store, owner, rows[1:]))
    return job


async def _remember_head(state: State, safe: str, head: bytes) -> None:
    """Tells the vault the new head. The backup is done all the same if the vault is out of reach just now: `standing`
    tells it again the next time the safe is looked at."""
    from .account_verbs import vault

    opened = state.open_safe(safe)
    try:
        await (await vault(state)).set_head(opened.safe, opened.key, head)
        opened.vault_head = head
    except CofferError:
        return
