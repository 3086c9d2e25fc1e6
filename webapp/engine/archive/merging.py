"""Two backups → one archive without duplicates, in which every message knows the files it stands in.

`matching` says which messages are the same; here chats and people are brought together, and rows are moved. Nothing of
either archive is dropped: what both have is kept once, with the richer of both (`_enrich`); `copies` says where else it
was found.
"""

import sqlite3
from collections.abc import Iterable, Sequence

from webapp.engine.archive.connection import to_bytes
from webapp.engine.archive.matching import Shift, Told, overlap, pairs_of, plain, precision_of, shift_between
from webapp.engine.archive.moving import enrich, move
from webapp.engine.archive.schema import CHAT_TOTALS, RESOLVE_KEYS, WRITERS

_TOLD = """
    SELECT m.id, m.timestamp, m.kind, m.detail,
        CASE m.kind WHEN 'deleted' THEN ''
            WHEN 'location' THEN coalesce(round(w.latitude, 4) || ',' || round(w.longitude, 4), m.text)
            WHEN 'document' THEN coalesce(nullif(m.text, ''), f.title, '')
            ELSE m.text END,
        coalesce(p.name, ''), coalesce(f.name, ''), m.key
    FROM {schema}.messages m LEFT JOIN {schema}.participants p ON p.id = m.sender
    LEFT JOIN {schema}.places w ON w.message = m.id
    LEFT JOIN {schema}.media f ON f.id = m.media
    WHERE m.chat = ? ORDER BY m.timestamp, m.sequence
"""
_MAPS = """
CREATE TEMP TABLE map_chats (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL, last_sequence INTEGER NOT NULL);
CREATE TEMP TABLE map_people (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL);
CREATE TEMP TABLE map_origins (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL);
CREATE TEMP TABLE map_media (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL);
CREATE TEMP TABLE map_messages (
    theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL, is_new INTEGER NOT NULL, shift INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX temp.map_messages_by_ours ON map_messages (ours);
"""
_MAP_NAMES = ("chats", "people", "origins", "media", "messages")


def merge(archives: Sequence[tuple[sqlite3.Connection, int]]) -> sqlite3.Connection:
    """A new archive in memory of one or more complete ones, each with what to add to the `source` of its media.

    The order does not matter for what the result says: the most exact archive (keys, real times) is taken first.
    """
    ordered = sorted(archives, key=lambda archive: _rank(archive[0]))
    merged = sqlite3.connect(":memory:", isolation_level=None)
    first, first_shift = ordered[0]
    merged.deserialize(to_bytes(first))
    merged.execute("UPDATE media SET source = source + ?", (first_shift,))
    for theirs, source_shift in ordered[1:]:
        _add(merged, theirs, source_shift)
    return merged


def _rank(archive: sqlite3.Connection) -> tuple[int, int, int, str]:
    keyed, messages = archive.execute("SELECT count(*) FILTER (WHERE key <> ''), count(*) FROM messages").fetchone()
    floating = archive.execute("SELECT count(*) FROM chats WHERE floating").fetchone()[0]
    names = ",".join(name for (name,) in archive.execute("SELECT name || member FROM origins ORDER BY 1"))
    return (min(1, floating), -keyed, -messages, names)


def _add(merged: sqlite3.Connection, theirs: sqlite3.Connection, source_shift: int) -> None:
    merged.execute("ATTACH ':memory:' AS theirs")
    merged.deserialize(to_bytes(theirs), name="theirs")
    merged.executescript(_MAPS)
    merged.execute("BEGIN")
    _map_origins(merged)
    new_message = merged.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()[0]
    new_chat = old_chat = merged.execute("SELECT coalesce(max(id), 0) FROM chats").fetchone()[0]
    for chat, told in _chats(merged, "theirs"):
        ours, pairs, shift, floats = _same_chat(merged, chat, told)
        if ours is None:
            new_chat += 1
            ours = new_chat
            merged.execute(
                f"INSERT INTO chats ({_CHAT}) SELECT ?, {_CHAT_REST} FROM theirs.chats WHERE id = ?", (ours, chat)
            )
        merged.execute(
            "INSERT INTO map_chats SELECT ?, ?, coalesce(max(sequence), 0) FROM main.messages WHERE chat = ?",
            (chat, ours, ours),
        )
        paired = {their: our for our, their in pairs}
        rows: list[tuple[int, int, bool, int]] = []
        for message in told:
            if message.id in paired:
                rows.append((message.id, paired[message.id], False, 0))
            else:
                new_message += 1
                rows.append((message.id, new_message, True, -_back(shift, message.timestamp) if floats else 0))
        merged.executemany("INSERT INTO map_messages VALUES (?, ?, ?, ?)", rows)
    _map_people(merged)
    merged.execute(_OWN_PEOPLE, (old_chat,))
    merged.execute(_KNOWN_OF_CHATS, (old_chat,))
    move(merged, source_shift)
    enrich(merged)
    merged.execute("COMMIT")
    merged.executescript(RESOLVE_KEYS + WRITERS)
    merged.execute(CHAT_TOTALS)
    for name in _MAP_NAMES:
        merged.execute(f"DROP TABLE temp.map_{name}")
    merged.execute("DETACH theirs")


# New chats name their people by their ids.
_OWN_PEOPLE = """
    UPDATE chats SET owner = (SELECT ours FROM map_people WHERE theirs = owner),
        creator = (SELECT ours FROM map_people WHERE theirs = creator) WHERE id > ?
"""
_KNOWN_OF_CHATS = """
    UPDATE chats SET owner = coalesce(chats.owner, t.owner), is_group = max(chats.is_group, t.is_group),
        address = coalesce(nullif(chats.address, ''), t.address),
        description = coalesce(nullif(chats.description, ''), t.description)
    FROM (
        SELECT c.ours, (SELECT ours FROM map_people WHERE theirs = h.owner) AS owner, h.is_group, h.address,
            h.description FROM theirs.chats h JOIN map_chats c ON c.theirs = h.id
    ) AS t WHERE chats.id = t.ours AND chats.id <= ?
"""
_CHAT_REST = (
    "title, app, path, floating, is_group, owner, date_order, date_certain, date_reason,"
    " (SELECT ours FROM map_origins WHERE theirs = origin), address, description, created, creator, archived, pinned,"
    " muted_until"
)
_CHAT = (
    "id, title, app, path, floating, is_group, owner, date_order, date_certain, date_reason, origin, address,"
    " description, created, creator, archived, pinned, muted_until"
)


def _told(connection: sqlite3.Connection, schema: str, chat: int) -> list[Told]:
    return [Told(*row) for row in connection.execute(_TOLD.format(schema=schema), (chat,))]


def _chats(connection: sqlite3.Connection, schema: str) -> Iterable[tuple[int, list[Told]]]:
    for (chat,) in connection.execute(f"SELECT id FROM {schema}.chats ORDER BY id").fetchall():
        yield chat, _told(connection, schema, chat)


def _same_chat(
    merged: sqlite3.Connection, chat: int, told: list[Told]
) -> tuple[int | None, list[tuple[int, int]], Shift, bool]:
    """(our chat that is theirs, or None; the pairs; the shift from ours to theirs; whether their times are moved).

    The same address is the same chat. Without one on both sides the title must be the same, and the chats must either
    have messages in common, or not overlap in time: then one continues the other."""
    title, app, address, floating = merged.execute(
        "SELECT title, app, address, floating FROM theirs.chats WHERE id = ?", (chat,)
    ).fetchone()
    candidates = merged.execute(
        "SELECT id, title, address, floating FROM chats WHERE app = ? AND id NOT IN (SELECT ours FROM map_chats)"
        " ORDER BY id",
        (app,),
    ).fetchall()
    best: tuple[int | None, list[tuple[int, int]], Shift, bool] = (None, [], Shift((), ()), False)
    for ours, our_title, our_address, our_floating in candidates:
        certain = bool(address) and address == our_address
        if not certain and ((address and our_address) or plain(title).casefold() != plain(our_title).casefold()):
            continue
        mine = _told(merged, "main", ours)
        unit = max(precision_of([one.timestamp for one in side]) if side else 1 for side in (mine, told))
        shift = shift_between(mine, told, unit) if floating or our_floating else Shift((), ())
        pairs = pairs_of(mine, told, shift, unit)
        if certain or pairs or not overlap(mine, told):
            found = (ours, pairs, shift, bool(floating) and not our_floating)
            if certain:
                return found
            if best[0] is None or len(pairs) > len(best[1]):
                best = found
    return best


def _back(shift: Shift, timestamp: int) -> int:
    """The shift at a time of theirs."""
    return next((value for value in shift.possible() if shift.at(timestamp - value) == value), shift.at(timestamp))


def _map_origins(merged: sqlite3.Connection) -> None:
    """The same file under the same reader is one origin: merging something twice changes nothing."""
    new = merged.execute("SELECT coalesce(max(id), 0) FROM origins").fetchone()[0]
    for id, *values in merged.execute("SELECT id, reader, name, member FROM theirs.origins ORDER BY id").fetchall():
        known = merged.execute("SELECT id FROM origins WHERE reader = ? AND name = ? AND member = ?", values).fetchone()
        if known is None:
            new += 1
            merged.execute("INSERT INTO origins VALUES (?, ?, ?, ?)", (new, *values))
            known = (new,)
        merged.execute("INSERT INTO map_origins VALUES (?, ?)", (id, known[0]))


def _map_people(merged: sqlite3.Connection) -> None:
    """By address, second address or phone; by messages in common; by name within a chat; else new."""
    # Whoever wrote the same messages is the same person.
    voted: dict[int, int] = {}
    for theirs, voted_for in merged.execute(
        "SELECT t.sender, o.sender FROM map_messages x JOIN theirs.messages t ON t.id = x.theirs"
        " JOIN main.messages o ON o.id = x.ours WHERE NOT x.is_new AND t.sender IS NOT NULL AND o.sender IS NOT NULL"
        " GROUP BY t.sender, o.sender ORDER BY count(*) DESC, t.sender, o.sender"
    ):
        voted.setdefault(theirs, voted_for)
    by_name = {
        (chat, plain(name).casefold()): id
        for chat, id, name in merged.execute(
            "SELECT m.chat, p.id, p.name FROM members m JOIN participants p ON p.id = m.participant"
        )
    }
    known = {
        (column, value): id
        for column in ("address", "lid", "phone")
        for id, value in merged.execute(f"SELECT id, {column} FROM participants WHERE {column} <> ''")
    }
    chats_of: dict[int, list[int]] = {}
    for person, chat in merged.execute(
        "SELECT b.participant, c.ours FROM theirs.members b JOIN map_chats c ON c.theirs = b.chat"
    ):
        chats_of.setdefault(person, []).append(chat)
    new = merged.execute("SELECT coalesce(max(id), 0) FROM participants").fetchone()[0]
    people = merged.execute(
        "SELECT id, name, phone, address, lid, name_source FROM theirs.participants ORDER BY id"
    ).fetchall()
    for id, name, phone, address, lid, name_source in people:
        keys = [("address", address), ("lid", lid), ("phone", phone)]
        ours: int | None = next((known[key] for key in keys if key in known), None)
        if ours is None:
            ours = voted.get(id)
        if ours is None:
            named = [(chat, plain(name).casefold()) for chat in chats_of.get(id, ())]
            ours = next((by_name[key] for key in named if key in by_name), None)
        if ours is None:
            new += 1
            ours = new
            merged.execute(
                "INSERT INTO participants VALUES (?, ?, ?, ?, ?, ?)", (ours, name, phone, address, lid, name_source)
            )
        merged.execute("INSERT INTO map_people VALUES (?, ?)", (id, ours))
