"""One row of ZWAMESSAGE with its medium → kind, text, and what hangs on it. Pure: no files, no ids."""

import re
from dataclasses import dataclass, field

from webapp.engine.readers.details import ContactCard, Link, Place
from webapp.engine.readers.events import Kind

APPLE_EPOCH = 978_307_200
"""Unix seconds of 2001-01-01, from which an iPhone counts."""

NOTICES = (6, 10)
DELETED = 14
_KINDS = {
    0: Kind.TEXT,
    1: Kind.IMAGE,
    2: Kind.VIDEO,
    3: Kind.VOICE,
    4: Kind.CONTACT,
    5: Kind.LOCATION,
    6: Kind.SYSTEM,
    7: Kind.TEXT,
    8: Kind.DOCUMENT,
    10: Kind.SYSTEM,
    11: Kind.GIF,
    14: Kind.DELETED,
    15: Kind.STICKER,
    38: Kind.IMAGE,
    39: Kind.VIDEO,
    46: Kind.POLL,
}
_LINK = 7
_VIEW_ONCE = (38, 39)
_WITH_FILE = (Kind.IMAGE, Kind.VIDEO, Kind.VOICE, Kind.AUDIO, Kind.DOCUMENT, Kind.GIF, Kind.STICKER)
_ADDRESS = re.compile(r"https?://\S{1,2000}")
_MIME = re.compile(r"[a-z]+/[\w.+\-]{1,80}")
_SHA256 = re.compile(r"[A-Za-z0-9+/]{43}=")
_NAME_LINE = re.compile(r"^FN[^:\r\n]*:(.*)$", re.MULTILINE)
_PHONE_LINE = re.compile(r"^(?:item\d+\.)?TEL[^:\r\n]*:(.*)$", re.MULTILINE)
LONGEST_CARD = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """What is read of a message. Times in seconds since 2001; texts may be None."""

    type: int
    text: str
    path: str
    title: str
    stated: str
    """ZVCARDSTRING: MIME type, vCard or jid, by the type of the message."""

    stated_name: str
    """ZVCARDNAME: the name of a card, or the SHA-256 of a file."""

    latitude: float | None
    longitude: float | None


@dataclass(slots=True)
class Told:
    """What a row means. `known` is False for types that are counted."""

    kind: Kind
    text: str
    detail: str = ""
    known: bool = True
    has_file: bool = False
    name: str = ""
    mime: str = ""
    sha256: str = ""
    width: int | None = None
    height: int | None = None
    details: list[Link | Place | ContactCard] = field(default_factory=list)


def told(row: Row) -> Told:
    """The meaning of one row."""
    kind = _KINDS.get(row.type)
    found = Told(kind or Kind.UNKNOWN, row.text, known=kind is not None)
    if kind is None and row.path:
        found.kind = _kind_of_type(row.stated)
    if found.kind in _WITH_FILE:
        _file(row, found)
    elif kind is None:
        found.detail = str(row.type)
        found.text = row.text or row.title
    elif row.type == _LINK:
        address = _ADDRESS.search(row.text)
        if address is not None:
            found.details.append(Link(address[0], row.title))
    elif kind is Kind.CONTACT:
        found.details.append(_card(row))
        found.text = row.text or found.details[0].name  # type: ignore[union-attr]
    elif kind is Kind.LOCATION:
        if row.latitude is not None and row.longitude is not None:
            found.details.append(Place(row.latitude, row.longitude, row.title))
    elif kind is Kind.POLL:
        found.text = row.text or row.title
    elif kind is Kind.SYSTEM:
        found.text = row.text or "A notice of WhatsApp"
    elif kind is Kind.DELETED:
        found.text = ""
    if row.type in _VIEW_ONCE:
        found.detail = "view_once"
    return found


def milliseconds(apple: object) -> int | None:
    """Seconds since 2001 → milliseconds since 1970; None for nothing and for the impossible."""
    if not isinstance(apple, int | float) or apple == 0 or not -1e9 < apple < 3e10:
        return None
    return round((apple + APPLE_EPOCH) * 1000)


def _file(row: Row, found: Told) -> None:
    found.has_file = True
    found.mime = row.stated if _MIME.fullmatch(row.stated) else ""
    found.sha256 = row.stated_name if _SHA256.fullmatch(row.stated_name) else ""
    if found.kind is Kind.DOCUMENT:
        found.name = row.title or row.path.rpartition("/")[2]
    else:
        found.name = row.path.rpartition("/")[2]
        found.text = row.text or row.title
    if found.kind in (Kind.IMAGE, Kind.VIDEO, Kind.GIF, Kind.STICKER):
        # For pictures these two fields hold pixels.
        found.width, found.height = _pixels(row.latitude), _pixels(row.longitude)


def _pixels(value: float | None) -> int | None:
    return int(value) if value is not None and 1 <= value <= 100_000 else None


def _kind_of_type(mime: str) -> Kind:
    family = mime.partition("/")[0]
    return Kind(family) if family in ("image", "video", "audio") else Kind.DOCUMENT


def _card(row: Row) -> ContactCard:
    card = row.stated[:LONGEST_CARD]
    named = _NAME_LINE.search(card)
    name = row.stated_name or row.title or (named[1].strip() if named else "")
    return ContactCard(name, "\n".join(phone.strip() for phone in _PHONE_LINE.findall(card)[:100]), card)
