"""What hangs on a Signal message: reactions, mentions, cards, link previews, polls, kinds of files."""

import json
import sqlite3

from webapp.engine.readers.details import ContactCard, Link, Mention, Poll, PollOption, PollVote, Reaction
from webapp.engine.readers.events import Kind
from webapp.engine.readers.mime import UNKNOWN
from webapp.engine.readers.signal.people import People

PLACEHOLDER = "\ufffc"
"""Stands in a text for somebody who is mentioned."""

LARGEST_JSON = 1 << 20
MOST_PARTS = 1000
_SHOWN = ("image", "video", "audio")


def reactions(connection: sqlite3.Connection, message: object, people: People) -> list[Reaction]:
    """The reactions to a message, in the order they came."""
    query = (
        "SELECT author_id, emoji, date_sent FROM reaction WHERE message_id = ? AND coalesce(is_mms, 1)"
        " ORDER BY date_sent"
    )
    return [
        Reaction(people.id_of(author), emoji, moment if isinstance(moment, int) else None)
        for author, emoji, moment in connection.execute(query, (message,))
        if isinstance(emoji, str)
    ]


def mentions(connection: sqlite3.Connection, message: object, text: str, people: People) -> tuple[list[Mention], str]:
    """(who is mentioned, the text with their names in it)."""
    if PLACEHOLDER not in text:
        return [], text
    query = "SELECT recipient_id FROM mention WHERE message_id = ? ORDER BY range_start"
    found: list[Mention] = []
    for (number,) in connection.execute(query, (message,)):
        person = people.recipient(number)
        token = f"@{person.name}" if person else "@?"
        found.append(Mention(people.id_of(number), token))
        text = text.replace(PLACEHOLDER, token, 1)
    return found, text


def contact_cards(stored: object) -> list[ContactCard]:
    """The cards of `shared_contacts` (JSON)."""
    cards = []
    for contact in _listed(stored):
        name = contact.get("name")
        parts = name if isinstance(name, dict) else {}
        shown = parts.get("displayName") or " ".join(
            str(parts[part]) for part in ("givenName", "familyName") if isinstance(parts.get(part), str)
        )
        numbers = contact.get("phoneNumbers")
        phones = [
            entry.get("number") for entry in (numbers if isinstance(numbers, list) else []) if isinstance(entry, dict)
        ]
        cards.append(ContactCard(str(shown), "\n".join(phone for phone in phones if isinstance(phone, str))))
    return cards


def link_previews(stored: object) -> list[Link]:
    """The first preview of `link_previews` (JSON): a message has one."""
    for preview in _listed(stored):
        address = preview.get("url")
        if isinstance(address, str) and address:
            title, description = preview.get("title"), preview.get("description")
            return [
                Link(
                    address,
                    title if isinstance(title, str) else "",
                    description if isinstance(description, str) else "",
                )
            ]
    return []


def poll(connection: sqlite3.Connection, message: object, people: People) -> tuple[Poll, str] | None:
    """(the poll of a message, its question); None for most."""
    row = connection.execute(
        "SELECT _id, question, allow_multiple_votes FROM poll WHERE message_id = ?", (message,)
    ).fetchone()
    if row is None:
        return None
    number, question, several = row
    options = connection.execute(
        "SELECT _id, option_text FROM poll_option WHERE poll_id = ? ORDER BY option_order, _id LIMIT ?",
        (number, MOST_PARTS),
    ).fetchall()
    places = {option: place for place, (option, _) in enumerate(options)}
    votes = [
        PollVote(places[option], people.id_of(voter), moment if isinstance(moment, int) else None)
        for option, voter, moment in connection.execute(
            "SELECT poll_option_id, voter_id, date_received FROM poll_vote WHERE poll_id = ?", (number,)
        )
        if option in places
    ]
    answers = tuple(PollOption(text if isinstance(text, str) else "") for _, text in options)
    return Poll(answers, tuple(votes), None if several else 1), question if isinstance(question, str) else ""


def kind_of_file(mime: str, voice: bool, gif: bool, sticker: bool) -> Kind:
    """The kind of message that an attachment makes."""
    family = mime.partition("/")[0]
    if sticker:
        return Kind.STICKER
    if voice:
        return Kind.VOICE
    if gif or mime == "image/gif":
        return Kind.GIF
    if mime in ("text/vcard", "text/x-vcard"):
        return Kind.CONTACT
    return Kind(family) if family in _SHOWN else Kind.DOCUMENT


def type_of_file(stored: object) -> str:
    """The media type a backup gives; nothing that a page could take for a document of its own."""
    if not isinstance(stored, str) or len(stored) > 100:
        return UNKNOWN
    mime = stored.partition(";")[0].strip().lower()
    family, _, name = mime.partition("/")
    if family in _SHOWN and name.replace("-", "").replace(".", "").isalnum() and "svg" not in name:
        return mime
    return mime if mime in ("application/pdf", "text/vcard", "text/plain") else UNKNOWN


def _listed(stored: object) -> list[dict[str, object]]:
    if not isinstance(stored, str) or not 2 < len(stored) <= LARGEST_JSON:
        return []
    try:
        found = json.loads(stored)
    except (ValueError, RecursionError):
        return []
    return [entry for entry in found[:MOST_PARTS] if isinstance(entry, dict)] if isinstance(found, list) else []
