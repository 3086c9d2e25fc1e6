"""Our own increments to a WhatsApp database: changed rows as JSON, new messages as HistorySync protobufs."""

import json
import struct
from collections.abc import Mapping, Sequence

from tests.fixtures_crypt import field, varint
from tests.fixtures_export import zip_of

ANN = "999111@s.whatsapp.net"
WALK = "120363@g.us"


def key(identity: str, chat: str = ANN, *, own: bool = False, sender: str = "") -> bytes:
    return (
        field(1, chat.encode()) + field(2, int(own)) + field(3, identity.encode())
        + (field(4, sender.encode()) if sender else b"")
    )  # fmt: skip


def info(
    identity: str, seconds: int, content: bytes, chat: str = ANN, *, own: bool = False, sender: str = "",
    more: bytes = b"",
) -> bytes:  # fmt: skip
    """One WebMessageInfo."""
    return field(1, key(identity, chat, own=own, sender=sender)) + field(2, content) + field(3, seconds) + more


def text(words: str) -> bytes:
    return field(1, words.encode())


def answer(words: str, to: str, quoted: str) -> bytes:
    context = field(1, to.encode()) + field(3, text(quoted))
    return field(6, field(1, words.encode()) + field(17, context))


def picture(caption: str) -> bytes:
    return field(3, field(2, b"image/jpeg") + field(3, caption.encode()) + field(4, bytes(32)) + field(5, 1234))


def place(latitude: float, longitude: float, name: str) -> bytes:
    def double(number: int, value: float) -> bytes:
        return varint(number << 3 | 1) + struct.pack("<d", value)

    return field(5, double(1, latitude) + double(2, longitude) + field(3, name.encode()))


def poll(question: str, *options: str) -> bytes:
    made = b"".join(field(3, field(1, option.encode())) for option in options)
    return field(49, field(2, question.encode()) + made + field(4, 1))


def reaction(to: str, emoji: str) -> bytes:
    return field(46, field(1, key(to)) + field(2, emoji.encode()))


def revoked(what: str) -> bytes:
    return field(12, field(1, key(what)) + field(2, 0))


def edited(what: str, words: str) -> bytes:
    return field(12, field(1, key(what)) + field(2, 14) + field(14, text(words)))


def wrapped(number: int, content: bytes) -> bytes:
    return field(number, field(1, content))


def history(*conversations: tuple[str, str, Sequence[bytes]]) -> bytes:
    """One HistorySync behind its length: (jid, name, messages) each."""
    sync = field(1, 0)
    for chat, name, infos in conversations:
        entries = b"".join(field(2, field(1, one) + field(2, 1)) for one in infos)
        sync += field(2, field(1, chat.encode()) + entries + (field(13, name.encode()) if name else b""))
    return varint(len(sync)) + sync


def increment(
    tables: Sequence[Mapping[str, Sequence[Mapping[str, object]]]] = (), messages: bytes | None = None,
    more: Mapping[str, bytes] = {},
) -> bytes:  # fmt: skip
    """The zip inside an increment. Each of `tables` is one file, in their order."""
    files = {"header.json": b'{"version": 1}'}
    for number, rows in enumerate(tables):
        files[f"{next(iter(rows))}_modified_{number}.json"] = json.dumps(rows).encode()
    if messages is not None:
        files["messages.bin"] = messages
    return zip_of(files | dict(more))
