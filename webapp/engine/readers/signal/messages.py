"""The private database of a Signal backup → events, chat by chat."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from webapp.engine.readers.details import Call, Deletion, Detail, Edit, InAlbum, Quote, SystemEvent
from webapp.engine.readers.events import Chat, ChatEnd, Event, Kind, Media, Message, Unknown
from webapp.engine.readers.items import Item
from webapp.engine.readers.signal import parts
from webapp.engine.readers.signal.attachment import AttachmentSeal
from webapp.engine.readers.signal.people import People
from webapp.engine.readers.signal.types import BASE_MASK, GROUP_CALL, call_of, is_known, is_outgoing, system_of

_COLUMNS = (
    "_id, coalesce(date_sent, date, date_received, 0), coalesce(from_recipient_id, recipient_id, address),"
    " coalesce(type, msg_box, 0), body, quote_id, quote_author, quote_body, shared_contacts, link_previews, view_once,"
    " remote_deleted, deleted_by, original_message_id"
)
# `sms` rows are of older versions, which kept the two kinds apart; a revision that was replaced is told as an edit.
_MESSAGES = (
    f"SELECT 0, {_COLUMNS} FROM message WHERE thread_id = ?1 AND latest_revision_id IS NULL"
    f" UNION ALL SELECT 1, {_COLUMNS} FROM sms WHERE thread_id = ?1 ORDER BY 3, 2"
)
_LATEST = 32_503_680_000_000


@dataclass(slots=True)
class Ids:
    """The numbers that one reading gives out."""

    chats: Iterator[int] = field(default_factory=lambda: count(1))
    people: Iterator[int] = field(default_factory=lambda: count(1))
    media: Iterator[int] = field(default_factory=lambda: count(1))


@dataclass(slots=True)
class Messages:
    """Everything of one opened backup."""

    item: Item
    origin: int
    connection: sqlite3.Connection
    seals: Mapping[int, AttachmentSeal]
    refused: int

    def events(self, ids: Ids) -> Iterator[Event]:
        """Every chat, then what was not understood. `ids`: shared by all backups of one reading."""
        people = People(self.connection, ids.people)
        owner = self._owner()
        threads = self.connection.execute(
            "SELECT _id, coalesce(recipient_id, thread_recipient_id), archived, pinned FROM thread ORDER BY _id"
        ).fetchall()
        told: set[object] = set()
        for thread, recipient, archived, pinned in threads:
            if not isinstance(thread, int) or thread in told:
                continue
            told.add(thread)
            yield from self._chat(
                next(ids.chats), thread, recipient, bool(archived), bool(pinned), people, owner, ids.media
            )
        orphans = self.connection.execute(
            "SELECT (SELECT count(*) FROM message WHERE thread_id IS NULL OR thread_id NOT IN (SELECT _id FROM thread))"
            " + (SELECT count(*) FROM sms WHERE thread_id IS NULL OR thread_id NOT IN (SELECT _id FROM thread))"
        ).fetchone()[0]
        if orphans:
            yield Unknown(None, "orphan_message", orphans)
        if self.refused:
            yield Unknown(None, "statement", self.refused)

    def _owner(self) -> object:
        """Whoever wrote what went out: newer versions put their own recipient there."""
        row = self.connection.execute(
            "SELECT from_recipient_id FROM message WHERE (type & 31) IN (21, 22, 23, 24)"
            " AND from_recipient_id IS NOT NULL LIMIT 1"
        ).fetchone()
        return row[0] if row else None

    def _chat(
        self, number: int, thread: int, recipient: object, archived: bool, pinned: bool, people: People, owner: object,
        media: Iterator[int],
    ) -> Iterator[Event]:  # fmt: skip
        partner = people.recipient(recipient)
        group = partner is not None and partner.group != ""
        muted = partner.muted_until if partner else 0
        yield Chat(
            number, partner.name if partner else "Signal", "signal", self.item.location, False, None,
            origin=self.origin, address=partner.address if partner else "", archived=archived, pinned=pinned,
            muted_until=-1 if muted > _LATEST else muted,
        )  # fmt: skip
        if partner is not None and group:
            members = list(people.members(self.connection, number, partner.group))
            yield from _taken(people)
            yield from members
        unknown: Counter[tuple[str, str]] = Counter()
        rows = self.connection.execute(_MESSAGES, (thread,))
        sequence = -1
        for row in rows:
            sequence += 1
            new: list[Media] = []
            message = self._message(number, sequence, row, people, owner, new, media, unknown)
            yield from _taken(people)
            yield from new
            yield message
            # A message has one file; the further ones follow as its album.
            for place, file in enumerate(new[1:], start=1):
                album = (InAlbum(message.key),)
                key = f"{message.key}#{place}"
                sequence += 1
                yield Message(
                    number, sequence, message.timestamp, file.kind, message.sender, "", message.detail, media=file.id,
                    details=album, key=key,
                )  # fmt: skip
        for (what, detail), times in sorted(unknown.items()):
            yield Unknown(number, what, times, detail)
        yield ChatEnd(number, group, people.id_of(owner))

    def _message(
        self, chat: int, sequence: int, row: tuple[object, ...], people: People, owner: object, new: list[Media],
        ids: Iterator[int], unknown: Counter[tuple[str, str]],
    ) -> Message:  # fmt: skip
        (old, number, sent, author, kind, body, quote_id, quote_author, quote_body, contacts, links, once, removed,
         deleted_by, original) = row  # fmt: skip
        kind = kind if isinstance(kind, int) else 0
        text = body if isinstance(body, str) else ""
        if is_outgoing(kind) and owner is not None:
            author = owner
        sender = people.id_of(author)
        details: list[Detail] = []
        sent = self._edits(original, number, sent, text, details) if not old else sent
        timestamp = sent if isinstance(sent, int) and 0 <= sent < _LATEST else 0
        key = f"{timestamp}:{people.address_of(author)}"
        if not is_known(kind):
            unknown["message_type", str(kind & BASE_MASK)] += 1
        call, system = call_of(kind), system_of(kind)
        if call is not None:
            details.append(self._call(number, kind, call))
            return Message(chat, sequence, timestamp, Kind.CALL, sender, "", details=tuple(details), key=key)
        if system is not None:
            details.append(SystemEvent(system[0], {"actor": sender} if sender is not None else {}))
            return Message(chat, sequence, timestamp, Kind.SYSTEM, None, system[1], details=tuple(details), key=key)
        if removed or (isinstance(deleted_by, int) and deleted_by > 0):
            remover = people.id_of(deleted_by) if deleted_by else sender
            details.append(Deletion(remover))
            detail = "self" if owner is not None and remover == people.id_of(owner) else "other"
            return Message(chat, sequence, timestamp, Kind.DELETED, sender, "", detail, details=tuple(details), key=key)
        if not old:
            details += parts.reactions(self.connection, number, people)
            mentioned, text = parts.mentions(self.connection, number, text, people)
            details += mentioned
        if isinstance(quote_id, int) and quote_id > 0:
            details.append(
                Quote(f"{quote_id}:{people.address_of(quote_author)}", people.id_of(quote_author),
                      text=quote_body if isinstance(quote_body, str) else "", timestamp=quote_id)
            )  # fmt: skip
        details += parts.contact_cards(contacts)
        details += parts.link_previews(links)
        found = Kind.CONTACT if contacts and not text else Kind.TEXT
        poll = None if old else parts.poll(self.connection, number, people)
        if poll is not None:
            details.append(poll[0])
            found, text = Kind.POLL, poll[1] or text
        files = [] if old else self._files(chat, number, ids)
        new += files
        edited = any(isinstance(detail, Edit) for detail in details)
        if files:
            found = files[0].kind
        return Message(
            chat, sequence, timestamp, found, sender, text, "view_once" if once else "", edited,
            files[0].id if files else None, tuple(details), key,
        )  # fmt: skip

    def _edits(self, original: object, number: object, sent: object, text: str, details: list[Detail]) -> object:
        """The earlier texts of a message; its time is that of the first."""
        if not isinstance(original, int):
            return sent
        rows = self.connection.execute(
            "SELECT date_sent, body FROM message WHERE latest_revision_id = ? ORDER BY date_sent, _id", (number,)
        ).fetchall()
        moments = [moment for moment, _ in rows[1:]] + [sent]
        for (_, before), moment in zip(rows, moments, strict=True):
            details.append(
                Edit(moment if isinstance(moment, int) else None, before if isinstance(before, str) else None)
            )
        return rows[0][0] if rows else sent

    def _call(self, number: object, kind: int, call: tuple[bool, bool]) -> Call:
        video, missed = call
        group = kind & BASE_MASK == GROUP_CALL
        row = self.connection.execute("SELECT event FROM call WHERE message_id = ?", (number,)).fetchone()
        match row[0] if row else None:
            case 1:
                return Call(video, "answered", group=group)
            case 2:
                return Call(video, "declined", group=group)
            case 3:
                return Call(video, "missed", group=group)
        return Call(video, "missed" if missed else "unknown", group=group)

    def _files(self, chat: int, number: object, ids: Iterator[int]) -> list[Media]:
        rows = self.connection.execute(
            "SELECT _id, coalesce(content_type, ct), file_name, data_size, voice_note, video_gif, width, height,"
            " sticker_emoji, sticker_id FROM attachment WHERE coalesce(message_id, mid) = ? AND coalesce(quote, 0) = 0"
            " ORDER BY display_order, _id", (number,),
        )  # fmt: skip
        return [self._file(next(ids), chat, row) for row in rows]

    def _file(self, medium: int, chat: int, row: tuple[object, ...]) -> Media:
        identity, mime, name, size, voice, gif, width, height, emoji, sticker = row
        mime = parts.type_of_file(mime)
        seal = self.seals.get(identity) if isinstance(identity, int) else None
        kind = parts.kind_of_file(mime, bool(voice), bool(gif), isinstance(sticker, int) and sticker >= 0)
        return Media(
            id=medium,
            chat=chat,
            source=self.item.source_index if seal else None,
            source_name=self.item.source.name if seal else "",
            member=self.item.path if seal and self.item.member else "",
            name=name if isinstance(name, str) else "",
            title=emoji if isinstance(emoji, str) else "",
            kind=kind,
            mime=mime,
            size=seal.length if seal else size if isinstance(size, int) and 0 <= size < 1 << 53 else 0,
            width=width if isinstance(width, int) and width > 0 else None,
            height=height if isinstance(height, int) and height > 0 else None,
            seal=seal.to_text() if seal else "",
        )


def _taken(people: People) -> Iterator[Event]:
    yield from people.fresh
    people.fresh.clear()
