"""What was found in the files a person chose: the page shows it before anything is backed up."""

import sqlite3
from dataclasses import dataclass, field
from typing import cast

from webapp.engine.readers.events import DateGuess, DateOrder


@dataclass(slots=True)
class FoundChat:
    """One chat. `first` and `last` in milliseconds, None where it has no message; `media` counts files at hand."""

    id: int
    title: str
    app: str
    floating: bool
    date_guess: DateGuess | None
    group: bool = False
    messages: int = 0
    media: int = 0
    participants: int = 0
    first: int | None = None
    last: int | None = None


@dataclass(slots=True)
class Found:
    """Totals of one reading. `media_missing` are files that a message names and nobody gave; sizes in bytes. `unknown`
    counts by what it is, with its detail after a colon ("message_type:112")."""

    chats: list[FoundChat] = field(default_factory=list)
    messages: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    participants: int = 0
    media: int = 0
    media_bytes: int = 0
    media_missing: int = 0
    first: int | None = None
    last: int | None = None
    unknown: dict[str, int] = field(default_factory=dict)

    @property
    def dates_certain(self) -> bool:
        """False where a person should be asked which number is the day."""
        return all(chat.date_guess is None or chat.date_guess.certain for chat in self.chats)


_CHATS = """
    SELECT id, title, app, floating, date_order, date_certain, date_reason, is_group, messages, media,
        (SELECT count(*) FROM members WHERE members.chat = chats.id), first, last
    FROM chats ORDER BY id
"""
_MEDIA = "SELECT count(source), coalesce(sum(size) FILTER (WHERE source IS NOT NULL), 0), count(*) FROM media"


def found_in(archive: sqlite3.Connection) -> Found:
    """What a complete archive holds."""
    chats = [
        FoundChat(id, title, app, bool(floating), _guess(order, certain, reason), bool(group), *totals)
        for id, title, app, floating, order, certain, reason, group, *totals in archive.execute(_CHATS)
    ]
    media, size, named = archive.execute(_MEDIA).fetchone()
    return Found(
        chats=chats,
        messages=sum(chat.messages for chat in chats),
        by_kind=dict(archive.execute("SELECT kind, count(*) FROM messages GROUP BY kind ORDER BY kind")),
        participants=archive.execute("SELECT count(DISTINCT participant) FROM members").fetchone()[0],
        media=media,
        media_bytes=size,
        media_missing=named - media,
        first=min((chat.first for chat in chats if chat.first is not None), default=None),
        last=max((chat.last for chat in chats if chat.last is not None), default=None),
        unknown=dict(
            archive.execute(
                "SELECT what || CASE detail WHEN '' THEN '' ELSE ':' || detail END AS name, sum(count) FROM unknown"
                " GROUP BY name ORDER BY name"
            )
        ),
    )


def _guess(order: str | None, certain: int | None, reason: str | None) -> DateGuess | None:
    return None if order is None else DateGuess(cast(DateOrder, order), bool(certain), reason or "")
