"""The messages of newer databases: one row each, with what nearly all of them have."""

import sqlite3

from webapp.engine.readers.whatsapp_android.attached import Attached
from webapp.engine.readers.whatsapp_android.types import SYSTEM_TYPE


def copy_messages(archive: sqlite3.Connection, database: Attached, owner: int) -> None:
    """All messages but the sentinel that every database begins with."""

    def column(name: str, otherwise: str = "NULL") -> str:
        return database.column("message", name, otherwise, alias="m")

    joins, caption, medium, forwarded = "", "NULL", "NULL", "0"
    if database.has("message_media", "message_row_id"):
        # `copy_media` gives each of its rows a medium of the same id.
        medium = "f.message_row_id"
        joins += f" LEFT JOIN {database.table('message_media')} f ON f.message_row_id = m._id"
        caption = f"nullif(CAST({database.column('message_media', 'media_caption', alias='f')} AS TEXT), '')"
    if database.has("message_forwarded", "message_row_id", "forward_score"):
        joins += f" LEFT JOIN {database.table('message_forwarded')} w ON w.message_row_id = m._id"
        forwarded = "CAST(w.forward_score AS INTEGER)"
    archive.execute(
        "INSERT INTO messages (id, chat, timestamp, sequence, kind, sender, text, detail, media, forwarded, starred,"
        " origin, key) SELECT m._id, CAST(m.chat_row_id AS INTEGER), coalesce(CAST(m.timestamp AS INTEGER), 0), m._id,"
        f" CASE WHEN m.message_type = 2 AND {column('origin', '0')} = 1 THEN 'voice'"
        " ELSE coalesce(t.kind, 'unknown') END,"
        # Who wrote: the phone's owner, the sender in a group, else the one person of the chat. The app's own lines have
        # a sender only where somebody did what they tell.
        " CASE WHEN m.message_type = ? THEN CASE WHEN m.from_me = 1 AND s.person IS NULL AND p.person IS NULL THEN ?"
        " ELSE s.person END WHEN m.from_me = 1 THEN ? ELSE coalesce(s.person, p.person) END,"
        f" coalesce(nullif(CAST({column('text_data')} AS TEXT), ''), {caption}, ''),"
        " CASE WHEN m.message_type = 15 THEN CASE WHEN m.from_me = 1 THEN 'self' ELSE 'other' END"
        " WHEN t.type IS NULL THEN coalesce(CAST(m.message_type AS TEXT), '') ELSE t.detail END,"
        f" {medium}, coalesce({forwarded}, {column('origination_flags', '0')} & 1, 0),"
        f" coalesce({column('starred', '0')} = 1, 0), 1, CAST(m.key_id AS TEXT)"
        f" FROM {database.table('message')} m LEFT JOIN temp.types t ON t.type = m.message_type"
        f" LEFT JOIN temp.people s ON s.jid = {column('sender_jid_row_id')}"
        " LEFT JOIN temp.partners p ON p.chat = m.chat_row_id"
        f"{joins} WHERE m.chat_row_id > 0",
        (SYSTEM_TYPE, owner, owner),
    )
    archive.execute(
        "INSERT INTO unknown (chat, what, count, detail) SELECT chat, 'message_type', count(*), detail FROM messages"
        " WHERE kind = 'unknown' GROUP BY chat, detail"
    )
    lost = archive.execute(
        f"SELECT count(*) FROM {database.table('message')} WHERE (chat_row_id IS NULL OR chat_row_id <= 0)"
        " AND CAST(key_id AS TEXT) <> '-1'"
    ).fetchone()[0]
    if lost:
        archive.execute("INSERT INTO unknown (chat, what, count) VALUES (NULL, 'orphan_message', ?)", (lost,))


def mend_texts(archive: sqlite3.Connection) -> int:
    """SQLite hands on whatever bytes a text has. Those that are no UTF-8 get U+FFFD; → how many were."""
    mended = 0
    last = archive.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()[0]
    step = 1 << 14
    for start in range(0, last + 1, step):
        among = (start, start + step)
        try:
            # One decoding for thousands of texts: nearly all files have nothing to mend.
            archive.execute(
                "SELECT group_concat(text, ''), group_concat(key, ''), group_concat(detail, '') FROM messages"
                " WHERE id >= ? AND id < ?",
                among,
            ).fetchone()
        except (sqlite3.OperationalError, UnicodeError) as error:
            if isinstance(error, sqlite3.OperationalError) and "UTF-8" not in str(error):
                raise
            mended += _mend(archive, *among)
    return mended


def _mend(archive: sqlite3.Connection, first: int, behind: int) -> int:
    mended = 0
    rows = archive.execute(
        "SELECT id, CAST(text AS BLOB), CAST(key AS BLOB), CAST(detail AS BLOB) FROM messages WHERE id >= ? AND id < ?",
        (first, behind),
    ).fetchall()
    for identity, *values in rows:
        texts = [bytes(value or b"").decode("utf-8", "replace") for value in values]
        if any("\ufffd" in text for text in texts):
            archive.execute("UPDATE messages SET text = ?, key = ?, detail = ? WHERE id = ?", (*texts, identity))
            mended += 1
    return mended
