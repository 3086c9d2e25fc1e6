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
_DROPPED = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]+")
_ALIKE = {ord("أ"): "ا", ord("إ"): "ا", ord("آ"): "ا", ord("ى"): "ي", ord("ة"): "ه", ord("ё"): "е"}
_HAS_ALIKE = re.compile("[أإآىةё]")
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
# Parts of Korean letters, which normal form C joins.
_JAMO = range(0x1100, 0x1200)
# The same letters and their marks, as one class: a run of them is cut at once.
_RUN = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    r"\u0e01-\u0e4e\u0e81-\u0ecd\u1000-\u103f\u1050-\u1059\u1780-\u17dd\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]+"
)
# Beside letters and numbers, as the index's tokenizer is told.
_OF_WORDS = ("Co", "Mn", "Mc", "So")
_MARKED = re.compile(r"[\u0e31\u0e34-\u0e4e\u0eb1\u0eb4-\u0ecd\u102b-\u103e\u1056-\u1059\u17b4-\u17dd]")


class Word(NamedTuple):
    """A word of a text: half-open range of code points, and its folded form."""

    start: int
    end: int
    folded: str


def folded(text: str) -> str:
    """What two spellings that should find each other have in common: no accents, vowel signs or case, one width."""
    if text.isascii():
        return text.casefold()
    text = _DROPPED.sub("", unicodedata.normalize("NFKD", text).casefold())
    if _HAS_ALIKE.search(text):
        text = text.translate(_ALIKE)
    text = unicodedata.normalize("NFC", text)
    # Thai and Lao "am" is one letter to whoever types it; only the compatibility form takes it apart.
    return text.replace("\u0e4d\u0e32", "\u0e33").replace("\u0ecd\u0eb2", "\u0eb3")


def indexed(text: str) -> str:
    """A text as it goes into the index. `unicode61` itself lowers ASCII letters."""
    if text.isascii():
        return text
    if _folding().search(text):
        text = folded(text)
    return _RUN.sub(_cut, text)


def _cut(run: re.Match[str]) -> str:
    letters = run[0]
    return _APART.sub(r" \g<0> ", letters) if _MARKED.search(letters) else f" {' '.join(letters)} "


@cache
def _folding() -> re.Pattern[str]:
    """Letters that `folded` may change, alone or by joining the one before. Most texts have none, and looking is ten
    times quicker than folding."""
    codes = (*range(0x80, 0xD800), *range(0xE000, 0x10000))
    pairs = (unicodedata.decomposition(chr(code)).split() for code in codes)
    joining = {pair[1] for pair in pairs if len(pair) == 2 and not pair[0].startswith("<")}
    changed = [
        code
        for code in codes
        if (_matters(chr(code)) and folded(chr(code)) != chr(code)) or code in _JAMO or f"{code:04X}" in joining
    ]
    ranges: list[list[int]] = []
    for code in changed:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    letters = "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
    # Beyond the first plane a few ranges do: letters of mathematics, signs, tones of skin, old ideographs.
    beyond = "\U00010000-\U0001efff\U0001f100-\U0001f2ff\U0001f3fb-\U0001f3ff\U0002f800-\U0002fa1f"
    misordered = "[\u0e48-\u0e4b][\u0e38-\u0e3a]|[\u0ec8-\u0ecb][\u0eb8-\u0eba]"
    return re.compile(f"[{letters}{beyond}]|{misordered}")


def _matters(letter: str) -> bool:
    """Whether any of it stands in a word, before or after folding: an ellipsis and three dots are both no word."""
    return any(
        unicodedata.category(one)[0] in "LN" or unicodedata.category(one) in _OF_WORDS
        for one in letter + folded(letter)
    )


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
