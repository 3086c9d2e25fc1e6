"""What kind of message a body is: known words first, then the shape of the line, so that unknown languages work too."""

import re
import unicodedata
from collections.abc import Set
from typing import NamedTuple

from webapp.engine.readers.events import Kind
from webapp.engine.readers.whatsapp_text.stamp import MARKS
from webapp.engine.readers.whatsapp_text.words_of_body import (
    ATTACHED,
    CALLS,
    DELETED,
    EDITED,
    LIVE_LOCATION,
    OMITTED,
    SYSTEM,
)

_BLANK = MARKS + " \u00a0\u202f"
_DIRECTIONS = "\u200e\u200f"
_WITHOUT_MARKS = {ord(mark): None for mark in MARKS}
_ANDROID_NAME = re.compile(r"[A-Z]{3}-\d{8}-WA\d{4}")
_IOS_NAME = re.compile(r"\d{8}-")
_ENDING = re.compile(r"\.\w{1,8}\Z")
_OMITTED_SHAPE = re.compile(r"<[^<>:/=\d\n]{5,60}>")
_EDITED_SHAPE = re.compile(r"[\u200e\u200f]<[^<>:\n]{5,60}>\Z")
_PLACE = re.compile(
    r"(?:[^:\n]{0,40}: ?)?https://maps\.google\.com/\?q=(-?\d{1,3}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)"
)
_VOTES = re.compile(r"\([^()\n]{0,12}\d[^()\n]{0,20}\)\Z")
_LONGEST_MARKER = 96
_SURE_PREFIX = 24
"""Characters: a shorter beginning is only believed where the app has marked the line as its own."""


class Body(NamedTuple):
    """A classified body. `text` is what a person wrote or may read; `attachment` the name of a file, `title` what the
    chat shows beside it; `detail` as in `events.Message`."""

    kind: Kind
    text: str
    detail: str = ""
    attachment: str = ""
    title: str = ""
    edited: bool = False
    latitude: float | None = None
    longitude: float | None = None


def key_of(text: str) -> str:
    """How the word tables compare: in normal form C, without marks, outer spaces and a final full stop, casefolded."""
    return _lowered(text).strip(_BLANK).rstrip(".")


def _lowered(text: str) -> str:
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFC", text.translate(_WITHOUT_MARKS)).casefold()


_CALLS = tuple(map(_lowered, CALLS))
_PREFIXES = (*_CALLS, *map(_lowered, SYSTEM))
_OMITTED = {key_of(words): kind for words, kind in OMITTED.items()}
_DELETED = {key_of(words): by for words, by in DELETED.items()}
_ATTACHED = frozenset(map(key_of, ATTACHED))
_LIVE = frozenset(map(key_of, LIVE_LOCATION))
_WORDS = frozenset(_OMITTED) | frozenset(_DELETED) | _LIVE | {"null"}
_HEADS = frozenset(words[:3] for words in (*_PREFIXES, *_WORDS))
_WORDS_BY_HEAD = {head: tuple(words for words in (*_PREFIXES, *_WORDS) if words.startswith(head)) for head in _HEADS}
_LONGEST_WORDS = 200
_BY_HEAD: dict[str, list[tuple[str, Kind]]] = {}
for _prefix in _PREFIXES:
    _BY_HEAD.setdefault(_prefix[:3], []).append((_prefix, Kind.CALL if _prefix in _CALLS else Kind.SYSTEM))
ENDS = frozenset((">", ")"))
"""A text that ends with one of them may be a marker."""

_ADMIN_DELETED = "this message was deleted by admin"


_MOST_STARTS = 1 << 16


def is_special(text: str) -> bool:
    """Whether it has what no plain text has, wherever it stands: also asked of many texts at once."""
    return "://" in text or (not text.isascii() and any(mark in text for mark in "\u200e\u200f\ufffd"))


class PlainStarts(dict[str, bool]):
    """The first three characters of a text of one line → whether it is plain, as `classify` says by None, given that
    it is not special and that its end is not in ENDS."""

    def __missing__(self, start: str) -> bool:
        plain = bool(start) and start.casefold() not in _HEADS and start[0] not in MARKS
        if len(self) < _MOST_STARTS:
            self[start] = plain
        return plain


def is_no_line_of_app(body: str) -> bool:
    """A second look at such a text that is not sure to be plain by its start: “you” begins many a message, and few of
    them go on “… deleted this message”."""
    key = _lowered(body[:_LONGEST_WORDS])
    return key[:3] in _WORDS_BY_HEAD and body[-1] not in _BLANK and not key.startswith(_WORDS_BY_HEAD[key[:3]])


def classify(body: str, bracketed: bool, marked: bool, known_files: Set[str]) -> Body | None:
    """A message's text (all lines, after `Sender: `) → its kind and parts; None for plain text, as nearly all is.

    `bracketed`: an iOS header; `marked`: a direction mark before it; `known_files`: names of the files at hand.
    """
    if (
        body[:3].casefold() not in _HEADS
        and body[-1:] not in ENDS
        and not marked
        and "://" not in body
        and "\u200e" not in body
        and "\u200f" not in body
        and body[:1] not in MARKS
    ):
        # Nothing of the app's own in sight; a first line that ends like a marker is the last thing to rule out.
        if "\n" not in body:
            return None
        first = body.partition("\n")[0]
        if first[-1:] not in ENDS and not first.endswith(":"):
            return None
    edited = False
    stripped = body.strip(MARKS)
    if stripped.endswith(">"):
        body, edited = _without_edited(body.rstrip(MARKS))
    found = _classify(body, bracketed, marked, known_files)
    return found._replace(edited=True) if edited else found


def _classify(body: str, bracketed: bool, marked: bool, known_files: Set[str]) -> Body:
    app_written = bracketed and body[:1] != "" and body[0] in _DIRECTIONS
    clean = body.strip(_BLANK)
    if not clean:
        return Body(Kind.OMITTED, "")
    attached = _attached_ios(clean, known_files) if clean.endswith(">") else None
    first, _, more = clean.partition("\n")
    first = first.rstrip(_BLANK)
    if attached is None and first.endswith(")"):
        attached = _attached_android(first, more, known_files)
    if attached is not None:
        return attached
    key = key_of(first) if len(first) <= _LONGEST_MARKER else ""
    if key in _OMITTED:
        return Body(Kind.OMITTED, more, _OMITTED[key] or "")
    if key in _DELETED and not more:
        return Body(Kind.DELETED, clean, _DELETED[key])
    if key == "null" and not bracketed and not more:
        return Body(Kind.OMITTED, "", "view_once")
    omitted = _omitted_after_mark(body, marked)
    if omitted is not None:
        return omitted
    if not bracketed and _OMITTED_SHAPE.fullmatch(first) and (" " in first or not first.isascii()):
        return Body(Kind.OMITTED, more)
    place = _place(clean)
    if place is not None:
        return place
    if key in _LIVE:
        return Body(Kind.LOCATION, clean, "live")
    if _is_poll(clean):
        return Body(Kind.POLL, clean.translate(_WITHOUT_MARKS))
    written = _written_by_app(clean, app_written)
    if written is not None:
        return written
    return Body(Kind.SYSTEM if app_written else Kind.TEXT, clean)


def _without_edited(body: str) -> tuple[str, bool]:
    for words in EDITED:
        if body.endswith(words):
            return body[: -len(words)].rstrip(_BLANK), True
    match = _EDITED_SHAPE.search(body, max(0, len(body) - 64))
    if match and match.start() > 0 and body[: match.start()].strip(_BLANK):
        return body[: match.start()].rstrip(_BLANK), True
    return body, False


def _attached_ios(clean: str, known_files: Set[str]) -> Body | None:
    start = clean.rfind("<")
    word, colon, name = clean[start + 1 : -1].replace("：", ":").partition(":")
    word, name = key_of(word), name.strip(_BLANK)
    if not colon or not name or len(name) > 255 or "\n" in name:
        return None
    if word not in _ATTACHED and name not in known_files and not _IOS_NAME.match(name):
        return None
    before = clean[:start].translate(_WITHOUT_MARKS).strip(_BLANK + "\n")
    shown = _IOS_NAME.sub("", name, count=1)
    if before.startswith(shown):
        return Body(Kind.DOCUMENT, "", attachment=name, title=before)
    return Body(Kind.DOCUMENT, before, attachment=name)


def _attached_android(first: str, more: str, known_files: Set[str]) -> Body | None:
    start = first.rfind(" (")
    if start < 1:
        return None
    name, words = first[:start].strip(_BLANK), key_of(first[start + 2 : -1])
    if len(name) > 255 or not _ENDING.search(name):
        return None
    if words not in _ATTACHED and name not in known_files and not _ANDROID_NAME.match(name):
        return None
    return Body(Kind.DOCUMENT, more, attachment=name)


def _omitted_after_mark(body: str, marked: bool) -> Body | None:
    """iOS ends a caption or a document's name with a mark and the words; before such messages the header is marked."""
    start = max(body.rfind(mark) for mark in _DIRECTIONS)
    if start < 0:
        return None
    tail = body[start + 1 :]
    key = key_of(tail)
    if key in _DELETED:
        return None
    if key in _OMITTED or (marked and len(key) <= _LONGEST_MARKER and "\n" not in tail):
        text = body[:start].translate(_WITHOUT_MARKS).strip(_BLANK)
        return Body(Kind.OMITTED, text, _OMITTED.get(key) or "")
    return None


def _place(clean: str) -> Body | None:
    if "://" not in clean:
        return None
    match = _PLACE.fullmatch(clean)
    if match:
        return Body(Kind.LOCATION, clean, latitude=float(match[1]), longitude=float(match[2]))
    if "https://foursquare.com/v/" in clean:
        return Body(Kind.LOCATION, clean, "place")
    return None


def _is_poll(clean: str) -> bool:
    """A line of capitals with a colon, and below it at least two options that end with a count of votes."""
    lines = clean.translate(_WITHOUT_MARKS).split("\n", 40)
    if len(lines) < 3 or not lines[0].rstrip().endswith(":") or len(lines[0]) > 30:
        return False
    return sum(":" in line and bool(_VOTES.search(line.rstrip(), max(0, len(line) - 48))) for line in lines[1:]) >= 2


def _written_by_app(clean: str, app_written: bool) -> Body | None:
    key = _lowered(clean[:_LONGEST_WORDS])
    if key.startswith(_ADMIN_DELETED):
        return Body(Kind.DELETED, clean, "other")
    for prefix, kind in _BY_HEAD.get(key[:3], ()):
        if not key.startswith(prefix):
            continue
        if kind is Kind.CALL and (app_written or key[len(prefix) :][:1] in ("", ".", ",", "،")):
            line = clean.translate(_WITHOUT_MARKS)
            return Body(kind, line, line)
        if kind is Kind.SYSTEM and (app_written or len(prefix) >= _SURE_PREFIX):
            return Body(kind, clean.translate(_WITHOUT_MARKS))
    return None
