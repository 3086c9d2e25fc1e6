"""The 64-digit key as people see it: shown in 16 groups of 4, typed in any way, wrong in exactly nameable ways."""

import re

from .crypto.keys import KEY_BYTES, BackupKey
from .crypto.secret import Secret
from .errors import KeyBadLetter, KeyOfAnotherSafe, KeyWrongLength

DIGITS = 2 * KEY_BYTES
GROUP = 4
FILE_MARK = "Coffer key"
_IGNORED = re.compile(r"[\s\-\u2010-\u2015\u2212\u00ad\u200b-\u200f\u2060\ufeff]+")
_SAVED_GROUPS = re.compile(r"(?:[0-9a-f]{4}[ \t\r\n]+){15}[0-9a-f]{4}(?![0-9a-f])", re.IGNORECASE)


def format_digits(key: BackupKey) -> str:
    """K → 64 hex digits in 16 groups of 4, separated by single spaces."""
    digits = key.secret.expose().hex()
    return " ".join(digits[start : start + GROUP] for start in range(0, DIGITS, GROUP))


def parse_digits(text: str) -> BackupKey:
    """Typed or pasted text, or a saved key file's whole text → K.

    Any case; spaces, dashes, line breaks and invisible marks are ignored. Raises KeyBadLetter {position, letter} and
    KeyWrongLength {expected, got}; positions are counted from 1 among the digits.
    """
    if FILE_MARK in text and (saved := _SAVED_GROUPS.search(text)):
        text = saved.group()
    digits = _IGNORED.sub("", text)
    for position, letter in enumerate(digits, start=1):
        if letter not in "0123456789abcdefABCDEF":
            raise KeyBadLetter(
                f"Character {position} of the key is “{letter}”, which no key contains.",
                data={"position": position, "letter": letter},
            )
    if len(digits) != DIGITS:
        raise KeyWrongLength(
            f"A key has {DIGITS} digits; this has {len(digits)}.", data={"expected": DIGITS, "got": len(digits)}
        )
    return BackupKey(Secret(bytes.fromhex(digits)))


def require_key_of_safe(key: BackupKey, key_check: bytes) -> None:
    """Raises KeyOfAnotherSafe unless K has the safe's key-check: known at once, before any download."""
    if key.key_check != key_check:
        raise KeyOfAnotherSafe


def key_file(key: BackupKey, *, site: str, date: str) -> tuple[str, str]:
    """(file name, text) of the saved key. `site` and `date` only tell the person which key this is."""
    groups = format_digits(key).split(" ")
    lines = "\n".join(" ".join(groups[row : row + 4]) for row in range(0, len(groups), 4))
    text = (
        f"{FILE_MARK}\n{site}, made {date}\n\n{lines}\n\n"
        "Whoever has these 64 digits and your backup can read your chats. Keep them where only you can find them.\n"
    )
    return f"coffer-key-{date}.txt", text
