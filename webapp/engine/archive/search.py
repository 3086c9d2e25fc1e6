"""Searching an archive: newest hits first, with what to highlight."""

import re
import sqlite3
from dataclasses import dataclass

from webapp.engine.archive.connection import attach_search
from webapp.engine.archive.queries import MESSAGE_QUERY, message_row
from webapp.engine.archive.rows import MessageRow
from webapp.engine.archive.words import Word, words_of

_QUOTED = re.compile(r'"([^"]*)"|(\S+)')
_LONGEST_QUERY = 400
_NO_END = 1 << 62
_MATCHES = " FROM search.words JOIN search.positions p ON p.position = words.rowid WHERE words MATCH ?"
_MATCHES_OF_CHAT = (
    " FROM search.words JOIN search.positions p ON p.position = words.rowid"
    " JOIN messages m ON m.id = p.message WHERE words MATCH ? AND m.chat = CAST(? AS INTEGER)"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that matches. `ranges` are half-open ranges of code points in its text; none where only the name of
    its file matches."""

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
    """Hits, newest first. `older` continues the search, None at its end; `total` counts all matches."""

    hits: tuple[Hit, ...]
    older: int | None
    total: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Words that must stand side by side; the last may be the beginning of a longer one."""

    words: tuple[str, ...]
    prefix: bool


class Search:
    """Search over an archive and its index (bytes or a path). Raises ArchiveUnreadable."""

    def __init__(self, archive: sqlite3.Connection, index: bytes | str) -> None:
        self._connection = archive
        attach_search(archive, index)

    def find(self, query: str, *, chat: int | None = None, before: int | None = None, limit: int = 50) -> HitPage:
        """Messages with every word of the query; "in quotes" side by side; the last word may be unfinished.

        `before` is the `older` of an earlier page.
        """
        groups = _groups(query[:_LONGEST_QUERY])
        if not groups:
            return HitPage((), None, 0)
        matches, parameters = _MATCHES, [_match_expression(groups)]
        if chat is not None:
            matches, parameters = _MATCHES_OF_CHAT, [*parameters, str(chat)]
        total = int(self._connection.execute("SELECT count(*)" + matches, parameters).fetchone()[0])
        places = self._connection.execute(
            "SELECT words.rowid, p.message" + matches + " AND words.rowid < ? ORDER BY words.rowid DESC LIMIT ?",
            (*parameters, _NO_END if before is None else before, limit + 1),
        ).fetchall()
        hits = tuple(self._hit(message, groups) for _, message in places[:limit])
        return HitPage(hits, places[limit - 1][0] if len(places) > limit else None, total)

    def _hit(self, message: int, groups: list[_Group]) -> Hit:
        row = self._connection.execute(f"{MESSAGE_QUERY} WHERE m.id = ?", (message,)).fetchone()
        found = message_row(row)
        return Hit(found, _ranges(words_of(found.text), groups))


def _groups(query: str) -> list[_Group]:
    groups: list[_Group] = []
    last_open = bool(query) and not query[-1].isspace() and not query.endswith('"')
    for match in _QUOTED.finditer(query):
        words = tuple(word.folded for word in words_of(match[1] if match[1] is not None else match[2]))
        if words:
            groups.append(_Group(words, last_open and match.end() == len(query)))
    return groups


def _match_expression(groups: list[_Group]) -> str:
    """FTS5's own syntax. Words hold letters, digits and marks only, so nothing in them can be an operator."""
    return " AND ".join('"' + " ".join(group.words) + '"' + (" *" if group.prefix else "") for group in groups)


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
