"""The outer shape of a Telegram export: one chat, or an account with all of them. Messages come one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.engine.readers.json_stream import JsonStream

_LISTS = ("chats", "left_chats")
_PLAIN = ("name", "type", "id")


@dataclass(slots=True)
class ChatHead:
    """What stands in front of a chat's messages."""

    name: str = ""
    type: str = ""
    id: int | None = None


@dataclass(slots=True)
class Account:
    """Whose export it is, where it says so."""

    user_id: int | None = None


def chats(stream: JsonStream) -> Iterator[tuple[ChatHead, Account, Iterator[object]]]:
    """Every chat with its messages, which must be consumed before the next chat is asked for.

    Raises DamagedJson, ImplausibleJson.
    """
    account = Account()
    head = ChatHead()
    for key in stream.members():
        if key == "messages" and stream.peek() == "[":
            yield head, account, _values(stream, 1)
        elif key in _LISTS and stream.peek() == "{":
            for inner in stream.members(1):
                if inner == "list" and stream.peek() == "[":
                    yield from _listed(stream, account)
                else:
                    stream.skip(2)
        elif key == "personal_information" and stream.peek() == "{":
            for inner in stream.members(1):
                if inner == "user_id":
                    found = stream.value()
                    account.user_id = found if isinstance(found, int) else None
                else:
                    stream.skip(2)
        else:
            _note(stream, key, head, 1)


def _listed(stream: JsonStream, account: Account) -> Iterator[tuple[ChatHead, Account, Iterator[object]]]:
    for _ in stream.elements(2):
        if stream.peek() != "{":
            stream.skip(3)
            continue
        head = ChatHead()
        for key in stream.members(3):
            if key == "messages" and stream.peek() == "[":
                yield head, account, _values(stream, 4)
            else:
                _note(stream, key, head, 4)


def _note(stream: JsonStream, key: str, head: ChatHead, depth: int) -> None:
    if key not in _PLAIN or stream.peek() in ("{", "["):
        stream.skip(depth)
        return
    value = stream.value()
    if key == "id":
        head.id = value if isinstance(value, int) and not isinstance(value, bool) else None
    elif isinstance(value, str):
        setattr(head, key, value)


def _values(stream: JsonStream, depth: int) -> Iterator[object]:
    for _ in stream.elements(depth):
        yield stream.value()
