"""Reads the side tables: what hangs on a page of messages, one query a table."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from webapp.engine.archive.albums import IN_ALBUMS
from webapp.engine.archive.rows import (
    DeletionRow,
    MentionRow,
    MessageDetails,
    OptionRow,
    PollRow,
    QuoteRow,
    ReactionRow,
    VoteRow,
)
from webapp.engine.readers.details import (
    Call,
    ContactCard,
    Edit,
    Invite,
    Link,
    Place,
    PlannedEvent,
    SystemEvent,
)

AT_ONCE = 500
"""Ids a query: far below SQLite's limit of parameters."""

_NAME = "coalesce((SELECT name FROM participants p WHERE p.id = t.participant), '')"
_QUOTES = """
    SELECT t.message, t.quoted, coalesce(t.sender, q.sender),
        coalesce(s.name, nullif(t.sender_name, ''), (SELECT name FROM participants WHERE id = q.sender), ''),
        coalesce(nullif(t.text, ''), q.text, ''), coalesce(q.kind, t.kind), coalesce(q.timestamp, t.timestamp)
    FROM quotes t LEFT JOIN messages q ON q.id = t.quoted LEFT JOIN participants s ON s.id = t.sender
"""
_REACTIONS = f"SELECT t.message, t.participant, {_NAME}, t.emoji, t.timestamp FROM reactions t"
_MENTIONS = f"SELECT t.message, t.participant, {_NAME}, t.token FROM mentions t"
_DELETIONS = f"SELECT t.message, t.participant, {_NAME}, t.timestamp FROM deletions t"
_CALLS = "SELECT message, video, outcome, seconds, is_group FROM calls t"
_PLANNED = "SELECT message, description, place, starts, ends, cancelled FROM planned_events t"
_VOTES = f"SELECT t.message, t.option, t.participant, {_NAME}, t.timestamp FROM poll_votes t"


def details_of(connection: sqlite3.Connection, messages: Sequence[int]) -> dict[int, MessageDetails]:
    """Details by message id; messages that have none are left out."""
    found: dict[int, MessageDetails] = defaultdict(MessageDetails)
    for start in range(0, len(messages), AT_ONCE):
        _fill(connection, messages[start : start + AT_ONCE], found)
    return dict(found)


def _fill(connection: sqlite3.Connection, messages: Sequence[int], found: dict[int, MessageDetails]) -> None:
    marks = ",".join("?" * len(messages))

    def rows(query: str, order: str = "") -> Iterator[tuple[int, Any]]:
        for message, *values in connection.execute(f"{query} WHERE t.message IN ({marks}){order}", messages):
            yield message, values

    for message, values in rows(_QUOTES):
        found[message].quote = QuoteRow(*values)
    for message, values in rows(_REACTIONS, " ORDER BY t.rowid"):
        found[message].reactions.append(ReactionRow(*values))
    for message, values in rows(_MENTIONS, " ORDER BY t.rowid"):
        found[message].mentions.append(MentionRow(*values))
    for message, values in rows("SELECT message, timestamp, text FROM edits t", " ORDER BY t.timestamp, t.rowid"):
        found[message].edits.append(Edit(*values))
    for message, values in rows(_DELETIONS):
        found[message].deletion = DeletionRow(*values)
    for message, (video, outcome, seconds, group) in rows(_CALLS):
        found[message].call = Call(bool(video), outcome, seconds, bool(group))
    for message, values in rows("SELECT message, latitude, longitude, name, address, url, live_seconds FROM places t"):
        found[message].place = Place(*values)
    for message, values in rows("SELECT message, name, phones, vcard FROM contact_cards t", " ORDER BY t.rowid"):
        found[message].contacts.append(ContactCard(*values))
    for message, values in rows("SELECT message, url, title, description FROM links t"):
        found[message].link = Link(*values)
    for message, (album, tile) in rows(IN_ALBUMS):
        found[message].album, found[message].tile = album, bool(tile)
    for message, (about, place, starts, ends, cancelled) in rows(_PLANNED):
        found[message].planned_event = PlannedEvent(about, place, starts, ends, bool(cancelled))
    for message, values in rows("SELECT message, title, address, expires FROM invites t"):
        found[message].invite = Invite(*values)
    for message, (event, arguments) in rows("SELECT message, event, arguments FROM system_events t"):
        found[message].system_event = SystemEvent(event, json.loads(arguments))
    for message, (origin,) in rows("SELECT message, origin FROM copies t"):
        found[message].origins.append(origin)
    polls = list(rows("SELECT message, choices, ends FROM polls t"))
    if polls:
        options, votes = _gathered(rows("SELECT message, text, votes FROM poll_options t")), _gathered(rows(_VOTES))
        for message, (choices, ends) in polls:
            cast = [VoteRow(*vote) for vote in votes[message]]
            found[message].poll = PollRow(
                tuple(
                    OptionRow(text, sum(vote.option == number for vote in cast) if counted is None else counted)
                    for number, (text, counted) in enumerate(options[message])
                ),
                tuple(cast),
                choices,
                ends,
            )


def _gathered(rows: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    gathered: dict[int, list[Any]] = defaultdict(list)
    for message, values in rows:
        gathered[message].append(values)
    return gathered
