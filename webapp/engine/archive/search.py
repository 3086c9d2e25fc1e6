"""Searching an archive: newest hits first, with what to highlight."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from webapp.engine.archive.connection import attach_search, to_bytes
from webapp.engine.archive.queries import MESSAGE_QUERY, message_row
from webapp.engine.archive.rows import MessageRow
from webapp.engine.archive.schema import SEARCH_VERSION
from webapp.engine.archive.search_index import build_search_index, scope_word
from webapp.engine.archive.words import Word, indexed, words_of
from webapp.engine.ports import Reporter

COUNTED = 1000
"""Matches are counted up to here: beyond, a person reads "more than 1,000"."""

_QUOTED = re.compile(r'"([^"]*)"|(\S+)')
_LONGEST_QUERY = 400
_NO_END = 1 << 62
_MATCHES = (
    "SELECT words.rowid FROM search.words WHERE words MATCH ? AND words.rowid < ? AND words.rowid >= ?"
    " ORDER BY words.rowid DESC LIMIT ?"
)
_BETWEEN = "SELECT position FROM search.positions WHERE position < ? AND position >= ? ORDER BY position DESC LIMIT ?"
_MESSAGES_AT = "SELECT message FROM search.positions WHERE position IN"
_TIME_AT = "SELECT m.timestamp FROM search.positions p JOIN messages m ON m.id = p.message WHERE p.position = ?"


@dataclass(frozen=True, slots=True)
class Filter:
    """Narrows a search; every part that is set must hold. `chats`, `senders` (participants) and `kinds`: any of these.
    `since` and `until`: half-open range of time in milliseconds."""

    chats: Sequence[int] = ()
    senders: Sequence[int] = ()
    kinds: Sequence[str] = ()
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that matches. `ranges` are half-open ranges of code points in its text; none where only what stands
    beside it matches, such as the name of its file."""

    message: MessageRow
    ranges: tuple[tuple[int, int], ...]

    @property
    def fragments(self) -> tuple[tuple[str, bool], ...]:
        """The text cut at the ranges: (piece, whether it is to be highlighted). Free of any unit of length."""
        pieces: list[tuple[str, bool]] = []
        position = 0
        for start, end in self.ranges:
            pieces += [(self.message.text[position:start], False), (self.message.text[start:end], True)]
            position = end
        pieces.append((self.message.text[position:], False))
        return tuple(piece for piece in pieces if piece[0])


@dataclass(frozen=True, slots=True)
class HitPage:
    """Hits, newest first. `older` continues the search, None at its end; `total` counts the matches from this page on,
    `more` is True where there are more than that."""

    hits: tuple[Hit, ...]
    older: int | None
    total: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Group:
    """Words that must stand side by side; the last may be the beginning of a longer one."""

    words: tuple[str, ...]
    prefix: bool


class Search:
    """Search over an archive and its index (bytes or a path); without one it is made now, and `report` told.

    Raises ArchiveUnreadable, Cancelled.
    """

    def __init__(self, archive: sqlite3.Connection, index: bytes | str | None, report: Reporter | None = None) -> None:
        self._connection = archive
        if index is not None:
            if attach_search(archive, index) == SEARCH_VERSION:
                return
            # Of an older edition: the archive has all that is needed for a new one.
            archive.execute("DETACH search")
        with closing(sqlite3.connect(":memory:")) as made:
            attach_search(archive, to_bytes(build_search_index(archive, made, report)))

    def find(self, query: str, narrowed: Filter = Filter(), *, before: int | None = None, limit: int = 50) -> HitPage:
        """Messages with every word of the query; "in quotes" side by side; the last word may be unfinished. An empty
        query finds all that the filter lets through, if it narrows anything.

        `before` is the `older` of an earlier page.
        """
        groups = _groups(query[:_LONGEST_QUERY])
        wanted = [f"text : ({_match_expression(groups)})"] if groups else []
        wanted += _scopes(narrowed)
        if not wanted and narrowed.since is None and narrowed.until is None:
            return HitPage((), None, 0)
        first = 0 if narrowed.since is None else self._position(narrowed.since)
        end = _NO_END if narrowed.until is None else self._position(narrowed.until)
        if before is not None:
            end = min(end, before)
        most = max(COUNTED, limit) + 1
        if wanted:
            rows = self._connection.execute(_MATCHES, (" AND ".join(wanted), end, first, most))
        else:
            rows = self._connection.execute(_BETWEEN, (end, first, most))
        places = [place for (place,) in rows]
        shown = places[:limit]
        older = shown[-1] if len(places) > len(shown) else None
        return HitPage(self._hits(shown, groups), older, min(len(places), COUNTED), len(places) > COUNTED)

    def _position(self, timestamp: int) -> int:
        """The first position whose message is not earlier: positions rise with time, so halving finds it."""
        low, high = (
            1,
            int(self._connection.execute("SELECT coalesce(max(position), 0) + 1 FROM search.positions").fetchone()[0]),
        )
        while low < high:
            middle = (low + high) // 2
            if self._connection.execute(_TIME_AT, (middle,)).fetchone()[0] < timestamp:
                low = middle + 1
            else:
                high = middle
        return low

    def _hits(self, places: Sequence[int], groups: list[_Group]) -> tuple[Hit, ...]:
        marks = ",".join("?" * len(places))
        # Two steps: as one statement, older SQLite reads all messages for it.
        ids = [id for (id,) in self._connection.execute(f"{_MESSAGES_AT} ({marks}) ORDER BY position DESC", places)]
        rows = self._connection.execute(f"{MESSAGE_QUERY} WHERE m.id IN ({marks})", ids)
        found = {message.id: message for message in map(message_row, rows)}
        return tuple(Hit(found[id], _ranges(words_of(found[id].text), groups)) for id in ids)


def _groups(query: str) -> list[_Group]:
    groups: list[_Group] = []
    last_open = bool(query) and not query[-1].isspace() and not query.endswith('"')
    for match in _QUOTED.finditer(query):
        # Cut as the index was cut.
        words = tuple(word.folded for word in words_of(indexed(match[1] if match[1] is not None else match[2])))
        if words:
            groups.append(_Group(words, last_open and match.end() == len(query)))
    return groups


def _match_expression(groups: list[_Group]) -> str:
    """FTS5's own syntax. Words hold letters, digits and marks only, so nothing in them can be an operator."""
    return " AND ".join('"' + " ".join(group.words) + '"' + (" *" if group.prefix else "") for group in groups)


def _scopes(narrowed: Filter) -> list[str]:
    parts = (("c", narrowed.chats), ("p", narrowed.senders), ("k", narrowed.kinds))
    return [
        "scope : (" + " OR ".join(f'"{scope_word(what, value)}"' for value in values) + ")"
        for what, values in parts
        if values
    ]


def _ranges(words: list[Word], groups: list[_Group]) -> tuple[tuple[int, int], ...]:
    marked: list[tuple[int, int]] = []
    for group in groups:
        length = len(group.words)
        for index in range(len(words) - length + 1):
            stretch = words[index : index + length]
            whole = all(word.folded == wanted for word, wanted in zip(stretch[:-1], group.words, strict=False))
            last, wanted = stretch[-1].folded, group.words[-1]
            if whole and (last == wanted or (group.prefix and last.startswith(wanted))):
                marked.append((stretch[0].start, stretch[-1].end))
    return _merged(sorted(marked))


def _merged(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
