"""Archives of version 1, as older snapshots hold them, brought up to date in memory."""

import sqlite3

from webapp.engine.archive.schema import CHAT_TOTALS, INDEXES, SIDE_TABLES, TABLES, VERSION, WRITERS

OLD_VERSION = 1
_CHAT = "id, title, app, path, floating, is_group, owner, date_order, date_certain, date_reason"
_MESSAGE = "id, chat, timestamp, sequence, kind, sender, text, detail, edited, media"
_MEDIA = "id, chat, source, source_name, member, name, title, kind, mime, size"
_TABLES = ("chats", "participants", "messages", "media", "unknown")
_COPY = f"""
INSERT INTO origins (id, reader, name) SELECT min(id), 'whatsapp_text', path FROM old_chats GROUP BY path;
INSERT INTO chats ({_CHAT}, origin)
    SELECT {_CHAT}, (SELECT id FROM origins WHERE origins.name = old_chats.path) FROM old_chats;
INSERT INTO participants (id, name, phone) SELECT id, name, coalesce(phone, '') FROM old_participants;
INSERT INTO members (chat, participant) SELECT chat, id FROM old_participants;
INSERT INTO messages ({_MESSAGE}, origin)
    SELECT {_MESSAGE}, (SELECT origin FROM chats WHERE chats.id = old_messages.chat) FROM old_messages;
INSERT INTO places (message, latitude, longitude)
    SELECT id, latitude, longitude FROM old_messages WHERE latitude IS NOT NULL AND longitude IS NOT NULL;
INSERT INTO media ({_MEDIA}) SELECT {_MEDIA} FROM old_media;
INSERT INTO unknown (chat, what, count) SELECT chat, what, count FROM old_unknown;
"""


def upgrade(connection: sqlite3.Connection) -> None:
    """Turns an archive of version 1 (in memory, writable) into the present edition; message ids stay. Raises
    sqlite3.Error where it is none."""
    indexes = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index'")]
    connection.execute("PRAGMA legacy_alter_table = ON")
    connection.execute("BEGIN")
    for name in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    for table in _TABLES:
        connection.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    connection.execute("COMMIT")
    dropped = "".join(f"DROP TABLE old_{table};" for table in _TABLES)
    connection.executescript(f"BEGIN;{TABLES}{SIDE_TABLES}{_COPY}{dropped}{WRITERS}{INDEXES}{CHAT_TOTALS};COMMIT")
    connection.execute(f"PRAGMA user_version = {VERSION}")
