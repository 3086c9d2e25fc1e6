"""Merging's rows: new messages with all that hangs on them, and what the other backup knows of messages both have.

Works on a connection with the merged archive as `main`, the other as `theirs`, and `merging`'s maps as temp tables.
"""

import sqlite3

_PERSON = "(SELECT ours FROM map_people WHERE theirs = {0})"
_MESSAGE = "(SELECT ours FROM map_messages WHERE theirs = {0})"

# Side tables: columns after `message`, and which of them name a person or a message.
_SIDE: dict[str, dict[str, str]] = {
    "quotes": {
        "quoted": _MESSAGE, "key": "", "sender": _PERSON, "sender_name": "", "text": "", "kind": "", "timestamp": ""
    },
    "reactions": {"participant": _PERSON, "emoji": "", "timestamp": ""},
    "mentions": {"participant": _PERSON, "token": ""},
    "edits": {"timestamp": "", "text": ""},
    "deletions": {"participant": _PERSON, "timestamp": ""},
    "polls": {"choices": "", "ends": ""},
    "poll_options": {"number": "", "text": "", "votes": ""},
    "poll_votes": {"option": "", "participant": _PERSON, "timestamp": ""},
    "calls": {"video": "", "outcome": "", "seconds": "", "is_group": ""},
    "places": {"latitude": "", "longitude": "", "name": "", "address": "", "url": "", "live_seconds": ""},
    "contact_cards": {"name": "", "phones": "", "vcard": ""},
    "links": {"url": "", "title": "", "description": ""},
    "albums": {"album": _MESSAGE, "key": ""},
    "planned_events": {"description": "", "place": "", "starts": "", "ends": "", "cancelled": ""},
    "invites": {"title": "", "address": "", "expires": ""},
    "system_events": {"event": "", "arguments": ""},
}  # fmt: skip
_MEDIA = "source_name, member, name, title, kind, mime, size, width, height, duration, sha256"


def move(merged: sqlite3.Connection, source_shift: int) -> None:
    """Media, members, new messages and their side rows, counts of the unknown."""
    # The same file of the same chat is one medium.
    merged.execute(
        "INSERT INTO map_media SELECT f.id, coalesce((SELECT min(k.id) FROM main.media k"
        " WHERE k.source_name = f.source_name AND k.member = f.member AND k.name = f.name AND k.source IS f.source + ?"
        " AND k.chat = (SELECT ours FROM map_chats WHERE theirs = f.chat)),"
        " f.id + (SELECT coalesce(max(id), 0) FROM main.media)) FROM theirs.media f",
        (source_shift,),
    )
    merged.execute(
        f"INSERT OR IGNORE INTO media (id, chat, source, {_MEDIA})"
        " SELECT (SELECT ours FROM map_media WHERE theirs = f.id), (SELECT ours FROM map_chats WHERE theirs = f.chat),"
        f" f.source + ?, {_MEDIA} FROM theirs.media f WHERE NOT EXISTS ("
        " SELECT 1 FROM theirs.messages m JOIN map_messages x ON x.theirs = m.id AND NOT x.is_new"
        " JOIN main.messages o ON o.id = x.ours WHERE m.media = f.id AND o.media IS NOT NULL"
        " AND (f.source IS NULL OR (SELECT source FROM main.media WHERE id = o.media) IS NOT NULL))",
        (source_shift,),
    )
    for table in ("thumbnails", "seals"):
        column = "bytes" if table == "thumbnails" else "seal"
        merged.execute(
            f"INSERT OR IGNORE INTO {table} (media, {column}) SELECT x.ours, t.{column} FROM theirs.{table} t"
            " JOIN map_media x ON x.theirs = t.media WHERE x.ours IN (SELECT id FROM main.media)"
        )
    merged.execute(
        "INSERT OR IGNORE INTO members (chat, participant, rank, joined, left)"
        " SELECT c.ours, p.ours, b.rank, b.joined, b.left FROM theirs.members b"
        " JOIN map_chats c ON c.theirs = b.chat JOIN map_people p ON p.theirs = b.participant"
    )
    merged.execute(
        "INSERT INTO messages (id, chat, timestamp, sequence, kind, sender, text, detail, edited, media, forwarded,"
        " starred, origin, key)"
        " SELECT x.ours, c.ours, m.timestamp + x.shift, m.sequence + 1 + c.last_sequence,"
        f" m.kind, {_PERSON.format('m.sender')}, m.text, m.detail,"
        " m.edited, (SELECT ours FROM map_media WHERE theirs = m.media), m.forwarded, m.starred,"
        " (SELECT ours FROM map_origins WHERE theirs = m.origin), m.key"
        " FROM theirs.messages m JOIN map_messages x ON x.theirs = m.id AND x.is_new"
        " JOIN map_chats c ON c.theirs = m.chat"
    )
    for table in _SIDE:
        _side(merged, table, "x.is_new")
    merged.execute(
        "INSERT OR IGNORE INTO copies SELECT x.ours, o.ours FROM theirs.copies t"
        " JOIN map_messages x ON x.theirs = t.message JOIN map_origins o ON o.theirs = t.origin"
        " WHERE o.ours IS NOT (SELECT origin FROM main.messages WHERE id = x.ours)"
    )
    merged.execute(
        "INSERT INTO unknown SELECT (SELECT ours FROM map_chats WHERE theirs = t.chat), t.what, t.count, t.detail"
        " FROM theirs.unknown t WHERE NOT EXISTS (SELECT 1 FROM main.unknown u WHERE u.what = t.what"
        " AND u.detail = t.detail AND u.count = t.count"
        " AND u.chat IS (SELECT ours FROM map_chats WHERE theirs = t.chat))"
    )


def enrich(merged: sqlite3.Connection) -> None:
    """Messages that both have: what ours lacks is taken from theirs."""
    same = "JOIN map_messages x ON x.theirs = m.id AND NOT x.is_new"
    merged.execute(
        "INSERT OR IGNORE INTO copies SELECT x.ours, o.ours FROM theirs.messages m"
        f" {same} JOIN map_origins o ON o.theirs = m.origin JOIN main.messages mine ON mine.id = x.ours"
        " WHERE mine.origin IS NOT o.ours"
    )
    # Deleted in the newer backup, still there in the older one: kept, and marked.
    merged.execute(
        "INSERT OR IGNORE INTO deletions (message) SELECT o.id FROM main.messages o"
        " JOIN map_messages x ON x.ours = o.id AND NOT x.is_new JOIN theirs.messages m ON m.id = x.theirs"
        " WHERE o.kind = 'deleted' AND m.kind <> 'deleted' OR m.kind = 'deleted' AND o.kind <> 'deleted'"
    )
    # Edited in between: the newer text stands, the older one is remembered.
    merged.execute(
        "INSERT INTO edits (message, text) SELECT o.id, CASE WHEN o.edited THEN m.text ELSE o.text END"
        f" FROM theirs.messages m {same} JOIN main.messages o ON o.id = x.ours WHERE m.text <> o.text"
        " AND m.key <> '' AND m.key = o.key AND o.text <> '' AND m.text <> '' AND (o.edited OR m.edited)"
        " AND NOT EXISTS (SELECT 1 FROM edits e WHERE e.message = o.id"
        " AND e.text = CASE WHEN o.edited THEN m.text ELSE o.text END)"
    )
    merged.execute(
        "UPDATE messages SET"
        # An export without media names a document where others have a caption.
        " text = CASE WHEN m.kind = 'omitted' AND m.detail = 'document' THEN messages.text"
        " WHEN messages.kind = 'omitted' AND messages.detail = 'document' AND m.kind = 'document' THEN m.text"
        " WHEN messages.text = '' OR (m.edited AND NOT messages.edited AND m.key = messages.key"
        "  AND m.key <> '' AND m.text <> '') THEN m.text ELSE messages.text END,"
        " kind = CASE WHEN messages.kind IN ('deleted', 'omitted', 'unknown') THEN m.kind ELSE messages.kind END,"
        " detail = CASE WHEN messages.kind IN ('deleted', 'omitted', 'unknown') THEN m.detail ELSE messages.detail END,"
        " media = CASE WHEN (SELECT id FROM main.media WHERE id = m.media) IS NOT NULL THEN m.media"
        "  ELSE messages.media END,"
        " edited = max(messages.edited, m.edited), starred = max(messages.starred, m.starred),"
        " forwarded = max(messages.forwarded, m.forwarded),"
        " key = CASE WHEN messages.key = '' THEN m.key ELSE messages.key END"
        " FROM (SELECT x.ours, t.text, t.kind, t.detail, t.edited, t.starred, t.forwarded, t.key,"
        "  (SELECT ours FROM map_media WHERE theirs = t.media) AS media"
        "  FROM theirs.messages t JOIN map_messages x ON x.theirs = t.id AND NOT x.is_new) AS m"
        " WHERE messages.id = m.ours"
    )
    for table in _SIDE:
        if table != "edits":
            _side(merged, table, f"NOT x.is_new AND NOT EXISTS (SELECT 1 FROM main.{table} o WHERE o.message = x.ours)")


def _side(merged: sqlite3.Connection, table: str, which: str) -> None:
    columns = _SIDE[table]
    values = ", ".join(mapped.format(f"t.{name}") if mapped else f"t.{name}" for name, mapped in columns.items())
    merged.execute(
        f"INSERT INTO {table} (message, {', '.join(columns)}) SELECT x.ours, {values}"
        f" FROM theirs.{table} t JOIN map_messages x ON x.theirs = t.message WHERE {which} ORDER BY t.message"
    )
