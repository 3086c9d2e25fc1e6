"""Which of the chosen files are WhatsApp's databases on Android, contact cards, or media."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.engine.errors import CofferError
from webapp.engine.readers.foreign_database import DatabaseDamaged, is_sqlite
from webapp.engine.readers.items import Item
from webapp.engine.readers.whatsapp_android.attached import Attached, attach
from webapp.engine.readers.whatsapp_android.increments import Increment, increments_among
from webapp.engine.readers.whatsapp_crypt.errors import BackupNeedsFull

_LARGEST_CARDS = 64 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """The message databases with their logs, the contact databases, contact cards, increments in their order, and all
    other files."""

    messages: tuple[tuple[Item, Item | None], ...]
    contacts: tuple[tuple[Item, Item | None], ...]
    cards: tuple[Item, ...]
    files: tuple[Item, ...]
    increments: tuple[Increment, ...] = ()


def find(items: Sequence[Item]) -> Found | None:
    """None where there is no message database of Android. Reads beginnings, and the schemas of databases.

    Raises BackupNeedsFull where there are increments alone.
    """
    increments = increments_among(items)
    taken = {id(item) for increment in increments for item in increment.members}
    items = [item for item in items if id(item) not in taken]
    logs = {item.location.removesuffix("-wal"): item for item in items if item.path.endswith("-wal")}
    messages: list[tuple[Item, Item | None]] = []
    contacts: list[tuple[Item, Item | None]] = []
    cards: list[Item] = []
    files: list[Item] = []
    for item in items:
        head = _head(item)
        log = logs.get(item.location)
        if is_sqlite(head):
            role = _role(item, log)
            if role:
                (messages if role == "messages" else contacts).append((item, log))
                continue
        elif head[:11].upper() == b"BEGIN:VCARD" and item.size <= _LARGEST_CARDS:
            cards.append(item)
        if not item.path.endswith(("-wal", "-shm", "-journal")):
            files.append(item)
    if increments and not messages:
        raise BackupNeedsFull(increments[0].name)
    if not messages:
        return None
    return Found(tuple(messages), tuple(contacts), tuple(cards), tuple(files), tuple(increments))


def _head(item: Item) -> bytes:
    try:
        return item.head(16)
    except CofferError:
        return b""  # a damaged file costs itself, not the chat


def _role(item: Item, log: Item | None) -> str:
    connection = sqlite3.connect(":memory:", uri=True)
    try:
        database = attach(connection, "looked_at", item, log)
        if is_modern(database) or is_legacy(database):
            return "messages"
        return "contacts" if database.has("wa_contacts", "jid") else ""
    except (DatabaseDamaged, sqlite3.Error, UnicodeError):
        # The messages of a damaged database are missed by whoever chose it: reading it says so.
        return "messages" if item.name.startswith("msgstore") else ""
    finally:
        connection.close()


def is_modern(database: Attached) -> bool:
    """Whether it has the tables of newer versions."""
    return database.has("message", "chat_row_id", "key_id", "timestamp", "message_type") and database.has(
        "jid", "user", "server"
    )


def is_legacy(database: Attached) -> bool:
    """Whether it has the one wide table of older versions."""
    return database.has("messages", "key_remote_jid", "key_from_me", "key_id", "data", "timestamp", "media_wa_type")
