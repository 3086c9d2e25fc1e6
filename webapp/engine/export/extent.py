"""How much an export will be, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.engine.archive.queries import Archive

_WHERE = "m.chat = :chat AND (:since IS NULL OR m.timestamp >= :since) AND (:until IS NULL OR m.timestamp < :until)"
_MESSAGES = f"SELECT count(*), min(m.timestamp), max(m.timestamp) FROM messages m WHERE {_WHERE}"
# Media that are written are counted once, those that are missing for every message that names them, as exports list
# them.
_MEDIA = f"""
    SELECT count(DISTINCT f.id) FILTER (WHERE f.source IS NOT NULL), count(*) FILTER (WHERE f.source IS NULL)
    FROM messages m JOIN media f ON f.id = m.media WHERE m.media IS NOT NULL AND {_WHERE}
"""


@dataclass(frozen=True, slots=True)
class Extent:
    """messages, media that will be written, media that chats name and that are not in the backup, and the times of the
    first and last message in milliseconds (None where there is none)."""

    messages: int
    media: int
    missing: int
    first: int | None
    last: int | None


def extent_of_chat(archive: Archive, chat: int, since: int | None, until: int | None) -> Extent:
    """One chat in a half-open range of time; None: no bound on that side."""
    values = {"chat": chat, "since": since, "until": until}
    messages, first, last = archive.connection.execute(_MESSAGES, values).fetchone()
    media, missing = archive.connection.execute(_MEDIA, values).fetchone()
    return Extent(messages, media, missing, first, last)


def extent_of(archive: Archive, chats: Sequence[int] | None, since: int | None, until: int | None) -> Extent:
    """These chats (None: all) in a range of time."""
    chosen = [chat.id for chat in archive.chats()] if chats is None else chats
    parts = [extent_of_chat(archive, chat, since, until) for chat in chosen]
    firsts = [part.first for part in parts if part.first is not None]
    lasts = [part.last for part in parts if part.last is not None]
    return Extent(
        sum(part.messages for part in parts),
        sum(part.media for part in parts),
        sum(part.missing for part in parts),
        min(firsts, default=None),
        max(lasts, default=None),
    )
