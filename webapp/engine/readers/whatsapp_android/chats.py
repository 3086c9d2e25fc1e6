"""Chats and who belongs to them. `temp.partners` tells, for chats with one person, who that is."""

import sqlite3

from webapp.engine.readers.whatsapp_android.attached import Attached

UNNAMED = "Unnamed chat"
STATUS = "Status updates"


def copy_chats(archive: sqlite3.Connection, database: Attached, path: str, owner: int) -> None:
    """The chats that a newer database lists, empty ones too, and one for messages whose chat is gone."""
    run = archive.execute
    chat, jid = database.table("chat"), database.table("jid")
    raw = database.column("jid", "raw_string", "j.user || '@' || j.server", alias="j")

    def column(name: str, otherwise: str = "NULL") -> str:
        return database.column("chat", name, otherwise, alias="c")

    subject = f"CAST({column('subject')} AS TEXT)"
    run(
        "INSERT INTO chats (id, title, app, path, floating, is_group, owner, origin, address, created, archived,"
        f" pinned) SELECT c._id, coalesce(nullif({subject}, ''), p.name, CASE WHEN j.user = 'status' THEN ? END,"
        f" nullif(CAST({raw} AS TEXT), ''), ?), 'whatsapp', ?, 0, coalesce(j.server = 'g.us', 0), ?, 1,"
        f" coalesce(CAST({raw} AS TEXT), ''), nullif(CAST({column('created_timestamp')} AS INTEGER), 0),"
        f" CAST({column('archived')} AS INTEGER), nullif(CAST({column('pinned')} AS INTEGER), 0) IS NOT NULL"
        f" FROM {chat} c LEFT JOIN {jid} j ON j._id = c.jid_row_id LEFT JOIN temp.people w ON w.jid = c.jid_row_id"
        " LEFT JOIN participants p ON p.id = w.person WHERE c._id > 0",
        (STATUS, UNNAMED, path, owner),
    )
    if "pinned" not in database.columns("chat"):
        run("UPDATE chats SET pinned = NULL")
    run(
        "INSERT INTO temp.partners SELECT c._id, w.person"
        f" FROM {chat} c JOIN temp.people w ON w.jid = c.jid_row_id WHERE c._id > 0"
    )
    run(
        "INSERT OR IGNORE INTO members (chat, participant)"
        " SELECT chat, person FROM temp.partners UNION ALL SELECT chat, ? FROM temp.partners",
        (owner,),
    )
    _members(archive, database, owner)


def _members(archive: sqlite3.Connection, database: Attached, owner: int) -> None:
    chat = database.table("chat")
    if database.has("group_participant_user", "group_jid_row_id", "user_jid_row_id"):
        rank = database.column("group_participant_user", "rank", alias="g")
        joined = database.column("group_participant_user", "add_timestamp", alias="g")
        archive.execute(
            "INSERT OR IGNORE INTO members (chat, participant, rank, joined)"
            # A row without a user is the phone's own.
            f" SELECT c._id, coalesce(w.person, ?), CASE WHEN {rank} = 2 THEN 'owner' WHEN {rank} = 1 THEN 'admin'"
            f" ELSE 'member' END, nullif(CAST({joined} AS INTEGER), 0)"
            f" FROM {database.table('group_participant_user')} g JOIN {chat} c ON c.jid_row_id = g.group_jid_row_id"
            f" JOIN {database.table('jid')} j ON j._id = g.user_jid_row_id"
            " LEFT JOIN temp.people w ON w.jid = j._id WHERE w.person IS NOT NULL OR j.user = ''",
            (owner,),
        )
    past = "group_past_participant_user"
    if database.has(past, "group_jid_row_id", "user_jid_row_id", "timestamp"):
        archive.execute(
            "INSERT OR IGNORE INTO members (chat, participant, left)"
            f" SELECT c._id, w.person, max(CAST(g.timestamp AS INTEGER)) FROM {database.table(past)} g"
            f" JOIN {chat} c ON c.jid_row_id = g.group_jid_row_id JOIN temp.people w ON w.jid = g.user_jid_row_id"
            " GROUP BY c._id, w.person"
        )


def add_lost_chats(archive: sqlite3.Connection, path: str, owner: int) -> None:
    """A chat for messages whose own is not listed: they are kept, and counted."""
    archive.execute(
        "INSERT INTO unknown (chat, what, count, detail) SELECT chat, 'orphan_message', count(*), '' FROM messages"
        " WHERE chat NOT IN (SELECT id FROM chats) GROUP BY chat"
    )
    archive.execute(
        "INSERT INTO chats (id, title, app, path, floating, owner, origin)"
        " SELECT DISTINCT chat, ?, 'whatsapp', ?, 0, ?, 1 FROM unknown WHERE chat IS NOT NULL"
        " AND what = 'orphan_message' AND chat NOT IN (SELECT id FROM chats)",
        (UNNAMED, path, owner),
    )
