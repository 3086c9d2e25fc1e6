"""Two protobufs of WhatsApp on the iPhone, without a schema: whom a message answers, and who reacted to it."""

import re
from dataclasses import dataclass

from webapp.engine.readers import protobuf
from webapp.engine.readers.protobuf import NotProtobuf, Value

LARGEST = 1 << 20
_JID = re.compile(r"[\w.\-:+]+@[\w.]+")
_STANZA = re.compile(r"[0-9A-Za-z\-_.]{8,64}")
_REACTIONS = 7
_EARLIEST_MS, _LATEST_MS = 1_230_768_000_000, 32_503_680_000_000
LONGEST_EMOJI = 64


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that is answered: its stanza id, its author's jid, the text as it was copied."""

    stanza: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """An emoji; `author` is a jid, empty for the phone's owner; time in milliseconds."""

    emoji: str
    author: str
    timestamp: int | None


def answered(metadata: object) -> Answered | None:
    """From ZWAMEDIAITEM.ZMETADATA: 5 = stanza id, 6 = author, 19.1 = text. None where nothing is answered."""
    found = _message(metadata)
    stanza = _text(protobuf.blob(found, 5))
    if not _STANZA.fullmatch(stanza):
        return None
    author = _text(protobuf.blob(found, 6))
    copied = _message(protobuf.blob(found, 19))
    return Answered(stanza, author if _JID.fullmatch(author) else "", _text(protobuf.blob(copied, 1)))


def reactions(receipt: object) -> list[Reacted]:
    """From ZWAMESSAGEINFO.ZRECEIPTINFO, field 7. Which part of a reaction is what is told by what it looks like, since
    the order differs between one's own and others'."""
    found: list[Reacted] = []
    for value in _message(receipt).get(_REACTIONS, ()):
        for listed in _message(value).values():
            found += [one for entry in listed if (one := _reaction(entry)) is not None]
    return found


def _reaction(entry: Value) -> Reacted | None:
    author, emoji, timestamp = "", "", None
    for values in _message(entry).values():
        for value in values:
            if isinstance(value, int):
                timestamp = value if _EARLIEST_MS <= value <= _LATEST_MS else timestamp
            elif _JID.fullmatch(text := _text(value)):
                author = text
            elif text and len(value) <= LONGEST_EMOJI and not _STANZA.fullmatch(text) and not text.isascii():
                emoji = text
    return Reacted(emoji, author, timestamp) if emoji else None


def _message(data: object) -> dict[int, list[Value]]:
    """The fields, none where the bytes are no protobuf."""
    if not isinstance(data, bytes) or len(data) > LARGEST:
        return {}
    try:
        return protobuf.message(data)
    except NotProtobuf:
        return {}


def _text(data: object) -> str:
    """UTF-8 without control characters, or nothing."""
    if not isinstance(data, bytes):
        return ""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "" if any(ord(letter) < 32 and letter not in "\n\t\r" for letter in text) else text
