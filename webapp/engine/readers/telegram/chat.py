"""One chat of a Telegram export, message by message → events."""

from collections import Counter
from collections.abc import Iterator
from itertools import count

from webapp.engine.readers.details import Detail, Edit, Mention, Poll, Quote, Reaction
from webapp.engine.readers.events import Chat, ChatEnd, Event, Kind, Message, Participant, Unknown
from webapp.engine.readers.files_by_path import FilesByPath
from webapp.engine.readers.items import Item
from webapp.engine.readers.telegram.chats import Account, ChatHead
from webapp.engine.readers.telegram.message import KNOWN, Json, edited_at, number_of, parsed, sent_at, text_of
from webapp.engine.readers.telegram.service import call_of, event_of, is_call
from webapp.engine.readers.telegram.text import mentions

_ALONE = ("personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes")
_TITLES = {"saved_messages": "Saved Messages", "replies": "Replies", "verification_codes": "Verification Codes"}
MOST_UNNAMED = 200
"""Reactions of one emoji whose authors the export does not name; more of them are only counted."""


class People:
    """Gives each person one participant in all chats; new ones wait in `fresh` until they are told."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._known: dict[str, int] = {}
        self.fresh: list[Participant] = []

    def id_of(self, address: str, name: str) -> int | None:
        key = address or name
        if not key:
            return None
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = next(self._ids)
            self.fresh.append(Participant(number, None, name or "Deleted Account", address=address))
        return number

    def known(self, address: str) -> int | None:
        return self._known.get(address)


class TelegramChat:
    """One chat while it is told."""

    def __init__(
        self,
        number: int,
        origin: int,
        item: Item,
        head: ChatHead,
        account: Account,
        people: People,
        files: FilesByPath,
    ) -> None:
        self._number = number
        self._origin = origin
        self._item = item
        self._head = head
        self._account = account
        self._people = people
        self._files = files
        self._unknown: Counter[tuple[str, str]] = Counter()
        self._writers: set[str] = set()
        self._last = 0
        self._media: list[Event] = []

    def events(self, messages: Iterator[object]) -> Iterator[Event]:
        """Everything of this chat, from Chat to ChatEnd."""
        begun = False
        for sequence, message in enumerate(messages):
            if not isinstance(message, dict):
                self._unknown["message_type", type(message).__name__] += 1
                continue
            if not begun:
                begun = True
                yield self._chat(message)
            told = self._message(message, sequence)
            if self._people.fresh:
                yield from self._people.fresh
                self._people.fresh.clear()
            if self._media:
                yield from self._media
                self._media.clear()
            yield told
        if not begun:
            yield self._chat({})
        for (what, detail), number in sorted(self._unknown.items()):
            yield Unknown(self._number, what, number, detail)
        yield ChatEnd(
            self._number, self._head.type not in _ALONE and (self._head.type != "" or self._many()), self._owner()
        )

    def _many(self) -> bool:
        return len(self._writers) > 2

    def _chat(self, first: Json) -> Chat:
        head = self._head
        moment = sent_at(first)
        title = head.name or _TITLES.get(head.type, "Deleted Account" if head.type in _ALONE else "Telegram")
        address = "" if head.id is None else f"{_address_kind(head.type)}{head.id}"
        floating = moment is not None and moment[1]
        return Chat(
            self._number, title, "telegram", self._item.location, floating, None, origin=self._origin, address=address
        )

    def _owner(self) -> int | None:
        if self._account.user_id is not None:
            return self._people.known(f"user{self._account.user_id}")
        if self._head.type != "personal_chat" or self._head.id is None:
            return None
        own = self._writers - {f"user{self._head.id}"}
        return self._people.known(next(iter(own))) if len(own) == 1 else None

    def _message(self, message: Json, sequence: int) -> Message:
        for key in message.keys() - KNOWN:
            self._unknown["field", str(key)[:100]] += 1
        moment = sent_at(message)
        if moment is None:
            self._unknown["impossible_date", ""] += 1
        else:
            self._last = moment[0]
        number = number_of(message.get("id"))
        key = "" if number is None else str(number)
        details: list[Detail] = []
        self._reactions(message, details)
        match message.get("type"):
            case "service":
                return self._service(message, sequence, key, details)
            case "message" | None:
                return self._written(message, sequence, key, details)
        self._unknown["message_type", text_of(message.get("type"))[:100]] += 1
        found = parsed(message)
        sender = self._person(message, "from")
        return Message(
            self._number,
            sequence,
            self._last,
            Kind.UNKNOWN,
            sender,
            found.text,
            text_of(message.get("type"))[:100],
            key=key,
        )

    def _service(self, message: Json, sequence: int, key: str, details: list[Detail]) -> Message:
        actor = self._person(message, "actor")
        if is_call(message):
            details.append(call_of(message))
            return Message(
                self._number, sequence, self._last, Kind.CALL, actor, "", "", False, None, tuple(details), key
            )
        event, sentence, known = event_of(message, actor)
        if not known:
            self._unknown["system_event", text_of(message.get("action"))[:100]] += 1
        details.append(event)
        return Message(
            self._number, sequence, self._last, Kind.SYSTEM, None, sentence, "", False, None, tuple(details), key
        )

    def _written(self, message: Json, sequence: int, key: str, details: list[Detail]) -> Message:
        sender = self._person(message, "from")
        found = parsed(message)
        details += found.details
        edited = edited_at(message)
        if edited is not None:
            details.append(Edit(edited[0]))
        answered = number_of(message.get("reply_to_message_id"))
        if answered is not None:
            # A message of another chat has a number of that chat.
            details.append(Quote(key="" if "reply_to_peer_id" in message else str(answered)))
        if found.kind is Kind.POLL:
            details.append(Poll(found.options))
        for token in mentions(message.get("text")):
            details.append(Mention(self._people.known(token), token if token.startswith("user") else f"@{token}"))
        medium = None
        if found.has_file:
            item = self._files.find(self._item, found.path) if found.path else None
            file, is_new = self._files.media(
                self._number, item, name=found.name, title=found.title, kind=found.kind, mime=found.mime,
                size=found.size, missing_key=f"{self._origin}/{key}/{sequence}", width=found.width,
                height=found.height, duration=found.duration,
            )  # fmt: skip
            medium = file.id
            if is_new:
                self._media.append(file)
        forwarded = int("forwarded_from" in message or "saved_from" in message)
        return Message(
            self._number, sequence, self._last, found.kind, sender, found.text, found.detail, edited is not None,
            medium, tuple(details), key, forwarded,
        )  # fmt: skip

    def _person(self, message: Json, role: str) -> int | None:
        address, name = text_of(message.get(f"{role}_id")), text_of(message.get(role))
        if address or name:
            self._writers.add(address or name)
        return self._people.id_of(address[:100], name)

    def _reactions(self, message: Json, details: list[Detail]) -> None:
        reactions = message.get("reactions")
        for reaction in reactions if isinstance(reactions, list) else ():
            if not isinstance(reaction, dict):
                continue
            emoji = text_of(reaction.get("emoji")) or ("⭐" if reaction.get("type") == "paid" else "custom emoji")
            recent = reaction.get("recent")
            named = [who for who in (recent if isinstance(recent, list) else []) if isinstance(who, dict)]
            for who in named:
                person = self._people.id_of(text_of(who.get("from_id"))[:100], text_of(who.get("from")))
                details.append(Reaction(person, emoji))
            unnamed = (number_of(reaction.get("count")) or 0) - len(named)
            details += [Reaction(None, emoji)] * min(max(unnamed, 0), MOST_UNNAMED)
            if unnamed > MOST_UNNAMED:
                self._unknown["reaction", "author"] += unnamed - MOST_UNNAMED


def _address_kind(kind: str) -> str:
    if kind in _ALONE:
        return "user"
    return "chat" if kind == "private_group" else "channel"
