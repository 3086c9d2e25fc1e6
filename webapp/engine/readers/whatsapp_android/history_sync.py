"""`messages.bin` of an increment: HistorySync protobufs, each behind its length → messages.

    HistorySync    2 conversations · 3 statuses (WebMessageInfo)
    Conversation   1 jid · 2 messages, each {1 WebMessageInfo} · 13 name
    WebMessageInfo 1 key {1 chat, 2 from me, 3 id, 4 participant} · 2 content · 3 seconds · 5 participant · 17 starred
                   24 kind of a notice
    content        1 text · 3 picture · 4 contact · 5 place · 6 text with more · 7 document · 8 audio · 9 video
                   12 about another message · 13 contacts · 18 live place · 26 sticker · 28 invitation · 46 reaction
                   49, 60, 64 poll; 31, 37, 40, 53, 55, 58, 59 wrap another content

Numbers that are not here are counted by whoever calls. Times are in seconds.
"""

import base64
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from webapp.engine.readers import protobuf
from webapp.engine.readers.protobuf import NotProtobuf, Value

_WRAPPERS = {31: 2, 37: 1, 40: 1, 53: 1, 55: 1, 58: 1, 59: 1}
_VIEW_ONCE = (37, 55, 59)
_DEEPEST = 6
_POLLS = (49, 60, 64)
_MEDIA = {3: (1, 2, 4, 5, None, 7, 6), 7: (9, 2, 3, 4, None, None, None), 8: (2, 2, 3, 4, 5, None, None),
          9: (3, 2, 3, 4, 5, 10, 9), 26: (20, 5, 2, 9, None, 7, 6)}  # fmt: skip
"""content → message_type, and the fields of MIME, SHA-256, size, seconds, width, height."""
_CAPTION = {3: 3, 7: 20, 9: 7}
_REVOKE, _EDIT = 0, 14


@dataclass(slots=True)
class Synced:
    """One message. `kind` is a message_type, None where the content is not known; `rows` are (table, columns) beside
    it; `about` is the key of another message that this one changes."""

    chat: str
    key: str
    own: bool
    sender: str
    seconds: int
    kind: int | None = None
    text: str = ""
    starred: bool = False
    chat_name: str = ""
    notice: int | None = None
    content: int | None = None
    voice: bool = False
    rows: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    about: str = ""
    change: str = ""


def messages(data: bytes) -> Iterator[Synced]:
    """In order. Raises NotProtobuf where the bytes end in the middle or are something else."""
    at = 0
    while at < len(data):
        length, at = protobuf.varint(data, at)
        if length > len(data) - at:
            raise NotProtobuf("a part is cut off")
        sync = protobuf.message(data[at : at + length])
        at += length
        for conversation in _blobs(sync, 2):
            told = protobuf.message(conversation)
            chat, name = _text(told, 1), _text(told, 13)
            for entry in _blobs(told, 2):
                info = protobuf.blob(protobuf.message(entry), 1)
                if info is not None:
                    yield _message(protobuf.message(info), chat, name)
        for info in _blobs(sync, 3):
            yield _message(protobuf.message(info), "", "")


def _message(info: dict[int, list[Value]], chat: str, name: str) -> Synced:
    key = protobuf.message(protobuf.blob(info, 1) or b"")
    own = bool(protobuf.number(key, 2))
    synced = Synced(
        chat or _text(key, 1),
        _text(key, 3),
        own,
        "" if own else _text(key, 4) or _text(info, 5),
        protobuf.number(info, 3) or 0,
        starred=bool(protobuf.number(info, 17)),
        chat_name=name,
        notice=protobuf.number(info, 24) or None,
    )
    content = protobuf.blob(info, 2)
    if content is not None:
        _read(synced, protobuf.message(content))
    return synced


def _read(synced: Synced, content: dict[int, list[Value]], depth: int = 0, *, once: bool = False) -> None:
    for number, inner in _WRAPPERS.items():
        wrapped = protobuf.blob(content, number)
        if wrapped is not None and depth < _DEEPEST:
            inside = protobuf.blob(protobuf.message(wrapped), inner)
            if inside is not None:
                _read(synced, protobuf.message(inside), depth + 1, once=once or number in _VIEW_ONCE)
                return
    # 2 and 35 go along with everything else.
    synced.content = next((number for number in content if number not in (2, 35)), None)
    if 1 in content or 6 in content:
        synced.kind = 0
        more = protobuf.message(protobuf.blob(content, 6) or b"")
        synced.text = _text(content, 1) or _text(more, 1)
        if _text(more, 2):
            link = {"url": _text(more, 2), "page_title": _text(more, 6), "description": _text(more, 5)}
            synced.rows.append(("message_text", dict(link)))
        _quote(synced, protobuf.blob(more, 17))
    for number in _MEDIA:
        if number in content:
            _medium(synced, number, protobuf.message(protobuf.blob(content, number) or b""), once)
    _rest(synced, content)


def _rest(synced: Synced, content: dict[int, list[Value]]) -> None:
    for number, kind in ((5, 5), (18, 16)):
        if number in content:
            synced.kind = kind
            place = protobuf.message(protobuf.blob(content, number) or b"")
            row: dict[str, object] = {"latitude": _double(place, 1), "longitude": _double(place, 2)}
            if number == 5:
                row |= {"place_name": _text(place, 3), "place_address": _text(place, 4), "url": _text(place, 5)}
            synced.rows.append(("message_location", row))
    if 4 in content:
        synced.kind = 4
        _card(synced, protobuf.blob(content, 4) or b"")
    if 13 in content:
        synced.kind = 14
        for card in _blobs(protobuf.message(protobuf.blob(content, 13) or b""), 2):
            _card(synced, card)
    if 28 in content:
        synced.kind = 24
        invite = protobuf.message(protobuf.blob(content, 28) or b"")
        synced.rows.append(("message_group_invite", {"group_name": _text(invite, 4), "invite_code": _text(invite, 2)}))
    for number in _POLLS:
        if number in content:
            synced.kind = 66
            poll = protobuf.message(protobuf.blob(content, number) or b"")
            synced.text = _text(poll, 2)
            synced.rows.append(("message_poll", {"selectable_options_count": protobuf.number(poll, 4)}))
            for option in _blobs(poll, 3):
                synced.rows.append(("message_poll_option", {"option_name": _text(protobuf.message(option), 1)}))
    if 46 in content:
        reaction = protobuf.message(protobuf.blob(content, 46) or b"")
        synced.about, synced.change = _key(reaction), "reaction"
        synced.text = _text(reaction, 2)
    if 12 in content:
        protocol = protobuf.message(protobuf.blob(content, 12) or b"")
        kind = protobuf.number(protocol, 2) or 0
        if kind == _REVOKE:
            synced.about, synced.change = _key(protocol), "revoke"
        elif kind == _EDIT:
            edited = Synced(synced.chat, "", synced.own, "", 0)
            _read(edited, protobuf.message(protobuf.blob(protocol, 14) or b""), _DEEPEST)
            synced.about, synced.change, synced.text = _key(protocol), "edit", edited.text


def _medium(synced: Synced, number: int, medium: dict[int, list[Value]], once: bool) -> None:
    kind, mime, digest, size, seconds, width, height = _MEDIA[number]
    assert kind is not None
    assert mime is not None
    assert digest is not None
    assert size is not None
    if number == 9 and protobuf.number(medium, 8):
        kind = 13
    if once:
        kind = {1: 42, 3: 43, 2: 82}.get(kind, kind)
    synced.kind, synced.voice = kind, number == 8 and bool(protobuf.number(medium, 6))
    if number in _CAPTION:
        synced.text = _text(medium, _CAPTION[number])
    sha256 = protobuf.blob(medium, digest) or b""
    row: dict[str, object] = {
        "mime_type": _text(medium, mime),
        "file_hash": base64.b64encode(sha256).decode() if sha256 else None,
        "file_size": protobuf.number(medium, size),
        "file_length": protobuf.number(medium, size),
    }
    for column, place in (("media_duration", seconds), ("width", width), ("height", height)):
        if place is not None:
            row[column] = protobuf.number(medium, place)
    if number == 7:
        row |= {"media_name": _text(medium, 8) or _text(medium, 3), "page_count": protobuf.number(medium, 6)}
    synced.rows.append(("message_media", row))
    _quote(synced, protobuf.blob(medium, 17))


def _quote(synced: Synced, context: bytes | None) -> None:
    """What this message answers, as it was copied."""
    if context is None:
        return
    told = protobuf.message(context)
    if protobuf.number(told, 21):
        synced.rows.append(("message_forwarded", {"forward_score": protobuf.number(told, 21)}))
    if _text(told, 1):
        quoted = Synced(synced.chat, "", False, "", 0)
        _read(quoted, protobuf.message(protobuf.blob(told, 3) or b""), _DEEPEST)
        row: dict[str, object] = {"key_id": _text(told, 1), "text_data": quoted.text, "message_type": quoted.kind or 0}
        synced.rows.append(("message_quoted", row | {"sender": _text(told, 2)}))


def _card(synced: Synced, card: bytes) -> None:
    synced.rows.append(("message_vcard", {"vcard": _text(protobuf.message(card), 16)}))


def _key(found: dict[int, list[Value]]) -> str:
    return _text(protobuf.message(protobuf.blob(found, 1) or b""), 3)


def _blobs(found: dict[int, list[Value]], number: int) -> Iterator[bytes]:
    return (value for value in found.get(number, ()) if isinstance(value, bytes))


def _text(found: dict[int, list[Value]], number: int) -> str:
    return (protobuf.blob(found, number) or b"").decode("utf-8", "replace")


def _double(found: dict[int, list[Value]], number: int) -> float | None:
    data = protobuf.blob(found, number)
    return struct.unpack("<d", data)[0] if data is not None and len(data) == 8 else None
