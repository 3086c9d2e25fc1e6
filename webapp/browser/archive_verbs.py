"""Verbs that read the opened archive: chats, messages, search, gallery, people, statistics."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from webapp.engine.ports import Reporter

from .reading_verbs import opened
from .state import State

if TYPE_CHECKING:
    from webapp.engine.archive import Hit, MessageDetails, MessageRow
    from webapp.engine.archive.rows import MediaRow

Json = dict[str, Any]


async def chats(state: State) -> list[Json]:
    archive = opened(state).archive
    names, merged = archive.names(), archive.merged()
    rows = []
    for chat in archive.chats():
        people = names.get(chat.id, {})
        rows.append(
            {
                "id": chat.id,
                "name": chat.title,
                "app": chat.app,
                "floating": chat.floating,
                "messages": chat.messages,
                "media": chat.media,
                "first": chat.first,
                "last": chat.last,
                "participants": list(people.values()),
                "lastText": chat.preview.text if chat.preview else None,
                "lastSender": (chat.preview.sender_name or None) if chat.preview else None,
                "lastKind": chat.preview.kind if chat.preview else "text",
                "isGroup": chat.group,
                "owner": people.get(chat.owner) if chat.owner is not None else None,
                "ownerIndex": chat.owner,
                "description": chat.description,
                "created": chat.created,
                "archived": chat.archived,
                "pinned": chat.pinned,
                "mutedUntil": chat.muted_until,
                "merged": merged,
            }
        )
    return rows


def _medium(media: "MediaRow") -> Json:
    return {
        "id": media.id,
        "name": media.title or media.name,
        "fileName": media.name,
        "kind": media.kind,
        "mime": media.mime,
        "size": media.size if media.source is not None else None,
        "present": media.source is not None,
        "width": media.width,
        "height": media.height,
        "duration": media.duration,
    }


def _details(details: "MessageDetails") -> Json:
    """Only what is there, in the page's spelling."""
    quote, poll, planned, call, place, event = (
        details.quote, details.poll, details.planned_event, details.call, details.place, details.system_event
    )  # fmt: skip
    told: Json = {
        "quote": quote
        and {
            "message": quote.quoted,
            "sender": quote.sender_name or None,
            "senderIndex": quote.sender,
            "text": quote.text,
            "kind": quote.kind,
            "timestamp": quote.timestamp,
        },
        "reactions": [row._asdict() for row in details.reactions],
        "mentions": [row._asdict() for row in details.mentions],
        "edits": [row._asdict() for row in details.edits],
        "deletedBy": details.deletion and details.deletion._asdict(),
        "poll": poll
        and {
            "options": [row._asdict() for row in poll.options],
            "votes": [row._asdict() for row in poll.votes],
            "choices": poll.choices,
            "ends": poll.ends,
        },
        "call": call and call._asdict(),
        "place": place
        and {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "name": place.name,
            "address": place.address,
            "url": place.url,
            "liveSeconds": place.live_seconds,
        },
        "contacts": [row._asdict() for row in details.contacts],
        "link": details.link and details.link._asdict(),
        "album": details.album,
        "tile": details.tile or None,
        "plannedEvent": planned and planned._asdict(),
        "invite": details.invite and details.invite._asdict(),
        "systemEvent": event and {"event": event.event, "arguments": dict(event.arguments)},
        "alsoIn": details.origins,
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def message_json(row: "MessageRow", position: int, details: "MessageDetails | None") -> Json:
    """A message as contract.ts has it."""
    return {
        "id": row.id,
        "chat": row.chat,
        "position": position,
        "timestamp": row.timestamp,
        "sequence": row.sequence,
        "sender": row.sender_name or None,
        "senderIndex": row.sender,
        "kind": row.kind,
        "detail": row.detail,
        "text": row.text or None,
        "edited": row.edited,
        "forwarded": row.forwarded,
        "starred": row.starred,
        "origin": row.origin,
        "media": _medium(row.media) if row.media else None,
        "details": _details(details) if details else {},
    }


async def messages(state: State, chat: int, position: int, count: int) -> list[Json]:
    archive = opened(state).archive
    rows = archive.slice(chat, position, count)
    tiles = archive.tiles(rows)
    details = archive.details([*rows, *(tile for album in tiles.values() for tile in album)])
    told = [message_json(row, position + index, details.get(row.id)) for index, row in enumerate(rows)]
    for message in told:
        if shown := tiles.get(message["id"]):
            place = message["position"]
            message["details"]["tiles"] = [message_json(tile, place, details.get(tile.id)) for tile in shown]
    return told


async def place_at(state: State, chat: int, timestamp: float) -> int:
    return opened(state).archive.place_at(chat, int(timestamp))


async def place_of(state: State, message: int) -> Json | None:
    archive = opened(state).archive
    row = archive.message(message)
    return None if row is None else {"chat": row.chat, "position": archive.place_of(archive.shown_by(row))}


def _utf16(text: str, place: int) -> int:
    """A place among code points → the place among the UTF-16 units that JavaScript counts."""
    return len(text[:place].encode("utf-16-le")) // 2


async def prepare_search(state: State, report: Reporter) -> None:
    """Fetches or makes what searching needs; at once where that is there. Raises Cancelled and what fetching raises."""
    await opened(state).search(report)


async def find(state: State, query: str, narrowed: Json, older: int | None, limit: int) -> Json:
    from webapp.engine.archive import Filter

    reading = opened(state)
    archive = reading.archive
    since, until = narrowed.get("since"), narrowed.get("until")
    chosen = Filter(
        [int(chat) for chat in narrowed.get("chats") or ()],
        [int(person) for person in narrowed.get("people") or ()],
        [str(kind) for kind in narrowed.get("kinds") or ()],
        None if since is None else int(since),
        None if until is None else int(until),
    )
    page = (await reading.search()).find(query, chosen, before=older, limit=limit)
    titles = dict(archive.connection.execute("SELECT id, title FROM chats").fetchall())
    details = archive.details([hit.message for hit in page.hits])

    def shown(hit: "Hit") -> Json:
        row = hit.message
        return {
            "message": message_json(row, archive.place_of(archive.shown_by(row)), details.get(row.id)),
            "chatName": titles.get(row.chat, ""),
            "highlights": [[_utf16(row.text, start), _utf16(row.text, end)] for start, end in hit.ranges],
        }

    return {"total": page.total, "more": page.more, "older": page.older, "hits": [shown(hit) for hit in page.hits]}


async def gallery(state: State, chat: int | None, kinds: list[str], older: list[int] | None, limit: int) -> Json:
    from webapp.engine.archive import Cursor

    archive = opened(state).archive
    before = None if older is None else Cursor(*map(int, older))
    entries = archive.media(chat, kinds=kinds, before=before, limit=limit)
    last = entries[-1] if len(entries) == limit else None
    return {
        "counts": archive.media_counts(chat),
        "older": [last.timestamp, last.sequence] if last else None,
        "entries": [
            {"media": _medium(entry.media), "message": entry.message, "timestamp": entry.timestamp} for entry in entries
        ],
    }


async def participants(state: State, chat: int) -> list[Json]:
    return [
        {
            "index": row.id,
            "name": row.name,
            "phone": row.phone,
            "nameSource": row.name_source,
            "rank": row.rank,
            "joined": row.joined,
            "left": row.left,
            "messages": row.messages,
        }
        for row in opened(state).archive.participants(chat)
    ]


async def statistics(state: State, chat: int | None, zone: list[list[int]]) -> Json:
    from webapp.engine.archive import statistics_of

    spans = [(int(start), int(minutes)) for start, minutes in zone]
    found = asdict(statistics_of(opened(state).archive.connection, chat, spans))
    for person in found["people"]:
        person["index"] = person.pop("participant")
    return found


async def origins(state: State, chat: int | None) -> list[Json]:
    from webapp.engine.archive import origins_of

    return [asdict(row) for row in origins_of(opened(state).archive.connection, chat)]


async def unknown(state: State) -> list[Json]:
    rows = opened(state).archive.unknown()
    return [{"what": what, "detail": detail, "count": count} for what, detail, count in rows]


async def thumbnail(state: State, identity: int) -> Any:
    from webapp.engine.readers.mime import mime_of

    from . import bridge
    from .crypto import crossing

    data = opened(state).archive.thumbnail(identity)
    if data is None:
        return None
    return bridge.js.blob(crossing(data), mime_of(data[:64], ""))
