"""Messages of `messages.bin` → rows of the database's own tables, so that one reading reads both."""

from webapp.engine.readers.whatsapp_android.history_sync import Synced
from webapp.engine.readers.whatsapp_android.overlay import Overlay, Value
from webapp.engine.readers.whatsapp_android.types import REACTION

_SELF_DELETED = 15
_TABLES_OF_MANY = ("message_vcard", "message_poll_option")
_MILLISECONDS = 1000
_LATEST = 1 << 40
"""Seconds; what is later is no time."""


class SyncedRows:
    """Adds messages one after another to an overlay."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._run = overlay.archive.execute
        self._message = overlay.table("message")
        jid, chat = overlay.table("jid"), overlay.table("chat")
        self._jids = {
            f"{user}@{server}": row for row, user, server in self._run(f"SELECT _id, user, server FROM {jid}")
        }
        self._chats = dict(self._run(f"SELECT jid_row_id, _id FROM {chat} WHERE jid_row_id IS NOT NULL"))
        self._also: dict[int, int] = {}
        if overlay.database.has("jid_map", "lid_row_id", "jid_row_id"):
            for lid, number in self._run(
                f"SELECT lid_row_id, jid_row_id FROM {overlay.database.table('jid_map')}"
            ).fetchall():
                self._also[lid], self._also[number] = number, lid
        self._run(f"CREATE INDEX IF NOT EXISTS {self._message}_by_key ON {self._message.partition('.')[2]} (key_id)")

    def add(self, message: Synced) -> tuple[str, str] | None:
        """→ (what, detail) to be counted where it could not be shown."""
        if not message.chat or not message.key:
            return ("increment_message", "no_key")
        chat = self._chat(message)
        seconds = message.seconds if message.seconds < _LATEST else 0
        when = seconds * _MILLISECONDS
        if message.change:
            return self._change(message, chat, when)
        if self._row_of(chat, message.key, own=message.own) is not None:
            return None
        if message.notice is not None and message.kind is None:
            return ("increment_notice", str(message.notice))
        if message.kind is None and message.content == 12:
            return None  # what phones tell each other: keys, settings
        identity = self._overlay.next_id("message")
        self._overlay.put(
            "message",
            {
                "_id": identity,
                "chat_row_id": chat,
                "from_me": int(message.own),
                "key_id": message.key,
                "sender_jid_row_id": self._jid(message.sender) if message.sender else 0,
                "timestamp": when,
                "message_type": message.kind,
                "text_data": message.text or None,
                "starred": int(message.starred),
                "origin": int(message.voice),
            },
        )
        for table, row in message.rows:
            self._beside(table, row, identity, chat, message)
        return None

    def _beside(self, table: str, row: dict[str, object], identity: int, chat: int, message: Synced) -> None:
        if not self._overlay.database.columns(table):
            return
        values: dict[str, Value] = {
            name: value for name, value in row.items() if value is None or isinstance(value, str | int | float)
        }
        if table == "message_quoted":
            sender = str(row.get("sender") or "")
            jid = self._jid(sender) if sender else 0
            own = self._run(
                f"SELECT from_me FROM {self._message} WHERE key_id = ? AND chat_row_id = ?", (row["key_id"], chat)
            ).fetchone()
            values |= {"sender_jid_row_id": jid, "from_me": own[0] if own else 0, "parent_message_chat_row_id": chat}
        elif table == "message_media":
            values["chat_row_id"] = chat
        if table in _TABLES_OF_MANY and "_id" in self._overlay.database.columns(table):
            values["_id"] = self._overlay.next_id(table)
        self._overlay.put(table, values | {"message_row_id": identity})

    def _change(self, message: Synced, chat: int, when: int) -> tuple[str, str] | None:
        target = self._row_of(chat, message.about)
        if target is None:
            return ("increment_change", message.change)
        put, has = self._overlay.put, self._overlay.database.has
        if message.change == "revoke":
            self._run(
                f"UPDATE {self._message} SET message_type = ?, text_data = NULL WHERE _id = ?", (_SELF_DELETED, target)
            )
            if has("message_revoked", "message_row_id"):
                put("message_revoked", {"message_row_id": target, "revoke_timestamp": when})
        elif message.change == "edit":
            self._run(f"UPDATE {self._message} SET text_data = ? WHERE _id = ?", (message.text, target))
            if has("message_edit_info", "message_row_id"):
                put("message_edit_info", {"message_row_id": target, "edited_timestamp": when, "sender_timestamp": when})
        elif has("message_add_on", "_id") and has("message_add_on_reaction", "message_add_on_row_id"):
            sender = self._jid(message.sender) if message.sender else 0
            self._unreact(target, sender, own=message.own)
            identity = self._overlay.next_id("message_add_on")
            put(
                "message_add_on",
                {
                    "_id": identity, "from_me": int(message.own), "sender_jid_row_id": sender, "chat_row_id": chat,
                    "key_id": message.key, "parent_message_row_id": target, "timestamp": when,
                    "message_add_on_type": REACTION,
                },
            )  # fmt: skip
            put(
                "message_add_on_reaction",
                {"message_add_on_row_id": identity, "reaction": message.text, "sender_timestamp": when},
            )
        return None

    def _unreact(self, target: int, sender: int, *, own: bool) -> None:
        """A person has one reaction to a message; a new one takes the place of the old."""
        table = self._overlay.table("message_add_on")
        self._run(
            f"DELETE FROM {table} WHERE parent_message_row_id = ? AND message_add_on_type = ? AND from_me = ?"
            " AND (from_me OR sender_jid_row_id = ?)",
            (target, REACTION, int(own), sender),
        )

    def _row_of(self, chat: int, key: str, *, own: bool | None = None) -> int | None:
        row = self._run(
            f"SELECT _id FROM {self._message} WHERE key_id = ? AND chat_row_id = ? AND (? IS NULL OR from_me = ?)",
            (key, chat, own, own),
        ).fetchone()
        return None if row is None else int(row[0])

    def _chat(self, message: Synced) -> int:
        jid = self._jid(message.chat)
        for row in (jid, self._also.get(jid)):
            if row in self._chats:
                return int(self._chats[row])
        identity = self._overlay.next_id("chat")
        self._overlay.put("chat", {"_id": identity, "jid_row_id": jid, "subject": message.chat_name or None})
        self._chats[jid] = identity
        return identity

    def _jid(self, text: str) -> int:
        """The row of a jid; devices (`user:3@…`) are their user's."""
        user, _, server = text.partition("@")
        user = user.partition(":")[0]
        raw = f"{user}@{server}"
        if raw not in self._jids:
            self._jids[raw] = self._overlay.next_id("jid")
            self._overlay.put("jid", {"_id": self._jids[raw], "user": user, "server": server, "raw_string": raw})
        return int(self._jids[raw])
