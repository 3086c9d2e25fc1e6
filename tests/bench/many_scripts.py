"""A million made-up messages in ten scripts, as frequent as in real language: few words are most of every text."""

import bisect
import random
import sqlite3
from collections.abc import Iterator
from itertools import accumulate

from webapp.engine.archive import begin, finish

SENTENCES = 40_000
"""Texts of each script; messages draw from them."""

_HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 3400)))
_KANA = "".join(map(chr, range(0x3042, 0x3094)))
# (script, share of messages, letters, letters a word, words known, joined by)
_SCRIPTS = (
    ("latin", 40, "etaoinshrdlucmfwypvbgkqjxz", (1, 11), 30_000, " "),
    ("german", 8, "enisratdhulcgmobwfkzvpüäöß", (2, 14), 30_000, " "),
    ("cyrillic", 8, "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф", (1, 12), 30_000, " "),
    ("arabic", 8, "اليمونتربعدفهسكقحجشصطخذضغثزظءئؤ", (2, 8), 20_000, " "),
    ("devanagari", 8, "कािरनेसतम्हीपलयोवदजगबुटचशधआइडखभअउघषछझठऔ", (2, 8), 15_000, " "),
    ("korean", 6, "이다는가고의에을지사하기리나어시로대자도해일정부인아보과서한", (1, 4), 20_000, " "),
    ("chinese", 9, "".join(map(chr, range(0x4E00, 0x4E00 + 2500))), (1, 3), 12_000, ""),
    (
        "japanese",
        7,
        "".join(map(chr, range(0x3042, 0x3094))) + "".join(map(chr, range(0x5B00, 0x5B00 + 900))),
        (1, 3),
        9_000,
        "",
    ),
    ("thai", 5, "นารกเงอดมยลวสทตะปบคหแจพชขใไถผซธภณฉฟฝฮ", (2, 7), 8_000, ""),
    ("emoji", 1, "😂👍🙏😍😊🎉🔥😭😅👏🤔😘🥰😁💪✅🚀", (1, 2), 200, " "),
)


def _zipf(count: int) -> list[float]:
    return list(accumulate(1 / (rank + 2.7) for rank in range(count)))


class Language:
    """Invented words of one script, and sentences of them."""

    def __init__(self, chance: random.Random, letters: str, lengths: tuple[int, int], known: int, joint: str) -> None:
        weights = _zipf(len(letters))
        words: dict[str, None] = {}
        tries = 0
        while len(words) < known and tries < 4 * known:
            tries += 1
            # Frequent words are short ones.
            longest = min(lengths[1], lengths[0] + len(words) * 12 // known + 1)
            words["".join(chance.choices(letters, cum_weights=weights, k=chance.randint(lengths[0], longest)))] = None
        self.words = list(words)
        weights = _zipf(len(self.words))
        self.sentences = [
            joint.join(chance.choices(self.words, cum_weights=weights, k=min(60, int(chance.expovariate(1 / 8)) + 1)))
            for _ in range(SENTENCES)
        ]


def languages(seed: int = 1) -> dict[str, Language]:
    """By script, frequent words first in `words`."""
    chance = random.Random(seed)
    return {name: Language(chance, *shape) for name, _, *shape in _SCRIPTS}  # type: ignore[arg-type]


def texts(messages: int, spoken: dict[str, Language], seed: int = 2) -> Iterator[str]:
    """That many texts, in the scripts' shares."""
    chance = random.Random(seed)
    shares = list(accumulate(share for _, share, *_ in _SCRIPTS))
    names = [name for name, *_ in _SCRIPTS]
    for _ in range(messages):
        name = names[bisect.bisect(shares, chance.random() * shares[-1])]
        yield chance.choice(spoken[name].sentences)


def archive_of(messages: int, spoken: dict[str, Language], chats: int = 200) -> sqlite3.Connection:
    """An archive in memory: chats of very different length (the first has a tenth), ten people each."""
    chance = random.Random(3)
    connection = begin(sqlite3.connect(":memory:"))
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO chats (id, title, app, path, floating) VALUES (?, ?, 'whatsapp', 'bench', 0)",
        [(chat, f"Chat {chat}") for chat in range(1, chats + 1)],
    )
    people = [(number, f"Person {number}") for number in range(1, chats * 10 + 1)]
    connection.executemany("INSERT INTO participants (id, name) VALUES (?, ?)", people)
    start = 1_420_070_400_000
    step = 347_000_000_000 // messages

    def rows() -> Iterator[tuple[object, ...]]:
        for number, text in enumerate(texts(messages, spoken)):
            chat = 1 if number % 10 == 0 else chance.randint(2, chats)
            kind = "image" if number % 17 == 0 else "text"
            yield number + 1, chat, start + number * step, number, kind, chat * 10 - number % 7, text, f"{number:032X}"

    connection.executemany(
        "INSERT INTO messages (id, chat, timestamp, sequence, kind, sender, text, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows(),
    )
    connection.execute("COMMIT")
    finish(connection)
    return connection
