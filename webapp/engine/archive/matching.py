"""Which messages of two backups of one chat are the same. Pure: rows in, pairs out.

The rule (decision 0017). Two messages are the same where
1. both have a key of the source, and the keys are equal; messages whose keys differ are never the same;
2. or at least one has no key, and what they say is equal (text; without one, the name of the medium, or kind and
   sender's name) at the same time. Times are compared in the coarser of both precisions (text exports of Android know
   minutes only), after the difference between a phone's wall clock and UTC is made up for.

Of several that are alike each is paired with one at most: a message that exists once is never dropped.
"""

import unicodedata
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

_MINUTE = 60_000
_QUARTER = 15 * _MINUTE
_WIDEST = 26 * 60 * _MINUTE
"""Zones lie between -12 and +14 hours."""

_TELLING = 8
"""Characters from which on a text that stands once in both backups tells something about their clocks."""

_MARKS = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_MEDIA = frozenset(("image", "video", "voice", "document", "sticker"))
_ANY = "any\0"
_LIKE = {"gif": "video", "audio": "voice", "live_location": "location", "event": "text"}


class Told(NamedTuple):
    """A message as far as comparing needs it. `sender` is a name, `medium` a file's name."""

    id: int
    timestamp: int
    kind: str
    detail: str
    text: str
    sender: str
    medium: str
    key: str


@dataclass(frozen=True, slots=True)
class Shift:
    """What to add to a time of ours to get theirs, by our time: differences at the times where they were seen."""

    times: tuple[int, ...]
    shifts: tuple[int, ...]

    def at(self, timestamp: int) -> int:
        if not self.times:
            return 0
        place = bisect(self.times, timestamp)
        if place == len(self.times) or (
            place > 0 and timestamp - self.times[place - 1] <= self.times[place] - timestamp
        ):
            place -= 1
        return self.shifts[place]

    def possible(self) -> list[int]:
        return sorted(set(self.shifts)) or [0]


def precision_of(timestamps: Sequence[int]) -> int:
    """1, 1000 or 60,000 milliseconds: the coarsest that all of them keep to."""
    for unit in (_MINUTE, 1000):
        if all(timestamp % unit == 0 for timestamp in timestamps):
            return unit
    return 1


def shift_between(ours: Sequence[Told], theirs: Sequence[Told], unit: int) -> Shift:
    """The difference of the clocks, from texts that stand exactly once in both. Summer time changes it.

    `unit`: the coarser precision. Only quarters of an hour are believed, and only those that more than one text in
    twenty tells.
    """
    first, second = _single(ours), _single(theirs)
    seen = sorted(
        (mine.timestamp, difference)
        for words, mine in first.items()
        if (other := second.get(words)) is not None
        and abs(difference := _floor(other.timestamp, unit) - _floor(mine.timestamp, unit)) <= _WIDEST
        and difference % _QUARTER == 0
    )
    votes = Counter(difference for _, difference in seen)
    kept = [(time, difference) for time, difference in seen if votes[difference] * 20 > len(seen)]
    return Shift(tuple(time for time, _ in kept), tuple(difference for _, difference in kept))


def pairs_of(ours: Sequence[Told], theirs: Sequence[Told], shift: Shift, unit: int) -> list[tuple[int, int]]:
    """(id of ours, id of theirs) of messages that are the same; each at most once."""
    found: list[tuple[int, int]] = []
    by_key = {message.key: message.id for message in ours if message.key}
    paired_ours: set[int] = set()
    left: list[Told] = []
    for message in theirs:
        same = by_key.get(message.key) if message.key else None
        if same is None or same in paired_ours:
            left.append(message)
        else:
            paired_ours.add(same)
            found.append((same, message.id))
    waiting: dict[tuple[str, int], list[Told]] = defaultdict(list)
    for message in ours:
        if message.id not in paired_ours:
            place = _floor(message.timestamp + shift.at(message.timestamp), unit)
            for words in said(message):
                waiting[(words, place)].append(message)
    taken: set[int] = set()
    for message in left:
        place = _floor(message.timestamp, unit)
        for words in said(message):
            same_place = waiting.get((words, place), ())
            match = next(
                (
                    one
                    for one in same_place
                    if one.id not in taken
                    and not (one.key and message.key)
                    and (not words.startswith(_ANY) or _blank(one) or _blank(message))
                ),
                None,
            )
            if match is not None:
                taken.add(match.id)
                found.append((match.id, message.id))
                break
    return found


def said(message: Told) -> list[str]:
    """What a message says, in the ways by which it may be recognised; strongest first."""
    words = plain(message.text)
    kind = _LIKE.get(message.kind, message.kind)
    if message.kind == "omitted" and message.detail:
        kind = _LIKE.get(message.detail, message.detail)
    ways: list[str] = []
    if message.medium:
        ways.append(f"file\0{message.medium}")
    if words:
        ways.append(f"text\0{words}")
    if message.sender and message.kind not in ("system", "unknown"):
        sender = plain(message.sender).casefold()
        if not words and not _blank(message):
            ways.append(f"kind\0{kind}\0{sender}")
        # With a caption too: an export without media may leave the caption out with the medium.
        if kind in _MEDIA or message.kind == "omitted":
            ways.append(f"{_ANY}{sender}")
    return ways


def _blank(message: Told) -> bool:
    """A medium of which an export tells only that there was one."""
    return message.kind == "omitted" and not message.detail and not plain(message.text)


def plain(text: str) -> str:
    """A text without what exports add or lose: marks of direction, spaces at the ends, forms of letters."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text.translate(_MARKS)).replace("\u202f", " ").replace("\xa0", " ").strip()


def overlap(ours: Sequence[Told], theirs: Sequence[Told]) -> bool:
    """Were both written in the same time, give or take the zones?"""
    if not ours or not theirs:
        return False
    first, second = ([message.timestamp for message in side] for side in (ours, theirs))
    return min(first) - _WIDEST <= max(second) and min(second) - _WIDEST <= max(first)


def _single(messages: Sequence[Told]) -> dict[str, Told]:
    counted = Counter(words for message in messages if len(words := plain(message.text)) >= _TELLING)
    return {words: message for message in messages if counted.get(words := plain(message.text)) == 1}


def _floor(timestamp: int, unit: int) -> int:
    return timestamp - timestamp % unit
