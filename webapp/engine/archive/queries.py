"""Reading the archive: chats, pages of messages, media."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from webapp.engine.archive.albums import album_around, tiles_of
from webapp.engine.archive.details import details_of
from webapp.engine.archive.rows import (
    ChatRow,
    Cursor,
    MediaEntry,
    MediaRow,
    MessageDetails,
    MessageRow,
    Page,
    ParticipantRow,
)

_MESSAGE = """
    SELECT m.id, m.chat, m.timestamp, m.sequence, m.kind, m.sender, coalesce(p.name, ''), m.text,
        m.detail, m.edited, m.forwarded, m.starred, m.origin,
        f.id, f.chat, f.source, f.source_name, f.member, f.name, f.title, f.kind, f.mime, f.size,
        f.width, f.height, f.duration, f.sha256
    FROM messages m
    LEFT JOIN participants p ON p.id = m.sender
    LEFT JOIN media f ON f.id = m.media
"""
_MEDIA_COLUMNS = "id, chat, source, source_name, member, name, title, kind, mime, size, width, height, duration, sha256"
_MEDIA = f"SELECT {_MEDIA_COLUMNS} FROM media"
_LOOSE = f"""
    SELECT {_MEDIA_COLUMNS} FROM media
    WHERE chat = ? AND source IS NOT NULL AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.media = media.id)
    ORDER BY id
"""
_BEFORE = "m.chat = ? AND (m.timestamp, m.sequence) < (?, ?)"
_AFTER = "m.chat = ? AND (m.timestamp, m.sequence) > (?, ?)"
_FROM = "m.chat = ? AND (m.timestamp, m.sequence) >= (?, ?)"
_OLDEST_FIRST = "ORDER BY m.timestamp, m.sequence LIMIT ?"
_NEWEST_FIRST = "ORDER BY m.timestamp DESC, m.sequence DESC LIMIT ?"


class Archive:
    """An archive opened with `connection.load` or `connection.open_file`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def chats(self) -> list[ChatRow]:
        """All chats, the one with the newest message first."""
        rows = self.connection.execute(
            "SELECT id, title, app, floating, is_group, owner, date_order, coalesce(date_certain, 1),"
            " coalesce(date_reason, ''), messages, media, first, last, last_message, origin, address, description,"
            " created, creator, archived, pinned, muted_until FROM chats ORDER BY last IS NULL, last DESC, id"
        ).fetchall()
        return [
            ChatRow(
                id, title, app, bool(floating), bool(group), owner, order, bool(certain), reason, messages, media,
                first, last, None if preview is None else self.message(preview), origin, address, description,
                created, creator, _flag(archived), _flag(pinned), muted,
            )
            for id, title, app, floating, group, owner, order, certain, reason, messages, media, first, last, preview,
            origin, address, description, created, creator, archived, pinned, muted in rows
        ]  # fmt: skip

    def merged(self) -> bool:
        """Has some chat messages of more than one file? Told without counting: some file is no chat's first."""
        row = self.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM copies) OR EXISTS (SELECT 1 FROM origins o WHERE"
            " NOT EXISTS (SELECT 1 FROM chats c WHERE c.origin = o.id) AND EXISTS (SELECT 1 FROM chats))"
        ).fetchone()
        return bool(row[0])

    def names(self) -> dict[int, dict[int, str]]:
        """By chat: the names of its participants, by id."""
        names: dict[int, dict[int, str]] = {}
        members = "SELECT m.chat, p.id, p.name FROM members m JOIN participants p ON p.id = m.participant"
        for chat, id, name in self.connection.execute(f"{members} ORDER BY m.chat, p.id"):
            names.setdefault(chat, {})[id] = name
        return names

    def participants(self, chat: int) -> list[ParticipantRow]:
        """Who wrote in a chat, the most frequent first."""
        rows = self.connection.execute(
            "SELECT p.id, b.chat, p.name, p.phone, coalesce(w.written, 0), p.address, p.lid, p.name_source, b.rank,"
            " b.joined, b.left FROM members b JOIN participants p ON p.id = b.participant"
            " LEFT JOIN (SELECT sender, count(*) AS written FROM messages WHERE chat = ? GROUP BY sender) w"
            " ON w.sender = p.id WHERE b.chat = ? ORDER BY w.written DESC, p.id",
            (chat, chat),
        )
        return [ParticipantRow(*row) for row in rows]

    def details(self, messages: Sequence[MessageRow]) -> dict[int, MessageDetails]:
        """What hangs on these messages, by message id; those that have nothing are left out."""
        return details_of(self.connection, [message.id for message in messages])

    def tiles(self, messages: Sequence[MessageRow]) -> dict[int, list[MessageRow]]:
        """By the id of an album's own message: what is shown in its bubble beside itself, in the order of time."""
        pairs = tiles_of(self.connection, [message.id for message in messages])
        marks = ",".join("?" * len(pairs))
        found = self.connection.execute(f"{_MESSAGE} WHERE m.id IN ({marks})", [id for _, id in pairs]) if pairs else ()
        rows = {row[0]: message_row(row) for row in found}
        tiles: dict[int, list[MessageRow]] = {}
        for album, id in pairs:
            tiles.setdefault(album, []).append(rows[id])
        return tiles

    def shown_by(self, message: MessageRow) -> MessageRow:
        """The message in whose bubble this one stands: its album's, or itself."""
        album = album_around(self.connection, message.id)
        return message if album is None else self.message(album) or message

    def thumbnail(self, media: int) -> bytes | None:
        """The small picture that the app kept of a medium."""
        row = self.connection.execute("SELECT bytes FROM thumbnails WHERE media = ?", (media,)).fetchone()
        return None if row is None else bytes(row[0])

    def seal(self, media: int) -> str:
        """What finds and opens a medium that lies encrypted in its file; empty for all others."""
        row = self.connection.execute("SELECT seal FROM seals WHERE media = ?", (media,)).fetchone()
        return "" if row is None else str(row[0])

    def message(self, id: int) -> MessageRow | None:
        row = self.connection.execute(f"{_MESSAGE} WHERE m.id = ?", (id,)).fetchone()
        return None if row is None else message_row(row)

    def messages(
        self, chat: int, *, before: Cursor | None = None, after: Cursor | None = None, limit: int = 100
    ) -> Page:
        """At most `limit` messages older than `before`, or newer than `after`; without either the newest ones."""
        if after is not None:
            rows = self._rows(_AFTER, (chat, *after), _OLDEST_FIRST, limit)
        elif before is not None:
            rows = self._rows(
                "m.chat = ? AND (m.timestamp, m.sequence) < (?, ?)", (chat, *before), _NEWEST_FIRST, limit
            )
            rows.reverse()
        else:
            rows = self._rows("m.chat = ?", (chat,), _NEWEST_FIRST, limit)
            rows.reverse()
        return self._page(chat, rows, before if not rows else None, after if not rows else None)

    def slice(self, chat: int, place: int, limit: int) -> list[MessageRow]:
        """At most `limit` messages from the `place`-th (from 0) of a chat: what a scrolling list asks for."""
        # The places are counted in the index alone; only the rows that are shown are joined.
        where = "m.id IN (SELECT id FROM messages WHERE chat = ? ORDER BY timestamp, sequence LIMIT ? OFFSET ?)"
        rows = self.connection.execute(
            f"{_MESSAGE} WHERE {where} ORDER BY m.timestamp, m.sequence", (chat, limit, place)
        )
        return [message_row(row) for row in rows]

    def place_of(self, message: MessageRow) -> int:
        """How many messages of its chat come before it."""
        return self._place(message.chat, message.cursor)

    def place_at(self, chat: int, timestamp: int) -> int:
        """The place (from 0) of the first message at that time or later: how many are earlier."""
        return self._place(chat, Cursor(timestamp, -1))

    def around(self, chat: int, place: Cursor, limit: int = 100) -> Page:
        """A page with the message at `place` (or the first after it) in its middle."""
        half = max(1, limit // 2)
        older = self._rows(_BEFORE, (chat, *place), _NEWEST_FIRST, half)
        older.reverse()
        newer = self._rows(_FROM, (chat, *place), _OLDEST_FIRST, max(1, limit - half))
        return self._page(chat, older + newer, None, None)

    def around_message(self, id: int, limit: int = 100) -> Page | None:
        """A page with one message in its middle; None where there is no such message."""
        found = self.message(id)
        return None if found is None else self.around(found.chat, found.cursor, limit)

    def media(
        self, chat: int | None, *, kinds: Sequence[str] = (), before: Cursor | None = None, limit: int = 100
    ) -> list[MediaEntry]:
        """Media that messages of a chat (None: of all) show, newest first; `kinds` such as image narrows them."""
        where, values = "m.media IS NOT NULL", list[object]()
        if chat is not None:
            where += " AND m.chat = ?"
            values.append(chat)
        if before is not None:
            where += " AND (m.timestamp, m.sequence) < (?, ?)"
            values += before
        if kinds:
            where += f" AND f.kind IN ({','.join('?' * len(kinds))})"
        rows = self._rows(where, (*values, *kinds), _NEWEST_FIRST, limit)
        return [MediaEntry(row.media, row.id, row.timestamp, row.sequence) for row in rows if row.media is not None]

    def media_counts(self, chat: int | None = None) -> dict[str, int]:
        """How many media messages show, by kind."""
        where, values = ("", ()) if chat is None else (" WHERE m.chat = ?", (chat,))
        return dict(
            self.connection.execute(
                f"SELECT f.kind, count(*) FROM messages m JOIN media f ON f.id = m.media{where} GROUP BY f.kind", values
            )
        )

    def unknown(self) -> list[tuple[str, str, int]]:
        """(what, which one, count) of all that was not understood."""
        return self.connection.execute(
            "SELECT what, detail, sum(count) FROM unknown GROUP BY what, detail ORDER BY 3 DESC, 1, 2"
        ).fetchall()

    def loose_media(self, chat: int) -> list[MediaEntry]:
        """Files beside a chat that no message of it names."""
        rows = self.connection.execute(_LOOSE, (chat,))
        return [MediaEntry(MediaRow(*row), None, None, None) for row in rows]

    def media_by_id(self, id: int) -> MediaRow | None:
        row = self.connection.execute(f"{_MEDIA} WHERE id = ?", (id,)).fetchone()
        return None if row is None else MediaRow(*row)

    def find_media(self, source_name: str, member: str = "") -> list[MediaRow]:
        """The media that lie in a given file: several where several chats name it."""
        rows = self.connection.execute(
            f"{_MEDIA} WHERE source_name = ? AND member = ? AND source IS NOT NULL ORDER BY id", (source_name, member)
        )
        return [MediaRow(*row) for row in rows]

    def totals(self) -> dict[str, int]:
        """Counts of chats, participants, messages, media (at hand), media_bytes."""
        row = self.connection.execute(
            "SELECT (SELECT count(*) FROM chats), (SELECT count(*) FROM participants),"
            " (SELECT coalesce(sum(messages), 0) FROM chats), count(*), coalesce(sum(size), 0)"
            " FROM media WHERE source IS NOT NULL"
        ).fetchone()
        return dict(zip(("chats", "participants", "messages", "media", "media_bytes"), row, strict=True))

    def _rows(self, where: str, values: Sequence[object], order: str, limit: int) -> list[MessageRow]:
        rows = self.connection.execute(f"{_MESSAGE} WHERE {where} {order}", (*values, limit))
        return [message_row(row) for row in rows]

    def _page(self, chat: int, rows: list[MessageRow], none_older: Cursor | None, none_newer: Cursor | None) -> Page:
        if not rows:
            return Page((), None, None, 0 if none_newer is None else self._place(chat, none_newer) + 1)
        first, last = rows[0].cursor, rows[-1].cursor
        place = self._place(chat, first)
        newer = self.connection.execute(
            "SELECT 1 FROM messages WHERE chat = ? AND (timestamp, sequence) > (?, ?) LIMIT 1", (chat, *last)
        ).fetchone()
        return Page(tuple(rows), first if place else None, last if newer else None, place)

    def _place(self, chat: int, cursor: Cursor) -> int:
        row = self.connection.execute(
            "SELECT count(*) FROM messages WHERE chat = ? AND (timestamp, sequence) < (?, ?)", (chat, *cursor)
        ).fetchone()
        return int(row[0])


def message_row(row: Sequence[Any]) -> MessageRow:
    """A row of the message query → MessageRow."""
    id, chat, timestamp, sequence, kind, sender, name, text, detail, edited, forwarded, starred, origin = row[:13]
    media = MediaRow(*row[13:27]) if row[13] is not None else None
    return MessageRow(
        id, chat, timestamp, sequence, kind, sender, name, text, detail, bool(edited), forwarded, bool(starred), origin,
        media,
    )  # fmt: skip


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


MESSAGE_QUERY = _MESSAGE
