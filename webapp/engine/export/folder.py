"""Where an export goes, and names that are safe in every file system."""

import re
import unicodedata
from typing import Protocol

from webapp.engine.ports import Sink

LONGEST_NAME = 80
"""Characters of a file's name, its ending included."""

_UNSAFE = re.compile(r'[<>:"/\\|?*%#&\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", re.IGNORECASE)
# What a browser would run when somebody clicks on the file.
_ACTIVE = re.compile(r"\.(x?html?|xht|shtml|svgz?|xml|xslt?|mht(ml)?|m?js|hta|pdf\.html)\Z", re.IGNORECASE)


class Folder(Protocol):
    """A folder in the making. Files are written one after another, never two at a time."""

    async def open(self, path: str) -> Sink:
        """A new file; `path` is relative, with `/`. Raises DiskFull."""
        ...

    async def close(self) -> None:
        """The last file is complete."""
        ...


def safe_name(text: str) -> str:
    """A name without what file systems or addresses forbid, and without marks that turn or hide it."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFC", text)
        if unicodedata.category(letter) not in ("Cf", "Cs", "Co")
    )
    plain = _UNSAFE.sub("_", plain).strip(" .") or "_"
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    if len(plain) <= LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 8:
        return plain[:LONGEST_NAME].strip(" .")
    return stem[: LONGEST_NAME - len(ending) - 1].strip(" .") + "." + ending


def media_name(id: int, name: str) -> str:
    """A medium's file: unique by its id. Pages and scripts are stored as text, so that a click never runs them."""
    safe = safe_name(f"{id}-{name}")
    return f"{safe}.txt" if _ACTIVE.search(safe) else safe
