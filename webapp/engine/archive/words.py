"""How texts become words to search for, in every script.

SQLite's `unicode61` tokenizer splits at spaces and punctuation, which finds words in most languages; Chinese, Japanese,
Thai, Lao, Khmer and Burmese write without spaces, so each of their letters is made a word of its own and a query of
several letters a phrase. That finds queries of one and two letters, which are the usual ones there and which a trigram
index cannot find at all, in an index about a third of the size. The price: in other scripts only beginnings of words
are found, not their middles. Emoji are words too.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

# Combining marks of these scripts, the emoji variation selector, Arabic vowel signs and tatweel, Hebrew points.
_DROPPED = dict.fromkeys(
    [
        *range(0x0300, 0x0370),
        *range(0x0591, 0x05C8),
        0x0640,
        *range(0x064B, 0x0660),
        0x0670,
        *range(0xFE00, 0xFE10),
        *range(0x1F3FB, 0x1F400),
    ]
)
_ALIKE = {ord("أ"): "ا", ord("إ"): "ا", ord("آ"): "ا", ord("ى"): "ي", ord("ة"): "ه", ord("ё"): "е"}
_FOLDED = {**_DROPPED, **_ALIKE}
# A letter of a script without spaces with the marks that belong to it, or an emoji.
_ALONE = (
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|[\u0e01-\u0e30\u0e32\u0e33\u0e3f-\u0e46][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*"
    r"|[\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6][\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd]*"
    r"|[\u1780-\u17b3][\u17b4-\u17d3\u17dd]*"
    r"|[\u1000-\u102a\u103f-\u1055][\u102b-\u103e\u1056-\u1059]*"
    r"|[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
)
_APART = re.compile(_ALONE)


class Word(NamedTuple):
    """A word of a text: half-open range of code points, and its folded form."""

    start: int
    end: int
    folded: str


def folded(text: str) -> str:
    """What two spellings that should find each other have in common: no accents, vowel signs or case, one width."""
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", text).casefold().translate(_FOLDED))


def indexed(text: str) -> str:
    """A text as it goes into the index. `unicode61` itself lowers ASCII letters."""
    if text.isascii():
        return text
    return _APART.sub(r" \g<0> ", folded(text))


@cache
def _word_pattern() -> re.Pattern[str]:
    """Words as `unicode61` with our categories sees them: letters, digits and the marks that belong to them."""
    marks = "".join(chr(code) for code in range(0x300, 0x1E000) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
    return re.compile(rf"{_ALONE}|(?:(?!{_ALONE})(?:[^\W_]|[{re.escape(marks)}]))+")


def words_of(text: str) -> list[Word]:
    """The words of a text, with their places in it."""
    return [
        Word(match.start(), match.end(), word) for match in _word_pattern().finditer(text) if (word := folded(match[0]))
    ]
