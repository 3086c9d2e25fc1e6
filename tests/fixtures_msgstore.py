"""Our own small WhatsApp databases of Android, newer and older, with invented people."""

import sqlite3

DAY = 1_700_000_000_000
_MODERN = """
CREATE TABLE props (_id INTEGER PRIMARY KEY, key TEXT UNIQUE, value TEXT);
CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT NOT NULL, server TEXT NOT NULL, raw_string TEXT);
CREATE TABLE jid_map (lid_row_id INTEGER PRIMARY KEY, jid_row_id INTEGER NOT NULL);
CREATE TABLE lid_display_name (lid_row_id INTEGER PRIMARY KEY, display_name TEXT NOT NULL);
CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER UNIQUE, subject TEXT, created_timestamp INTEGER,
    archived INTEGER);
CREATE TABLE group_participant_user (_id INTEGER PRIMARY KEY, group_jid_row_id INTEGER, user_jid_row_id INTEGER,
    rank INTEGER, add_timestamp INTEGER);
CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT,
    sender_jid_row_id INTEGER, origination_flags INTEGER, origin INTEGER, timestamp INTEGER, message_type INTEGER,
    text_data TEXT, starred INTEGER);
CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, file_size INTEGER, mime_type TEXT,
    file_length INTEGER, media_name TEXT, file_hash TEXT, media_duration INTEGER, page_count INTEGER, width INTEGER,
    height INTEGER, media_caption TEXT);
CREATE TABLE message_quoted (message_row_id INTEGER PRIMARY KEY, parent_message_chat_row_id INTEGER, from_me INTEGER,
    sender_jid_row_id INTEGER, key_id TEXT, timestamp INTEGER, message_type INTEGER, text_data TEXT);
CREATE TABLE message_add_on (_id INTEGER PRIMARY KEY, from_me INTEGER, sender_jid_row_id INTEGER,
    parent_message_row_id INTEGER, timestamp INTEGER, message_add_on_type INTEGER);
CREATE TABLE message_add_on_reaction (message_add_on_row_id INTEGER PRIMARY KEY, reaction TEXT,
    sender_timestamp INTEGER);
CREATE TABLE message_add_on_poll_vote (message_add_on_row_id INTEGER PRIMARY KEY, sender_timestamp INTEGER);
CREATE TABLE message_add_on_poll_vote_selected_option (_id INTEGER PRIMARY KEY, message_add_on_row_id INTEGER,
    message_poll_option_id INTEGER);
CREATE TABLE message_poll (message_row_id INTEGER PRIMARY KEY, selectable_options_count INTEGER, end_time INTEGER);
CREATE TABLE message_poll_option (_id INTEGER PRIMARY KEY, message_row_id INTEGER, option_name TEXT);
CREATE TABLE message_edit_info (message_row_id INTEGER PRIMARY KEY, edited_timestamp INTEGER, sender_timestamp INTEGER);
CREATE TABLE message_revoked (message_row_id INTEGER PRIMARY KEY, admin_jid_row_id INTEGER, revoke_timestamp INTEGER);
CREATE TABLE message_system (message_row_id INTEGER PRIMARY KEY, action_type INTEGER);
CREATE TABLE message_system_chat_participant (message_row_id INTEGER, user_jid_row_id INTEGER);
CREATE TABLE call_log (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, from_me INTEGER, timestamp INTEGER,
    video_call INTEGER, duration INTEGER, call_result INTEGER);
CREATE TABLE message_call_log (message_row_id INTEGER PRIMARY KEY, call_log_row_id INTEGER);
INSERT INTO props VALUES (1, 'user_push_name', 'Olive Owner');
INSERT INTO jid VALUES (1, '999111', 's.whatsapp.net', '999111@s.whatsapp.net'),
    (2, '777', 'lid', '777@lid'), (3, '120363', 'g.us', '120363@g.us'),
    (4, '999222', 's.whatsapp.net', '999222@s.whatsapp.net'), (5, '555', 'lid', '555@lid');
INSERT INTO jid_map VALUES (2, 1);
INSERT INTO lid_display_name VALUES (5, 'Pushy');
INSERT INTO chat VALUES (1, 2, NULL, 1600000000000, 0), (2, 3, 'The walk', 1600000000000, 1);
INSERT INTO group_participant_user VALUES (1, 3, 1, 2, 1600000000000), (2, 3, 4, 0, 0), (3, 3, 5, 1, 0);
INSERT INTO message (_id, chat_row_id, from_me, key_id) VALUES (1, -1, 0, '-1');
"""
_COLUMNS = "_id, chat_row_id, from_me, key_id, sender_jid_row_id, origin, timestamp, message_type, text_data, starred"


def modern(*statements: str) -> bytes:
    """A newer database: Ann (999111, also lid 777) in chat 1, group 2 with Ann, Ben (999222) and lid 555."""
    return _made(_MODERN, statements)


def message(
    identity: int, chat: int, kind: int, text: str = "", *, me: bool = False, sender: int = 0, origin: int = 0
) -> str:
    """The statement for one message; its time is a second per id after DAY, its key `K<id>`."""
    quoted = text.replace("'", "''")
    return (
        f"INSERT INTO message ({_COLUMNS}) VALUES ({identity}, {chat}, {int(me)}, 'K{identity}', {sender}, {origin},"
        f" {DAY + 1000 * identity}, {kind}, '{quoted}', 0)"
    )


def contacts(**names: str) -> bytes:
    """wa.db: number → saved name."""
    rows = [
        f"INSERT INTO wa_contacts VALUES ('{number[1:]}@s.whatsapp.net', '{name}')" for number, name in names.items()
    ]
    return _made("CREATE TABLE wa_contacts (jid TEXT, display_name TEXT);", rows)


def legacy(*rows: tuple[str, int, str, str | None, int, str]) -> bytes:
    """An older database: rows of (chat's jid, from_me, key, text, time, type)."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT, key_from_me INTEGER, key_id TEXT,"
        " data TEXT, timestamp INTEGER, media_wa_type TEXT, media_name TEXT, media_mime_type TEXT,"
        " remote_resource TEXT)"
    )
    database.execute("INSERT INTO messages (key_remote_jid, key_from_me, key_id, timestamp) VALUES ('-1', 0, '-1', 0)")
    database.executemany(
        "INSERT INTO messages (key_remote_jid, key_from_me, key_id, data, timestamp, media_wa_type)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        rows,
    )
    database.commit()
    content = bytes(database.serialize())
    database.close()
    return content


def _made(schema: str, statements: object) -> bytes:
    database = sqlite3.connect(":memory:")
    database.executescript(schema)
    for statement in statements:  # type: ignore[attr-defined]
        database.execute(statement)
    database.commit()
    content = bytes(database.serialize())
    database.close()
    return content
