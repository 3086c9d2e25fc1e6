"""Calls: those that a chat shows, and those that only the list of calls has."""

import sqlite3

from webapp.engine.readers.whatsapp_android.attached import Attached, start_anew
from webapp.engine.readers.whatsapp_android.types import ANSWERED, DECLINED, MISSED_CALL_TYPE

SAME_CALL_MS = 10_000
"""A listed call so near in time to one that its chat shows is the same."""

_OUTCOME = (
    f"CASE WHEN {{c}}.duration > 0 OR {{c}}.call_result = {ANSWERED} THEN 'answered'"
    f" WHEN {{c}}.call_result = {DECLINED} THEN 'declined' ELSE 'missed' END"
)


def copy_calls(archive: sqlite3.Connection, database: Attached, owner: int) -> None:
    """Fills `calls`, and a sentence into every message that is one."""
    run = archive.execute
    listed = database.has("call_log", "timestamp", "duration", "call_result", "video_call", "jid_row_id", "from_me")
    group = f"coalesce({database.column('call_log', 'group_jid_row_id', '0', alias='l')} > 0, 0)"
    if listed and database.has("message_call_log", "message_row_id", "call_log_row_id"):
        run(
            f"INSERT OR IGNORE INTO calls SELECT m.id, coalesce(l.video_call = 1, 0), {_OUTCOME.format(c='l')},"
            f" nullif(CAST(l.duration AS INTEGER), 0), {group} FROM {database.table('message_call_log')} d"
            f" JOIN {database.table('call_log')} l ON l._id = d.call_log_row_id"
            " JOIN messages m ON m.id = d.message_row_id"
        )
    if database.has("missed_call_logs", "message_row_id", "video_call"):
        group_missed = f"coalesce({database.column('missed_call_logs', 'group_jid_row_id', '0', alias='d')} > 0, 0)"
        run(
            f"INSERT OR IGNORE INTO calls SELECT m.id, coalesce(d.video_call = 1, 0), 'missed', NULL, {group_missed}"
            f" FROM {database.table('missed_call_logs')} d JOIN messages m ON m.id = d.message_row_id"
        )
    if listed:
        _listed_only(archive, database, owner, group)
    run(
        "INSERT OR IGNORE INTO calls (message, video, outcome) SELECT s.id, 0,"
        f" CASE WHEN m.message_type = {MISSED_CALL_TYPE} THEN 'missed' ELSE 'unknown' END"
        f" FROM messages s JOIN {database.table('message')} m ON m._id = s.id WHERE s.kind = 'call'"
    )
    say_calls(archive)


def _listed_only(archive: sqlite3.Connection, database: Attached, owner: int, group: str) -> None:
    """Calls that no message shows become messages of the chat they belong to."""
    first = archive.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()[0]
    linked = "SELECT NULL WHERE 0"
    if database.has("message_call_log", "call_log_row_id"):
        linked = f"SELECT call_log_row_id FROM {database.table('message_call_log')}"
    group_jid = database.column("call_log", "group_jid_row_id", "0", alias="l")
    archive.execute("DROP TABLE IF EXISTS temp.listed")
    start_anew(archive, shown="chat INTEGER, timestamp INTEGER, PRIMARY KEY (chat, timestamp)")
    archive.execute("INSERT OR IGNORE INTO temp.shown SELECT chat, timestamp FROM messages WHERE kind = 'call'")
    archive.execute(
        "CREATE TEMP TABLE listed AS SELECT ? + row_number() OVER (ORDER BY l._id) AS message, l._id AS call,"
        f" c._id AS chat FROM {database.table('call_log')} l"
        f" JOIN {database.table('chat')} c ON c.jid_row_id = CASE WHEN {group_jid} > 0 THEN {group_jid}"
        f" ELSE l.jid_row_id END WHERE l._id NOT IN ({linked}) AND NOT EXISTS (SELECT 1 FROM temp.shown m"
        " WHERE m.chat = c._id AND m.timestamp BETWEEN l.timestamp - ? AND l.timestamp + ?)",
        (first, SAME_CALL_MS, SAME_CALL_MS),
    )
    archive.execute(
        "INSERT INTO messages (id, chat, timestamp, sequence, kind, sender, text, origin)"
        " SELECT n.message, n.chat, coalesce(CAST(l.timestamp AS INTEGER), 0), n.message, 'call',"
        " CASE WHEN l.from_me = 1 THEN ? ELSE s.person END, '', 1 FROM temp.listed n"
        f" JOIN {database.table('call_log')} l ON l._id = n.call LEFT JOIN temp.people s ON s.jid = l.jid_row_id",
        (owner,),
    )
    archive.execute(
        f"INSERT OR IGNORE INTO calls SELECT n.message, coalesce(l.video_call = 1, 0), {_OUTCOME.format(c='l')},"
        f" nullif(CAST(l.duration AS INTEGER), 0), {group} FROM temp.listed n"
        f" JOIN {database.table('call_log')} l ON l._id = n.call"
    )


def say_calls(archive: sqlite3.Connection) -> None:
    """A sentence for every call: “Missed video call”, “Voice call, 4:05”."""
    archive.execute(
        "UPDATE messages SET text = found.text FROM (SELECT message, CASE outcome WHEN 'missed' THEN 'Missed '"
        " WHEN 'declined' THEN 'Declined ' ELSE '' END || CASE WHEN outcome IN ('missed', 'declined')"
        " THEN CASE video WHEN 1 THEN 'video call' ELSE 'voice call' END"
        " ELSE CASE video WHEN 1 THEN 'Video call' ELSE 'Voice call' END END ||"
        " CASE WHEN seconds > 0 THEN printf(', %d:%02d', seconds / 60, seconds % 60) ELSE '' END AS text FROM calls)"
        " AS found WHERE found.message = messages.id AND messages.kind = 'call'"
    )
