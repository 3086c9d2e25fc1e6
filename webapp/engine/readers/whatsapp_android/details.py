"""What hangs on few messages: quotes, reactions, votes, edits, deletions, places, cards, links and the like.

Each is one INSERT … SELECT, asked only where the tables for it are there.
"""

import sqlite3

from webapp.engine.readers.whatsapp_android.attached import Attached, start_anew
from webapp.engine.readers.whatsapp_android.people import LONGEST_CARD, card_fields
from webapp.engine.readers.whatsapp_android.types import EDIT, POLL_VOTE, REACTION

_WHO = "CASE WHEN {row}.from_me = 1 THEN {owner} ELSE coalesce(s.person, p.person) END"


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


class Details:
    """Copies side tables of one database; `owner` is the person whose phone it was."""

    def __init__(self, archive: sqlite3.Connection, database: Attached, owner: int) -> None:
        self._archive = archive
        self._run = archive.execute
        self._many = archive.executemany
        self._database = database
        self._owner = int(owner)

    def copy(self) -> None:
        """All of them."""
        self._quotes()
        self._reactions()
        self._polls()
        self._edits()
        self._deletions()
        self._places()
        self._cards()
        self._links_and_mentions()
        self._albums()
        self._planned_events()
        self._invites()

    def _has(self, table: str, *columns: str) -> bool:
        return self._database.has(table, *columns)

    def _table(self, name: str) -> str:
        return self._database.table(name)

    def _text(self, table: str, column: str) -> str:
        return f"coalesce(CAST({self._database.column(table, column, alias='d')} AS TEXT), '')"

    def _number(self, table: str, column: str) -> str:
        return f"nullif(CAST({self._database.column(table, column, alias='d')} AS INTEGER), 0)"

    def _quotes(self) -> None:
        table = "message_quoted"
        if not self._has(table, "message_row_id", "key_id", "from_me", "sender_jid_row_id"):
            return
        # What is quoted may lie in another chat, so the person may be that of the parent's.
        self._run(
            "INSERT OR IGNORE INTO quotes (message, key, sender, sender_name, text, kind, timestamp)"
            f" SELECT m.id, CAST(d.key_id AS TEXT), {_WHO.format(row='d', owner=self._owner)}, '',"
            f" {self._text(table, 'text_data')}, coalesce(t.kind, 'text'), {self._number(table, 'timestamp')}"
            f" FROM {self._table(table)} d JOIN messages m ON m.id = d.message_row_id"
            " LEFT JOIN temp.people s ON s.jid = d.sender_jid_row_id LEFT JOIN temp.partners p ON p.chat ="
            f" {self._database.column(table, 'parent_message_chat_row_id', 'm.chat', alias='d')}"
            " LEFT JOIN temp.types t ON t.type = d.message_type"
            if self._has(table, "message_type")
            else "SELECT 1 WHERE 0"
        )
        self._run(
            "UPDATE quotes SET sender_name = coalesce((SELECT name FROM participants WHERE id = quotes.sender), '')"
        )

    def _add_ons(self, kind: int) -> str:
        """FROM … of add-ons of one kind with who made them: `a`, `m`, `s`, `p`."""
        return (
            f" FROM {self._table('message_add_on')} a JOIN messages m ON m.id = a.parent_message_row_id"
            " LEFT JOIN temp.people s ON s.jid = a.sender_jid_row_id LEFT JOIN temp.partners p ON p.chat = m.chat"
            f" %s WHERE a.message_add_on_type = {kind}"
        )

    def _reactions(self) -> None:
        table = "message_add_on_reaction"
        if not self._has("message_add_on", "parent_message_row_id", "sender_jid_row_id", "message_add_on_type"):
            return
        if self._has(table, "message_add_on_row_id", "reaction"):
            join = f"JOIN {self._table(table)} d ON d.message_add_on_row_id = a._id"
            # A reaction that was taken back has no emoji.
            self._run(
                f"INSERT INTO reactions SELECT m.id, {_WHO.format(row='a', owner=self._owner)},"
                " CAST(d.reaction AS TEXT),"
                f" coalesce({self._number(table, 'sender_timestamp')}, CAST(a.timestamp AS INTEGER))"
                + self._add_ons(REACTION) % join
                + " AND coalesce(d.reaction, '') <> '' ORDER BY a._id"
            )
        self._run(
            "INSERT INTO unknown (chat, what, count, detail) SELECT NULL, 'add_on_type', count(*),"
            f" CAST(message_add_on_type AS TEXT) FROM {self._table('message_add_on')}"
            f" WHERE message_add_on_type NOT IN ({REACTION}, {POLL_VOTE}, {EDIT}) GROUP BY message_add_on_type"
        )

    def _polls(self) -> None:
        if not self._has("message_poll", "message_row_id") or not self._has(
            "message_poll_option", "message_row_id", "option_name"
        ):
            return
        self._run(
            "INSERT INTO polls SELECT d.message_row_id,"
            f" {self._number('message_poll', 'selectable_options_count')}, {self._number('message_poll', 'end_time')}"
            f" FROM {self._table('message_poll')} d JOIN messages m ON m.id = d.message_row_id"
        )
        numbered = (
            "(SELECT _id, message_row_id AS message, option_name, row_number() OVER (PARTITION BY message_row_id"
            f" ORDER BY _id) - 1 AS number FROM {self._table('message_poll_option')})"
        )
        # How often an option was chosen is counted from the votes: the app's own total is not always kept up.
        self._run(
            f"INSERT INTO poll_options SELECT o.message, o.number, coalesce(CAST(o.option_name AS TEXT), ''), NULL"
            f" FROM {numbered} o JOIN messages m ON m.id = o.message"
        )
        selected = "message_add_on_poll_vote_selected_option"
        if self._has(selected, "message_add_on_row_id", "message_poll_option_id") and self._has("message_add_on"):
            when = "CAST(a.timestamp AS INTEGER)"
            join = f"JOIN {self._table(selected)} d ON d.message_add_on_row_id = a._id"
            if self._has("message_add_on_poll_vote", "message_add_on_row_id", "sender_timestamp"):
                vote = self._table("message_add_on_poll_vote")
                join += f" LEFT JOIN {vote} v ON v.message_add_on_row_id = a._id"
                when = f"coalesce(nullif(CAST(v.sender_timestamp AS INTEGER), 0), {when})"
            join += f" JOIN {numbered} o ON o._id = d.message_poll_option_id AND o.message = m.id"
            self._run(
                f"INSERT INTO poll_votes SELECT m.id, o.number, {_WHO.format(row='a', owner=self._owner)}, {when}"
                + self._add_ons(POLL_VOTE) % join
                + " ORDER BY a._id, o.number"
            )

    def _edits(self) -> None:
        table = "message_edit_info"
        if self._has(table, "message_row_id"):
            self._run(
                "INSERT INTO edits SELECT m.id,"
                f" coalesce({self._number(table, 'sender_timestamp')}, {self._number(table, 'edited_timestamp')}), NULL"
                f" FROM {self._table(table)} d JOIN messages m ON m.id = d.message_row_id"
            )
        if self._has("message_add_on", "parent_message_row_id", "message_add_on_type", "timestamp"):
            self._run(
                "INSERT INTO edits SELECT a.parent_message_row_id, CAST(a.timestamp AS INTEGER), NULL"
                f" FROM {self._table('message_add_on')} a WHERE a.message_add_on_type = {EDIT}"
                " AND a.parent_message_row_id IN (SELECT id FROM messages)"
                " AND a.parent_message_row_id NOT IN (SELECT message FROM edits)"
            )
        # What stood there before may survive in somebody's quote of it, made before the edit.
        start_anew(self._archive, edited="key TEXT, message INTEGER, timestamp INTEGER, PRIMARY KEY (key, message)")
        self._run(
            "INSERT OR IGNORE INTO temp.edited SELECT m.key, m.id, e.timestamp FROM edits e"
            " CROSS JOIN messages m ON m.id = e.message"
        )
        self._run(
            "UPDATE edits SET text = found.text FROM (SELECT e.message AS message, min(q.text) AS text FROM quotes q"
            " CROSS JOIN temp.edited e ON e.key = q.key CROSS JOIN messages m ON m.id = e.message"
            " CROSS JOIN messages a ON a.id = q.message"
            " WHERE a.chat = m.chat AND q.text <> '' AND q.text <> m.text AND a.timestamp <= e.timestamp"
            " GROUP BY e.message) AS found WHERE found.message = edits.message"
        )
        self._earlier_in_index()
        self._run("UPDATE messages SET edited = 1 WHERE id IN (SELECT message FROM edits)")

    def _earlier_in_index(self) -> None:
        """The phone's own search index may still hold what stood there. It keeps words rather than letters, so what
        differs from today's text only in those is no earlier one."""
        table = "message_ftsv2_content"
        if not self._has(table, "docid", "c0content"):
            return
        rows = self._run(
            f"SELECT e.message, m.text, CAST(d.c0content AS TEXT) FROM edits e JOIN messages m ON m.id = e.message"
            f" JOIN {self._table(table)} d ON d.docid = e.message WHERE e.text IS NULL AND d.c0content IS NOT NULL"
        ).fetchall()
        earlier = [
            (content.strip(), message)
            for message, text, content in rows
            if content.strip() and _letters(text) not in ("", _letters(content)) and _letters(content)
        ]
        self._many("UPDATE edits SET text = ? WHERE message = ? AND text IS NULL", earlier)

    def _deletions(self) -> None:
        table = "message_revoked"
        if not self._has(table, "message_row_id"):
            return
        admin = self._database.column(table, "admin_jid_row_id", alias="d")
        self._run(
            f"INSERT OR IGNORE INTO deletions SELECT m.id, coalesce(s.person, m.sender),"
            f" {self._number(table, 'revoke_timestamp')} FROM {self._table(table)} d"
            f" JOIN messages m ON m.id = d.message_row_id LEFT JOIN temp.people s ON s.jid = {admin}"
            " WHERE m.kind = 'deleted'"
        )

    def _places(self) -> None:
        table = "message_location"
        if self._has(table, "message_row_id", "latitude", "longitude"):
            self._run(
                "INSERT OR IGNORE INTO places SELECT m.id, CAST(d.latitude AS REAL), CAST(d.longitude AS REAL),"
                f" {self._text(table, 'place_name')}, {self._text(table, 'place_address')}, {self._text(table, 'url')},"
                f" {self._number(table, 'live_location_share_duration')}"
                f" FROM {self._table(table)} d JOIN messages m ON m.id = d.message_row_id"
                " WHERE d.latitude IS NOT NULL AND d.longitude IS NOT NULL"
            )

    def _cards(self) -> None:
        table = "message_vcard"
        if not self._has(table, "message_row_id", "vcard"):
            return
        rows = self._run(
            f"SELECT m.id, CAST(d.vcard AS TEXT) FROM {self._table(table)} d"
            " JOIN messages m ON m.id = d.message_row_id WHERE d.vcard IS NOT NULL"
        ).fetchall()
        cards = []
        for message, card in rows:
            name, phones, _ = card_fields(card)
            cards.append((message, name, "\n".join(phones), card[:LONGEST_CARD]))
        self._many("INSERT INTO contact_cards VALUES (?, ?, ?, ?)", cards)

    def _links_and_mentions(self) -> None:
        if self._has("message_text", "message_row_id", "url"):
            self._run(
                "INSERT OR IGNORE INTO links SELECT m.id, CAST(d.url AS TEXT),"
                f" {self._text('message_text', 'page_title')}, {self._text('message_text', 'description')}"
                f" FROM {self._table('message_text')} d"
                " JOIN messages m ON m.id = d.message_row_id WHERE coalesce(d.url, '') <> ''"
            )
        if self._has("message_mentions", "message_row_id", "jid_row_id"):
            self._run(
                "INSERT INTO mentions SELECT m.id, s.person, '@' || CAST(j.user AS TEXT)"
                f" FROM {self._table('message_mentions')} d JOIN messages m ON m.id = d.message_row_id"
                f" JOIN {self._table('jid')} j ON j._id = d.jid_row_id LEFT JOIN temp.people s ON s.jid = d.jid_row_id"
            )

    def _albums(self) -> None:
        for table in ("message_association", "message_album_message"):
            if self._has(table, "child_message_row_id", "parent_message_row_id"):
                self._run(
                    "INSERT OR IGNORE INTO albums (message, album) SELECT c.id, m.id"
                    f" FROM {self._table(table)} d JOIN messages m ON m.id = d.parent_message_row_id"
                    " JOIN messages c ON c.id = d.child_message_row_id WHERE m.kind = 'album'"
                )

    def _planned_events(self) -> None:
        table = "message_event"
        if self._has(table, "message_row_id"):
            place = self._text(table, "location_name" if self._has(table, "location_name") else "location")
            cancelled = self._database.column(table, "is_canceled", "0", alias="d")
            self._run(
                f"INSERT OR IGNORE INTO planned_events SELECT m.id, {self._text(table, 'description')}, {place},"
                f" {self._number(table, 'start_time')}, {self._number(table, 'end_time')}, coalesce({cancelled} = 1, 0)"
                f" FROM {self._table(table)} d JOIN messages m ON m.id = d.message_row_id"
            )
            if self._has(table, "name"):
                self._run(
                    "UPDATE messages SET text = found.name FROM (SELECT d.message_row_id AS message,"
                    f" CAST(d.name AS TEXT) AS name FROM {self._table(table)} d) AS found"
                    " WHERE found.message = messages.id AND messages.text = '' AND found.name IS NOT NULL"
                )

    def _invites(self) -> None:
        table = "message_group_invite"
        if self._has(table, "message_row_id"):
            self._run(
                f"INSERT OR IGNORE INTO invites SELECT m.id, {self._text(table, 'group_name')},"
                f" {self._text(table, 'invite_code')}, {self._number(table, 'expiration')}"
                f" FROM {self._table(table)} d JOIN messages m ON m.id = d.message_row_id"
            )
