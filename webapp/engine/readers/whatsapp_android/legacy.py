"""The one wide table of older databases. A database that was carried over has both; what both tell is told once."""

import sqlite3

from webapp.engine.readers.whatsapp_android.attached import Attached, start_anew
from webapp.engine.readers.whatsapp_android.chats import STATUS
from webapp.engine.readers.whatsapp_android.media import NAME_OF
from webapp.engine.readers.whatsapp_android.people import People

_SYSTEM_STATUS = 6
_SENTINEL = "-1"


def copy_legacy(
    archive: sqlite3.Connection, database: Attached, people: People, path: str, offset: int, modern: bool
) -> None:
    """Messages of the table `messages` that `message` does not have. `offset` is added to their ids."""
    run = archive.execute
    table = database.table("messages")

    def column(name: str, otherwise: str = "NULL") -> str:
        return database.column("messages", name, otherwise, alias="m")

    run("DROP TABLE IF EXISTS temp.older")
    known = "0"
    if modern:
        known = (
            "EXISTS (SELECT 1 FROM temp.keys k WHERE k.key = CAST(m.key_id AS TEXT) AND k.own = (m.key_from_me = 1)"
            " AND k.address = CAST(m.key_remote_jid AS TEXT))"
        )
        start_anew(archive, keys="key TEXT, own INTEGER, address TEXT, PRIMARY KEY (key, own, address)")
        run(
            "INSERT OR IGNORE INTO temp.keys SELECT m.key, coalesce(m.sender = ?, 0), c.address"
            " FROM messages m JOIN chats c ON c.id = m.chat",
            (people.owner,),
        )
    run(
        f"CREATE TEMP TABLE older AS SELECT m._id AS id, CAST(m.key_remote_jid AS TEXT) AS address FROM {table} m"
        f" WHERE m.key_remote_jid <> '{_SENTINEL}' AND NOT {known}"
    )
    of_older = f"SELECT CAST({{0}} AS TEXT) AS address FROM {table} m WHERE m._id IN (SELECT id FROM temp.older)"
    people.of_address(" UNION ".join(of_older.format(name) for name in ("m.key_remote_jid", column("remote_resource"))))
    _chats(archive, database, people, path)
    _media(archive, database, offset)
    kind = (
        f"CASE WHEN {column('status', '0')} = {_SYSTEM_STATUS}"
        " THEN CASE WHEN CAST(m.media_wa_type AS INTEGER) IN (8, 10) THEN 'call' ELSE 'system' END"
        f" WHEN CAST(m.media_wa_type AS INTEGER) = 2 AND {column('origin', '0')} = 1 THEN 'voice'"
        " ELSE coalesce(t.kind, 'unknown') END"
    )
    run(
        "INSERT INTO messages (id, chat, timestamp, sequence, kind, sender, text, detail, media, forwarded, starred,"
        f" origin, key) SELECT ? + m._id, c.id, coalesce(CAST(m.timestamp AS INTEGER), 0), ? + m._id, {kind},"
        " CASE WHEN m.key_from_me = 1 THEN ? ELSE coalesce(w.person, p.person) END,"
        f" coalesce(nullif(CAST(m.data AS TEXT), ''), nullif(CAST({column('media_caption')} AS TEXT), ''), ''),"
        " CASE WHEN CAST(m.media_wa_type AS INTEGER) = 15"
        " THEN CASE WHEN m.key_from_me = 1 THEN 'self' ELSE 'other' END"
        " WHEN t.type IS NULL THEN coalesce(CAST(m.media_wa_type AS TEXT), '') ELSE t.detail END, f.id,"
        f" coalesce(CAST({column('forwarded', '0')} AS INTEGER) > 0, 0), coalesce({column('starred', '0')} = 1, 0), 1,"
        f" CAST(m.key_id AS TEXT) FROM temp.older o JOIN {table} m ON m._id = o.id"
        " JOIN chats c ON c.address = o.address"
        " LEFT JOIN temp.types t ON t.type = CAST(m.media_wa_type AS INTEGER)"
        f" LEFT JOIN temp.addresses w ON w.address = CAST({column('remote_resource')} AS TEXT)"
        " LEFT JOIN temp.addresses p ON p.address = o.address LEFT JOIN media f ON f.id = ? + m._id",
        (offset, offset, people.owner, offset),
    )
    run(
        "INSERT INTO unknown (chat, what, count, detail) SELECT chat, 'message_type', count(*), detail FROM messages"
        " WHERE kind = 'unknown' AND id > ? GROUP BY chat, detail",
        (offset,),
    )
    _details(archive, database, people, offset)


def _chats(archive: sqlite3.Connection, database: Attached, people: People, path: str) -> None:
    archive.execute(
        "INSERT INTO chats (title, app, path, floating, is_group, owner, origin, address)"
        " SELECT coalesce(p.name, CASE o.address WHEN 'status@broadcast' THEN ? ELSE o.address END), 'whatsapp', ?, 0,"
        " o.address LIKE '%@g.us', ?, 1, o.address FROM (SELECT DISTINCT address FROM temp.older) o"
        " LEFT JOIN temp.addresses w ON w.address = o.address LEFT JOIN participants p ON p.id = w.person"
        " WHERE o.address NOT IN (SELECT address FROM chats) ORDER BY o.address",
        (STATUS, path, people.owner),
    )
    if database.has("chat_list", "key_remote_jid", "subject"):
        archive.execute(
            "UPDATE chats SET title = found.subject FROM (SELECT CAST(key_remote_jid AS TEXT) AS address,"
            f" CAST(subject AS TEXT) AS subject FROM {database.table('chat_list')} WHERE coalesce(subject, '') <> '')"
            " AS found WHERE found.address = chats.address AND chats.title = chats.address"
        )
    if database.has("group_participants", "gjid", "jid"):
        members = database.table("group_participants")
        people.of_address(f"SELECT CAST(jid AS TEXT) AS address FROM {members}")
        archive.execute(
            "INSERT OR IGNORE INTO members (chat, participant, rank) SELECT c.id, coalesce(w.person, ?),"
            f" CASE {database.column('group_participants', 'admin', '0', alias='g')} WHEN 2 THEN 'owner'"
            f" WHEN 1 THEN 'admin' ELSE 'member' END FROM {members} g JOIN chats c ON c.address = CAST(g.gjid AS TEXT)"
            " LEFT JOIN temp.addresses w ON w.address = CAST(g.jid AS TEXT) WHERE w.person IS NOT NULL OR g.jid = ''",
            (people.owner,),
        )


def _media(archive: sqlite3.Connection, database: Attached, offset: int) -> None:
    def column(name: str, otherwise: str = "NULL") -> str:
        return database.column("messages", name, otherwise, alias="m")

    name = f"CAST({column('media_name')} AS TEXT)"
    mime = f"CAST({column('media_mime_type')} AS TEXT)"
    archive.execute(
        "INSERT OR IGNORE INTO media (id, chat, source, source_name, member, name, title, kind, mime, size, duration,"
        f" sha256) SELECT ? + m._id, c.id, h.source, coalesce(h.source_name, ''), coalesce(h.member, ''),"
        f" coalesce(nullif({NAME_OF.format(path=name)}, ''), ''),"
        f" CASE WHEN CAST(m.media_wa_type AS INTEGER) = 9 THEN coalesce({name}, '') ELSE '' END,"
        f" CASE WHEN CAST(m.media_wa_type AS INTEGER) = 2 AND {column('origin', '0')} = 1 THEN 'voice' ELSE t.kind END,"
        f" coalesce(h.mime, nullif(substr({mime}, 1, instr({mime} || ';', ';') - 1), ''), 'application/octet-stream'),"
        f" coalesce(h.size, CAST({column('media_size')} AS INTEGER), 0),"
        f" nullif(CAST({column('media_duration')} AS INTEGER), 0), coalesce(CAST({column('media_hash')} AS TEXT), '')"
        f" FROM temp.older o JOIN {database.table('messages')} m ON m._id = o.id JOIN chats c ON c.address = o.address"
        " JOIN temp.types t ON t.type = CAST(m.media_wa_type AS INTEGER)"
        f" LEFT JOIN temp.files h ON h.path = {NAME_OF.format(path=name)}"
        " WHERE t.kind IN ('image', 'video', 'gif', 'audio', 'voice', 'document', 'sticker')",
        (offset,),
    )


def _details(archive: sqlite3.Connection, database: Attached, people: People, offset: int) -> None:
    run = archive.execute
    table = database.table("messages")
    if database.has("messages", "latitude", "longitude"):
        run(
            "INSERT OR IGNORE INTO places (message, latitude, longitude) SELECT s.id, CAST(m.latitude AS REAL),"
            f" CAST(m.longitude AS REAL) FROM messages s JOIN {table} m ON m._id = s.id - ?"
            " WHERE s.id > ? AND s.kind IN ('location', 'live_location')",
            (offset, offset),
        )
    if database.has("messages_quotes", "_id", "key_id", "key_from_me") and database.has("messages", "quoted_row_id"):
        run(
            "INSERT OR IGNORE INTO quotes (message, key, sender, text, kind, timestamp) SELECT s.id,"
            " CAST(q.key_id AS TEXT), CASE WHEN q.key_from_me = 1 THEN ? ELSE coalesce(w.person, p.person) END,"
            f" coalesce(CAST({database.column('messages_quotes', 'data', alias='q')} AS TEXT), ''),"
            " coalesce(t.kind, 'text'), NULL"
            f" FROM messages s JOIN {table} m ON m._id = s.id - ? JOIN {database.table('messages_quotes')} q"
            " ON q._id = m.quoted_row_id LEFT JOIN temp.types t ON t.type ="
            f" CAST({database.column('messages_quotes', 'media_wa_type', '0', alias='q')} AS INTEGER)"
            " LEFT JOIN temp.addresses w ON w.address ="
            f" CAST({database.column('messages_quotes', 'remote_resource', alias='q')} AS TEXT)"
            " LEFT JOIN temp.addresses p ON p.address = CAST(m.key_remote_jid AS TEXT)"
            " WHERE s.id > ? AND m.quoted_row_id > 0",
            (people.owner, offset, offset),
        )
    run(
        "INSERT OR IGNORE INTO calls (message, video, outcome) SELECT id, 0, 'unknown' FROM messages"
        " WHERE id > ? AND kind = 'call'",
        (offset,),
    )
