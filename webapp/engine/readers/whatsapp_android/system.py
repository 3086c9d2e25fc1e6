"""What the app itself tells: an event by a word, its arguments, and a sentence to read."""

import json
import sqlite3

from webapp.engine.readers.whatsapp_android.attached import Attached
from webapp.engine.readers.whatsapp_android.types import SYSTEM_EVENTS, SYSTEM_TYPE

SOMEBODY = "Somebody"


def copy_system_events(archive: sqlite3.Connection, database: Attached, owner: int) -> None:
    """One row for every message of the system type; unknown events are kept and counted."""
    action = _number(database, "message_system", "action_type")
    old = _text(database, "message_system_value_change", "old_data")
    numbers = ("NULL", "NULL")
    if database.has("message_system_number_change", "message_row_id", "old_jid_row_id", "new_jid_row_id"):
        table = database.table("message_system_number_change")
        numbers = (
            f"(SELECT old_jid_row_id FROM {table} x WHERE x.message_row_id = m._id)",
            f"(SELECT new_jid_row_id FROM {table} x WHERE x.message_row_id = m._id)",
        )
    names = dict(archive.execute("SELECT id, name FROM participants"))
    people = dict(archive.execute("SELECT jid, person FROM temp.people"))
    whom = _participants(archive, database, people)
    rows = archive.execute(
        f"SELECT m._id, {action}, s.sender, s.text, {old}, {', '.join(numbers)}"
        f" FROM {database.table('message')} m JOIN messages s ON s.id = m._id WHERE m.message_type = ?",
        (SYSTEM_TYPE,),
    ).fetchall()
    events: list[tuple[int, str, str]] = []
    sentences: list[tuple[str, int]] = []
    unknown: dict[str, int] = {}
    for message, number, sender, text, before, old_jid, new_jid in rows:
        known = SYSTEM_EVENTS.get(number) if isinstance(number, int) else None
        others = whom.get(message, [])
        if old_jid is not None or new_jid is not None:
            others = others or [person for person in (people.get(old_jid), people.get(new_jid)) if person is not None]
        arguments: dict[str, object] = {"participants": others} if others else {}
        if before:
            arguments["before"] = str(before)
        if text:
            arguments["text"] = text
        if known is None:
            unknown[str(number)] = unknown.get(str(number), 0) + 1
            arguments["type"] = number
            events.append((message, "unknown", json.dumps(arguments, ensure_ascii=False)))
            if not text:
                sentences.append((f"Notice of WhatsApp (type {number})", message))
            continue
        word, sentence = known
        who = "You" if sender == owner else names.get(sender) or SOMEBODY
        named = ", ".join(names.get(person) or SOMEBODY for person in dict.fromkeys(others)) or who
        told = sentence.format(who=who, whom=named, text=text)
        sentences.append((told.replace(" “”", ""), message))
        events.append((message, word, json.dumps(arguments, ensure_ascii=False)))
    archive.executemany("INSERT OR IGNORE INTO system_events VALUES (?, ?, ?)", events)
    archive.executemany("UPDATE messages SET text = ? WHERE id = ?", sentences)
    archive.executemany(
        "INSERT INTO unknown (chat, what, count, detail) VALUES (NULL, 'system_event', ?, ?)",
        [(count, number) for number, count in sorted(unknown.items())],
    )


def _participants(archive: sqlite3.Connection, database: Attached, people: dict[int, int]) -> dict[int, list[int]]:
    """message → the persons it tells of."""
    table = "message_system_chat_participant"
    told: dict[int, list[int]] = {}
    if database.has(table, "message_row_id", "user_jid_row_id"):
        for message, jid in archive.execute(f"SELECT message_row_id, user_jid_row_id FROM {database.table(table)}"):
            if jid in people:
                told.setdefault(message, []).append(people[jid])
    return told


def _number(database: Attached, table: str, column: str) -> str:
    if not database.has(table, "message_row_id", column):
        return "NULL"
    return f"(SELECT {column} FROM {database.table(table)} x WHERE x.message_row_id = m._id)"


def _text(database: Attached, table: str, column: str) -> str:
    return f"CAST({_number(database, table, column)} AS TEXT)"
