"""One message of a Telegram export, as parsed from JSON, → kind, text and what hangs on it. Pure: no files, no ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from webapp.engine.readers.details import Call, ContactCard, Place, PollOption
from webapp.engine.readers.events import Kind
from webapp.engine.readers.telegram.text import plain

Json = Mapping[str, object]

_KIND_OF_MEDIA = {
    "sticker": Kind.STICKER,
    "video_message": Kind.VIDEO,
    "voice_message": Kind.VOICE,
    "animation": Kind.GIF,
    "video_file": Kind.VIDEO,
    "audio_file": Kind.AUDIO,
}
LATEST = 32_503_680_000
"""Unix seconds of the year 3000: no message is later."""

_FIELDS = """
id type date date_unixtime edited edited_unixtime from from_id actor actor_id action text text_entities
reply_to_message_id reply_to_peer_id forwarded_from forwarded_from_id saved_from saved_from_id via_bot author photo
photo_file_size width height file file_name file_size thumbnail thumbnail_file_size media_type sticker_emoji mime_type
duration_seconds performer title contact_information contact_vcard contact_vcard_file_size location_information
live_location_period_seconds place_name address poll self_destruct_period_seconds reactions media_spoiler discard_reason
members inviter message_id new_title icon_emoji_id
"""
KNOWN = frozenset(_FIELDS.split())
"""Fields that are read, or say nothing that a person would miss; others are counted."""


@dataclass(slots=True)
class Parsed:
    """What a message holds. `path` of a file is relative to the export, empty where it was left out; size in bytes."""

    kind: Kind
    text: str
    detail: str = ""
    details: list[Place | ContactCard | Call] = field(default_factory=list)
    has_file: bool = False
    path: str = ""
    name: str = ""
    title: str = ""
    mime: str = ""
    size: int = 0
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    options: tuple[PollOption, ...] = ()


def parsed(message: Json) -> Parsed:
    """A message of type `message`: what a person wrote or sent."""
    found = Parsed(Kind.TEXT, plain(message.get("text")))
    if "photo" in message:
        _file(message, found, "photo", Kind.IMAGE)
    elif "file" in message or "media_type" in message:
        kind = _KIND_OF_MEDIA.get(text_of(message.get("media_type")), Kind.DOCUMENT)
        _file(message, found, "file", kind)
    elif isinstance(contact := message.get("contact_information"), dict):
        found.kind = Kind.CONTACT
        name = " ".join(filter(None, (text_of(contact.get("first_name")), text_of(contact.get("last_name")))))
        found.details.append(ContactCard(name, text_of(contact.get("phone_number"))))
        found.text = found.text or name
    elif isinstance(place := message.get("location_information"), dict):
        _place(message, place, found)
    elif isinstance(poll := message.get("poll"), dict):
        found.kind = Kind.POLL
        found.text = plain(poll.get("question"))
        found.options = tuple(_options(poll.get("answers")))
    if message.get("self_destruct_period_seconds"):
        found.detail = "view_once"
    return found


def sent_at(message: Json) -> tuple[int, bool] | None:
    """(milliseconds, whether they are the wall clock of an unknown zone); None where the message has no time."""
    return _moment(message.get("date_unixtime"), message.get("date"))


def edited_at(message: Json) -> tuple[int, bool] | None:
    """When it was edited last, as `sent_at`; None: never."""
    return _moment(message.get("edited_unixtime"), message.get("edited"))


def text_of(value: object) -> str:
    """A string as it is, anything else as nothing."""
    return value if isinstance(value, str) else ""


def number_of(value: object) -> int | None:
    """A whole number from 0 up to 2⁵³, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53 else None


def _file(message: Json, found: Parsed, key: str, kind: Kind) -> None:
    path = text_of(message.get(key))
    found.kind = kind
    found.has_file = True
    # Where a file was left out, a sentence in brackets stands in place of its path.
    found.path = "" if path.startswith("(") else path
    found.name = text_of(message.get("file_name")) or found.path.rpartition("/")[2]
    performer, title = text_of(message.get("performer")), text_of(message.get("title"))
    found.title = " – ".join(filter(None, (performer, title)))
    if kind is Kind.STICKER:
        found.title = text_of(message.get("sticker_emoji"))
    found.mime = text_of(message.get("mime_type"))
    found.size = number_of(message.get("photo_file_size" if key == "photo" else "file_size")) or 0
    found.width, found.height = number_of(message.get("width")), number_of(message.get("height"))
    found.duration = number_of(message.get("duration_seconds"))


def _place(message: Json, place: Json, found: Parsed) -> None:
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        live = number_of(message.get("live_location_period_seconds"))
        found.kind = Kind.LIVE_LOCATION if live else Kind.LOCATION
        name, address = text_of(message.get("place_name")), text_of(message.get("address"))
        found.details.append(Place(float(latitude), float(longitude), name, address, live_seconds=live))


def _options(answers: object) -> list[PollOption]:
    return [
        PollOption(plain(answer.get("text")), number_of(answer.get("voters")))
        for answer in (answers if isinstance(answers, list) else [])
        if isinstance(answer, dict)
    ]


def _moment(seconds: object, wall_clock: object) -> tuple[int, bool] | None:
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit() and len(seconds) < 12:
        seconds = int(seconds)
    exact = number_of(seconds)
    if exact is not None and exact <= LATEST:
        return exact * 1000, False
    try:
        local = datetime.fromisoformat(text_of(wall_clock)[:19])
        return int(local.replace(tzinfo=UTC).timestamp() * 1000), True
    except (ValueError, OverflowError):
        return None
