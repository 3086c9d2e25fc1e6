"""The chats of one ChatStorage → events. One pass over all messages, in the order of chats and of ZSORT."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain, groupby
from typing import NamedTuple

from webapp.engine.readers.details import Deletion, Detail, Quote, Reaction, SystemEvent
from webapp.engine.readers.events import Chat, ChatEnd, Event, Kind, Media, Message, Unknown
from webapp.engine.readers.files_by_path import FilesByPath
from webapp.engine.readers.foreign_database import DatabaseDamaged, ForeignDatabase
from webapp.engine.readers.items import Item
from webapp.engine.readers.whatsapp_ios.calls import CallRow, calls
from webapp.engine.readers.whatsapp_ios.finding import Known
from webapp.engine.readers.whatsapp_ios.message import DELETED, NOTICES, Row, Told, milliseconds, told
from webapp.engine.readers.whatsapp_ios.metadata import answered, reactions
from webapp.engine.readers.whatsapp_ios.people import People

_M, _F, _I, _S, _G = "ZWAMESSAGE", "ZWAMEDIAITEM", "ZWAMESSAGEINFO", "ZWACHATSESSION", "ZWAGROUPMEMBER"
_MEDIA_FOLDERS = ("Message", "")
_STATUS = ("@status", "@lid.status", "status@broadcast")
_GROUP_ADDRESSES = ("@g.us", "@broadcast", "@newsletter")
# The one notice that every chat begins with; what the others say is not known, so they are counted.
_KNOWN_NOTICES = {(10, 2): ("encrypted", "Messages and calls are end-to-end encrypted.")}
LARGEST_THUMBNAIL = 64 << 10
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")


class _Fields(NamedTuple):
    """One message as selected; untrusted, so every value may be anything."""

    session: object
    number: object
    type: object
    event: object
    mine: object
    date: object
    sent: object
    text: object
    sender: object
    stanza: object
    starred: object
    member: object
    path: object
    title: object
    stated: object
    stated_name: object
    size: object
    duration: object
    latitude: object
    longitude: object
    metadata: object
    thumbnail: object
    receipt: object


class Chats:
    """All that one storage holds."""

    def __init__(
        self,
        origin: int,
        storage: Known,
        database: ForeignDatabase,
        call_history: ForeignDatabase | None,
        people: People,
        files: FilesByPath,
        numbers: Iterator[int],
    ) -> None:
        self._origin = origin
        self._storage = storage
        self._database = database
        self._people = people
        self._files = files
        self._numbers = numbers
        self._calls: defaultdict[str, list[CallRow]] = defaultdict(list)
        if call_history is not None:
            for call in calls(call_history):
                self._calls[call.jid].append(call)

    def events(self) -> Iterator[Event]:
        """Every chat with messages or without; messages of no chat and of statuses are counted."""
        sessions = self._sessions()
        statuses = orphans = 0
        rows = map(_Fields._make, self._database.rows(self._query()))
        for session, messages in groupby(rows, key=lambda row: row.session):
            known = sessions.pop(session, None) if isinstance(session, int) else None
            if known is None:
                orphans += sum(1 for _ in messages)
            elif known[0].endswith(_STATUS):
                statuses += sum(1 for _ in messages)
            else:
                yield from self._chat(session, *known, messages)
        for session, known in sessions.items():
            if not known[0].endswith(_STATUS):
                yield from self._chat(session, *known, iter(()))
        for jid in list(self._calls):
            yield from self._chat(None, jid, self._people.name_of(jid), None, iter(()))
        if orphans:
            yield Unknown(None, "orphan_message", orphans)
        if statuses:
            yield Unknown(None, "status_message", statuses)

    def _query(self) -> str:
        c = self._database.column
        if not {"Z_PK", "ZCHATSESSION", "ZMESSAGETYPE", "ZMESSAGEDATE"} <= self._database.columns(_M):
            raise DatabaseDamaged(self._database.file)
        columns = [c(_M, n) for n in (
            "ZCHATSESSION", "Z_PK", "ZMESSAGETYPE", "ZGROUPEVENTTYPE", "ZISFROMME", "ZMESSAGEDATE", "ZSENTDATE",
            "ZTEXT", "ZFROMJID", "ZSTANZAID", "ZSTARRED",
        )]  # fmt: skip
        joins = ""
        member = "NULL"
        if {"Z_PK", "ZMEMBERJID"} <= self._database.columns(_G) and "ZGROUPMEMBER" in self._database.columns(_M):
            joins += f" LEFT JOIN {_G} ON {_G}.Z_PK = {_M}.ZGROUPMEMBER"
            member = c(_G, "ZMEMBERJID")
        columns.append(member)
        with_media = "Z_PK" in self._database.columns(_F) and "ZMEDIAITEM" in self._database.columns(_M)
        if with_media:
            joins += f" LEFT JOIN {_F} ON {_F}.Z_PK = {_M}.ZMEDIAITEM"
        columns += [c(_F, n) if with_media else "NULL" for n in (
            "ZMEDIALOCALPATH", "ZTITLE", "ZVCARDSTRING", "ZVCARDNAME", "ZFILESIZE", "ZMOVIEDURATION", "ZLATITUDE",
            "ZLONGITUDE", "ZMETADATA", "ZXMPPTHUMBPATH",
        )]  # fmt: skip
        with_info = "Z_PK" in self._database.columns(_I) and "ZMESSAGEINFO" in self._database.columns(_M)
        if with_info:
            joins += f" LEFT JOIN {_I} ON {_I}.Z_PK = {_M}.ZMESSAGEINFO"
        columns.append(c(_I, "ZRECEIPTINFO") if with_info else "NULL")
        order = f"{_M}.ZCHATSESSION, {c(_M, 'ZSORT', f'{_M}.ZMESSAGEDATE')}, {_M}.Z_PK"
        return f"SELECT {', '.join(columns)} FROM {_M}{joins} ORDER BY {order}"

    def _sessions(self) -> dict[int, tuple[str, str, object]]:
        """Z_PK → (jid, name, archived)."""
        c = self._database.column
        columns = ", ".join(c(_S, name) for name in ("ZCONTACTJID", "ZPARTNERNAME", "ZARCHIVED"))
        query = f"SELECT Z_PK, {columns} FROM {_S} ORDER BY Z_PK"
        return {
            number: (_text(jid), _text(name), archived)
            for number, jid, name, archived in self._database.rows(query)
            if isinstance(number, int)
        }

    def _chat(self, session: object, jid: str, name: str, archived: object, rows: Iterator[_Fields]) -> Iterator[Event]:
        number = next(self._numbers)
        group = jid.endswith(_GROUP_ADDRESSES)
        title = name or self._people.name_of(jid) or jid.partition("@")[0] or "WhatsApp"
        yield Chat(
            number, title, "whatsapp", self._storage.item.location, False, None, origin=self._origin, address=jid,
            archived=None if archived is None else bool(archived),
        )  # fmt: skip
        if group and session is not None:
            members = list(self._people.members(self._database, number, session))
            yield from self._fresh()
            yield from members
        unknown: Counter[tuple[str, str]] = Counter()
        count = last = 0
        for sequence, row in enumerate(rows):
            count = sequence + 1
            new: list[Media] = []
            message = self._message(number, sequence, row, jid, new, unknown, last)
            last = message.timestamp
            yield from self._fresh()
            yield from new
            yield message
        for sequence, call in enumerate(self._calls.pop(jid, ()), start=count):
            caller = self._people.id_of(call.jid) if call.incoming else self._people.me()
            yield from self._fresh()
            yield Message(number, sequence, call.timestamp, Kind.CALL, caller, "", details=(call.call,), key=call.key)
        for (what, detail), times in sorted(unknown.items()):
            yield Unknown(number, what, times, detail)
        owner = self._people.me()
        yield from self._fresh()
        yield ChatEnd(number, group, owner)

    def _fresh(self) -> Iterator[Event]:
        fresh, self._people.fresh = self._people.fresh, []
        return chain(fresh)

    def _message(
        self, chat: int, sequence: int, row: _Fields, jid: str, new: list[Media], unknown: Counter[tuple[str, str]],
        last: int,
    ) -> Message:  # fmt: skip
        found = told(_row(row))
        timestamp = milliseconds(row.date)
        if timestamp is None:
            timestamp = milliseconds(row.sent)
        if timestamp is None:
            unknown["impossible_date", ""] += 1
            timestamp = last
        kind = row.type if isinstance(row.type, int) else -1
        if not found.known:
            unknown["message_type", str(kind)] += 1
        sender = self._people.me() if row.mine else self._people.id_of(row.member or row.sender or jid)
        details: list[Detail] = [*found.details]
        if kind in NOTICES:
            event = row.event if isinstance(row.event, int) else 0
            name, found.text = _KNOWN_NOTICES.get((kind, event), (f"notice_{kind}_{event}", found.text))
            if (kind, event) not in _KNOWN_NOTICES:
                unknown["system_event", f"{kind}/{event}"] += 1
            details.append(SystemEvent(name, {"actor": sender} if sender is not None else {}))
            sender = None
        elif kind == DELETED:
            remover = self._people.id_of(row.stated)
            details.append(Deletion(remover if remover is not None else sender))
            found.detail = "self" if row.mine else "other" if remover in (None, sender) else "admin"
        else:
            details += self._hanging_on(row)
        medium = self._medium(chat, row, found, new) if found.has_file else None
        return Message(
            chat, sequence, timestamp, found.kind, sender, found.text, found.detail, False, medium, tuple(details),
            _text(row.stanza), 0, row.starred == 1,
        )  # fmt: skip

    def _hanging_on(self, row: _Fields) -> Iterator[Detail]:
        answer = answered(row.metadata)
        if answer is not None:
            yield Quote(answer.stanza, self._people.id_of(answer.author), text=answer.text)
        for reacted in reactions(row.receipt):
            author = self._people.id_of(reacted.author) if reacted.author else self._people.me()
            yield Reaction(author, reacted.emoji, reacted.timestamp)

    def _medium(self, chat: int, row: _Fields, found: Told, new: list[Media]) -> int:
        path = _text(row.path)
        item = self._find(path)
        medium, is_new = self._files.media(
            chat, item, kind=found.kind, name=found.name, mime=found.mime, missing_key=str(row.number),
            size=row.size if isinstance(row.size, int) and 0 <= row.size < 1 << 53 else 0,
            width=found.width, height=found.height, sha256=found.sha256, thumbnail=self._thumbnail(row.thumbnail),
            duration=row.duration if isinstance(row.duration, int) and 0 < row.duration < 1 << 31 else None,
        )  # fmt: skip
        if is_new:
            new.append(medium)
        return medium.id

    def _find(self, path: str) -> Item | None:
        return self._files.find(self._storage.item, path, _MEDIA_FOLDERS, self._storage.path) if path else None

    def _thumbnail(self, path: object) -> bytes | None:
        item = self._find(_text(path))
        if item is None or item.size > LARGEST_THUMBNAIL:
            return None
        content = item.head(LARGEST_THUMBNAIL)
        return content if content.startswith(_PICTURES) else None


def _row(row: _Fields) -> Row:
    return Row(
        type=row.type if isinstance(row.type, int) else -1,
        text=_text(row.text),
        path=_text(row.path),
        title=_text(row.title),
        stated=_text(row.stated),
        stated_name=_text(row.stated_name),
        latitude=_number(row.latitude),
        longitude=_number(row.longitude),
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and -1e9 < value < 1e9 else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
